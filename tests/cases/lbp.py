"""LBP against its twin, scikit-image and mahotas."""

import numpy as np

from featurex.features import LBP
from tests.cases.base import Case
from tests.naive import lbp as naive


def _case(points, radius, grid=1):
    def ours(image, inside):
        extractor = LBP(points=(points,), radii=(radius,), grid=grid, size=None)
        return extractor.fit_transform([image if inside is None else np.ma.masked_array(image, ~inside)])[0]

    def scikit_image(image, inside):
        from skimage.feature import local_binary_pattern

        codes = local_binary_pattern(image, points, radius, "uniform").astype(int)
        return np.sqrt(np.bincount(codes.ravel(), minlength=points + 2) / codes.size)

    def mahotas(image, inside):
        from mahotas.features import lbp

        return lbp(image, radius, points)

    return Case(
        f"lbp_p{points}_r{radius}_g{grid}",
        "lbp",
        ours,
        lambda image, inside: np.sqrt(naive.histogram(image, inside, points, radius, grid)),
        peers={"scikit-image": scikit_image, "mahotas": mahotas} if grid == 1 else {},
        comparable=("scikit-image",) if grid == 1 else (),
        masked=True,
        atol=1e-7,
        notes="mahotas counts rotation-invariant codes, not riu2: timed, not compared.",
    )


CASES = (_case(8, 1), _case(16, 2), _case(24, 3), _case(8, 2.5), _case(8, 1, grid=3))

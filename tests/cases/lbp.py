"""LBP against its twin, scikit-image and mahotas."""

import numpy as np

from featurex.features import LBP
from tests.cases.base import Case, values_of
from tests.naive import lbp as naive


def _case(points, radius, grid=1, method="uniform", mode="exact"):
    def twin(image, inside):
        tolerance = image.max() * 2.0**-20 if mode == "fast" else 0.0
        return np.sqrt(naive.histogram(image, inside, points, radius, grid, method, tolerance))

    def scikit_image(image, inside):
        from skimage.feature import local_binary_pattern

        codes = local_binary_pattern(image, points, radius, method).astype(int)
        if method == "ror":
            # The smallest rotations themselves, here numbered in order.
            codes = np.searchsorted(naive.least_rotations(points), codes)
        return np.sqrt(
            np.bincount(codes.ravel(), minlength=naive.label(method, points)[0]) / codes.size
        )

    def mahotas(image, inside):
        from mahotas.features import lbp

        return lbp(image, radius, points)

    name = f"lbp_p{points}_r{radius}_g{grid}"
    return Case(
        name + "".join(f"_{word}" for word in (method, mode) if word not in ("uniform", "exact")),
        "lbp",
        values_of(
            LBP(points=(points,), radii=(radius,), grid=grid, size=None, method=method, mode=mode)
        ),
        twin,
        peers={"scikit-image": scikit_image, "mahotas": mahotas} if grid == 1 else {},
        comparable=("scikit-image",) if grid == 1 and mode == "exact" else (),
        masked=True,
        atol=1e-7,
        notes=(
            "mahotas counts rotation-invariant codes, not riu2: timed, not compared. In fast mode "
            "ties differ from scikit-image, which rounds them either way: the twin has the "
            "tolerance."
        ),
    )


CASES = (
    _case(8, 1),
    _case(8, 1, mode="fast"),
    _case(16, 2),
    _case(16, 2, mode="fast"),
    _case(24, 3),
    _case(24, 3, mode="fast"),
    _case(8, 2.5),
    _case(8, 1, grid=3),
    _case(8, 1, method="nri_uniform"),
    _case(8, 1, method="ror"),
    _case(8, 1, method="default"),
    _case(6, 1.5, grid=2, method="ror"),
)

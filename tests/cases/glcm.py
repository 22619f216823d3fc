"""Co-occurrence against its twin and scikit-image; mahotas computes Haralick's thirteen."""

import numpy as np

from featurex.features import GLCM
from featurex.features.glcm import STATISTICS
from featurex.features.offsets import find_offset
from tests.cases.base import Case, values_of
from tests.naive import glcm as naive

_NAMES = tuple(statistic.name for statistic in STATISTICS)
_ANGLES = (0, 45, 90, 135)
_LIMITS = (0, 256)
# scikit-image's.
_SIX = ("contrast", "dissimilarity", "homogeneity", "asm", "energy", "correlation")


def _case(
    name,
    levels,
    distances,
    diagonal="circle",
    symmetric=True,
    names=_NAMES,
    peers=("scikit-image", "mahotas"),
):
    extractor = GLCM(
        levels,
        None,
        _LIMITS,
        distances,
        _ANGLES,
        diagonal,
        symmetric,
        "none",
        names,
        grid=1,
        size=None,
    )
    ours = values_of(extractor)

    def twin(image, inside):
        quantised = naive.levels_of(_to_bytes(image), inside, levels, _LIMITS)
        values = []
        for distance in distances:
            for angle in _ANGLES:
                counts = naive.matrix(
                    quantised, levels, find_offset(distance, angle, diagonal), symmetric
                )
                properties = naive.properties(counts, _NAMES[-1] in names, max(quantised.max(), 1))
                values += [properties[name] for name in names]
        return np.array(values)

    def scikit_image(image, inside):
        from skimage.feature import graycomatrix, graycoprops

        quantised = _to_bytes(image) // (256 // levels)
        # Its angles turn clockwise.
        turns = [-np.deg2rad(angle) for angle in _ANGLES]
        counts = graycomatrix(quantised, distances, turns, levels, symmetric=symmetric, normed=True)
        properties = [graycoprops(counts, "ASM" if name == "asm" else name) for name in _SIX]
        return np.stack(properties, axis=-1).ravel()

    def mahotas(image, inside):
        from mahotas.features import haralick

        quantised = _to_bytes(image) // (256 // levels)
        return np.concatenate(
            [haralick(quantised, distance=distance).ravel() for distance in distances]
        )

    return Case(
        name,
        "glcm",
        lambda image, inside: ours(_to_bytes(image), inside),
        twin,
        peers={
            name: peer
            for name, peer in (("scikit-image", scikit_image), ("mahotas", mahotas))
            if name in peers
        },
        comparable=(),
        masked=True,
        rtol=3e-5,
        atol=1e-5,
        notes="scikit-image's six properties are compared one by one in tests/test_glcm.py.",
    )


def _to_bytes(image):
    """The upper eight bits: these cases state their limits as 0 to 256."""
    return (image >> 8).astype(np.uint8) if image.dtype == np.uint16 else image


CASES = (
    _case("glcm_32_levels", 32, (1, 2, 4)),
    _case("glcm_32_levels_six", 32, (1, 2, 4), names=_SIX),
    # Singular values of 256 levels take longer than all else; the peers have no such property.
    _case("glcm_256_levels", 256, (1, 2, 4), names=_NAMES[:-1]),
    _case("glcm_8_levels_square", 8, (1, 3), diagonal="square", peers=()),
    _case("glcm_one_way", 16, (2,), symmetric=False),
)

"""HOG against its twin and scikit-image; OpenCV's is another descriptor."""

from featurex.features import HOG
from tests.cases.base import Case, values_of
from tests.naive import hog as naive


def _case(name, orientations=9, cell=8, block=2, norm="L2-Hys"):
    def scikit_image(image, inside):
        from skimage.feature import hog

        return hog(image, orientations, (cell, cell), (block, block), block_norm=norm)

    return Case(
        name,
        "hog",
        values_of(HOG(orientations=orientations, cell=cell, block=block, norm=norm, size=None)),
        lambda image, inside: naive.hog(image, inside, orientations, cell, block, norm),
        peers={"scikit-image": scikit_image},
        elsewhere={
            "OpenCV": lambda image: {"orientations": orientations, "cell": cell, "block": block}
        },
        comparable=("scikit-image",),
        masked=True,
        # float32 sums of magnitudes against float64.
        atol=2e-6,
        notes="OpenCV adds gamma, a Gaussian window and trilinear votes: timed, not compared.",
    )


CASES = (
    _case("hog_cell8"),
    _case("hog_cell16", cell=16),
    _case("hog_l1", norm="L1"),
    _case("hog_l1_sqrt", norm="L1-sqrt"),
    _case("hog_l2", norm="L2"),
    # 45 degrees are the edge of a bin here: ties must fall as in scikit-image.
    _case("hog_8_orientations", orientations=8),
    _case("hog_block3", cell=5, block=3, orientations=6),
)

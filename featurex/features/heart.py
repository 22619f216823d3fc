"""The size of the heart: the cardiothoracic ratio, and how well the heart's borders are seen."""

from featurex.features.base import Extractor, Statistic
from featurex.lungs.find import find_landmarks
from featurex.lungs.heart import measure_heart

_DANZER = "Danzer 1919, Am J Med Sci 157(4), 513-521"
_FELSON = "cf. the silhouette sign, Felson and Felson 1950, doi:10.1148/55.3.363"


class HeartSize(Extractor):
    """The cardiothoracic ratio and its parts, from the outlines of the visible lung field.

    The lungs are found in each image, as `find_lungs` does. Use it on images that nothing has been
    cut off from; those with a region are refused.

    Notes
    -----
    The ratio is the largest width of the heart by the largest inner width of the thorax. Both are
    horizontal, so that it does not change where an image was squashed. On a film that was taken
    from behind (PA), standing and breathed in, adults with a ratio above 0.5 are said to have a
    large heart; from in front (AP), lying down, and in small children it is larger.

    Where the ratio cannot be told, `heart_seen`, `heart_ratio`, `heart_width` and `heart_thorax`
    are 0; a ratio of 0 is that of no film. `Lungs.heart.doubt` says why: no lungs, lungs that the
    image cuts off, no border between heart and lung, or a ratio that no heart has.

    References
    ----------
    C. S. Danzer (1919). The cardiothoracic ratio: an index of cardiac enlargement. American Journal
    of the Medical Sciences 157(4), 513-521.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import HeartSize
    >>> heart = HeartSize().fit(np.zeros((1, 64, 64), np.uint8))
    >>> heart.get_feature_names_out()[:3].tolist()
    ['heart_ratio', 'heart_width', 'heart_thorax']
    >>> heart.transform(np.zeros((1, 64, 64), np.uint8)).tolist()
    [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    """

    family = "heart"
    takes_region = False
    statistics = (
        Statistic("ratio", "width / thorax", f"cardiothoracic ratio, {_DANZER}"),
        Statistic("width", "largest width of the heart / width of the image", _DANZER),
        Statistic("thorax", "largest inner width of the thorax / width of the image", _DANZER),
        Statistic(
            "right_border",
            "(mean(heart) - mean(right lung)) / std(image) along the border",
            _FELSON,
        ),
        Statistic(
            "left_border", "(mean(heart) - mean(left lung)) / std(image) along the border", _FELSON
        ),
        Statistic("seen", "1 where the ratio can be told, otherwise 0", "see the notes"),
    )

    def _columns(self, shape):
        return tuple(f"{self.family}_{statistic.name}" for statistic in self.statistics)

    def _fill(self, plan, image, inside, out):
        landmarks = find_landmarks(image)
        heart = measure_heart(landmarks.points, image, landmarks.doubt)
        sizes = (0.0, 0.0, 0.0) if heart.doubt else (heart.ratio, heart.width, heart.thorax)
        out[:] = (*sizes, heart.right_border, heart.left_border, heart.doubt == "")

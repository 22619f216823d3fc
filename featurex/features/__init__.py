"""Extractors: one family a file, and the dict of all of them by the name that configurations use."""

from featurex.features.base import Extractor, Statistic
from featurex.features.glcm import GLCM
from featurex.features.hog import HOG
from featurex.features.zones import ZoneHistogram

# Registration is this literal: nothing registers itself by being imported.
EXTRACTORS: dict[str, type[Extractor]] = {
    "zones": ZoneHistogram,
    "hog": HOG,
    "glcm": GLCM,
}

__all__ = ["EXTRACTORS", "GLCM", "HOG", "Extractor", "Statistic", "ZoneHistogram"]

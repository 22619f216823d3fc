"""Extractors: one family a file, and the dict of all of them by the name that configurations
use.
"""

from featurex.features.base import Extractor, Statistic
from featurex.features.fractal import FractalDimension
from featurex.features.gabor import Gabor
from featurex.features.glcm import GLCM
from featurex.features.gldzm import GLDZM
from featurex.features.glrlm import GLRLM
from featurex.features.glszm import GLSZM
from featurex.features.heart import HeartSize
from featurex.features.hog import HOG
from featurex.features.intensity import IntensityHistogram, IntensityStatistics
from featurex.features.ivh import IntensityVolumeHistogram
from featurex.features.lbp import LBP
from featurex.features.local import LocalStatistics
from featurex.features.lungs import LungIntensity
from featurex.features.moments import Moments
from featurex.features.ngldm import NGLDM
from featurex.features.ngtdm import NGTDM
from featurex.features.radiomics import Radiomics
from featurex.features.wavelet import Wavelet
from featurex.features.zones import ZoneHistogram

# Registration is this literal: nothing registers itself by being imported.
EXTRACTORS: dict[str, type[Extractor]] = {
    "zones": ZoneHistogram,
    "hog": HOG,
    "lbp": LBP,
    "glcm": GLCM,
    "gabor": Gabor,
    "wavelet": Wavelet,
    "local": LocalStatistics,
    "fractal": FractalDimension,
    "moments": Moments,
    "lung": LungIntensity,
    "heart": HeartSize,
    "intensity": IntensityStatistics,
    "histogram": IntensityHistogram,
    "ivh": IntensityVolumeHistogram,
    "glrlm": GLRLM,
    "glszm": GLSZM,
    "gldzm": GLDZM,
    "ngtdm": NGTDM,
    "ngldm": NGLDM,
    "radiomics": Radiomics,
}

__all__ = [
    "EXTRACTORS",
    "GLCM",
    "GLDZM",
    "GLRLM",
    "GLSZM",
    "HOG",
    "LBP",
    "NGLDM",
    "NGTDM",
    "Extractor",
    "FractalDimension",
    "Gabor",
    "HeartSize",
    "IntensityHistogram",
    "IntensityStatistics",
    "IntensityVolumeHistogram",
    "LocalStatistics",
    "LungIntensity",
    "Moments",
    "Radiomics",
    "Statistic",
    "Wavelet",
    "ZoneHistogram",
]

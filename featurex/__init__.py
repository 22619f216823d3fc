"""featurex: classical feature engineering for chest X-rays on a CPU, benchmarked honestly.

For research and teaching. Not a medical device.
"""

from importlib import import_module

__version__ = "0.1.0"

# Where each public name lives. They load on first use: `featurex --help` must not wait for numba.
_HOMES = {
    "Align": "featurex.lungs",
    "Equalize": "featurex.preprocess",
    "FractalDimension": "featurex.features",
    "GLCM": "featurex.features",
    "GLDZM": "featurex.features",
    "GLRLM": "featurex.features",
    "GLSZM": "featurex.features",
    "Gabor": "featurex.features",
    "HOG": "featurex.features",
    "IntensityHistogram": "featurex.features",
    "IntensityStatistics": "featurex.features",
    "LBP": "featurex.features",
    "LocalStatistics": "featurex.features",
    "LungIntensity": "featurex.features",
    "LungRegion": "featurex.lungs",
    "Moments": "featurex.features",
    "NGLDM": "featurex.features",
    "NGTDM": "featurex.features",
    "Preprocess": "featurex.preprocess",
    "Radiomics": "featurex.features",
    "Wavelet": "featurex.features",
    "ZoneHistogram": "featurex.features",
    "audit_dataset": "featurex.audit",
    "extract": "featurex.table",
    "fetch": "featurex.datasets.fetch",
    "load_dataset": "featurex.datasets",
    "load_model": "featurex.bundle",
    "read_image": "featurex.images",
}

__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(
            f"module 'featurex' has no attribute {name!r}; it offers {', '.join(__all__)}"
        )
    return getattr(import_module(_HOMES[name]), name)


def __dir__():
    return [*globals(), *__all__]

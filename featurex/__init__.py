"""featurex: classical feature engineering for chest X-rays on a CPU, benchmarked honestly.

For research and teaching. Not a medical device.
"""

from importlib import import_module

__version__ = "0.1.0"

# The public names, by the module that defines them. They load on first use: `featurex --help` must
# not wait for numba.
_MODULES = {
    "featurex.audit": ["audit_dataset"],
    "featurex.benchmark": ["Benchmark"],
    "featurex.bundle": ["load_model"],
    "featurex.bundle.saving": ["save_model"],
    "featurex.runs.comparison": ["compare_runs"],
    "featurex.datasets": ["load_dataset"],
    "featurex.datasets.fetch": ["fetch"],
    "featurex.features": [
        "EXTRACTORS",
        "GLCM",
        "GLDZM",
        "GLRLM",
        "GLSZM",
        "HOG",
        "HeartSize",
        "LBP",
        "NGLDM",
        "NGTDM",
        "Extractor",
        "FractalDimension",
        "Gabor",
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
    ],
    "featurex.images": ["read_image"],
    "featurex.lungs": ["Align", "LungRegion", "find_lungs"],
    "featurex.models": ["MODELS"],
    "featurex.harmonize": ["Harmonize"],
    "featurex.preprocess": ["Equalize", "Preprocess"],
    "featurex.report.loaded": ["load_run"],
    "featurex.engine": ["extract", "extract_to", "read_table"],
}

# The same for type checkers, which run nothing; tests/test_public.py holds the two together.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from featurex.audit import audit_dataset as audit_dataset
    from featurex.benchmark import Benchmark as Benchmark
    from featurex.bundle import load_model as load_model
    from featurex.bundle.saving import save_model as save_model
    from featurex.datasets import load_dataset as load_dataset
    from featurex.datasets.fetch import fetch as fetch
    from featurex.engine.extraction import extract as extract
    from featurex.engine.extraction import extract_to as extract_to
    from featurex.engine.table import read_table as read_table
    from featurex.features import EXTRACTORS as EXTRACTORS
    from featurex.features import GLCM as GLCM
    from featurex.features import GLDZM as GLDZM
    from featurex.features import GLRLM as GLRLM
    from featurex.features import GLSZM as GLSZM
    from featurex.features import HOG as HOG
    from featurex.features import LBP as LBP
    from featurex.features import NGLDM as NGLDM
    from featurex.features import NGTDM as NGTDM
    from featurex.features import Extractor as Extractor
    from featurex.features import FractalDimension as FractalDimension
    from featurex.features import Gabor as Gabor
    from featurex.features import HeartSize as HeartSize
    from featurex.features import IntensityHistogram as IntensityHistogram
    from featurex.features import IntensityStatistics as IntensityStatistics
    from featurex.features import IntensityVolumeHistogram as IntensityVolumeHistogram
    from featurex.features import LocalStatistics as LocalStatistics
    from featurex.features import LungIntensity as LungIntensity
    from featurex.features import Moments as Moments
    from featurex.features import Radiomics as Radiomics
    from featurex.features import Statistic as Statistic
    from featurex.features import Wavelet as Wavelet
    from featurex.features import ZoneHistogram as ZoneHistogram
    from featurex.harmonize import Harmonize as Harmonize
    from featurex.images import read_image as read_image
    from featurex.lungs import Align as Align
    from featurex.lungs import LungRegion as LungRegion
    from featurex.lungs import find_lungs as find_lungs
    from featurex.models import MODELS as MODELS
    from featurex.preprocess import Equalize as Equalize
    from featurex.preprocess import Preprocess as Preprocess
    from featurex.report.loaded import load_run as load_run
    from featurex.runs.comparison import compare_runs as compare_runs

_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOMES)


if not TYPE_CHECKING:  # For which a name that is not there must be an error.

    def __getattr__(name):
        if name not in _HOMES:
            # Python asks for `__path__`, `__wrapped__` and the like; nobody reads the message.
            hint = "" if name.startswith("__") else _suggest(name)
            raise AttributeError(f"module 'featurex' has no attribute {name!r}{hint}")
        return getattr(import_module(_HOMES[name]), name)


def __dir__():
    return sorted({*globals(), *__all__})


def _suggest(name):
    from difflib import get_close_matches

    by_lower_case = {public.lower(): public for public in __all__}
    close = get_close_matches(name.lower(), by_lower_case, n=1)
    if close:
        return f"; did you mean {by_lower_case[close[0]]}?"
    return f"; it offers {', '.join(__all__)}"

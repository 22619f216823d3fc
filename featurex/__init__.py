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
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        # Python asks for `__path__`, `__wrapped__` and the like, of which nobody reads the message.
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

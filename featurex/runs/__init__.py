"""The folder that a benchmark leaves behind: what stands in it, who writes it, and who reads it.

Nothing else in featurex knows the name of a file, a column or a key of such a folder.
"""

from importlib import import_module

# The public names, by the module that defines them. They load on first use: who reads a saved
# model needs `encoding` alone, and not what reads tables.
_MODULES = {
    "encoding": ["to_json"],
    "entry": ["PIXELS", "Entry"],
    "folder": ["RunFolder"],
    "record": ["Record", "rank", "read_record", "worst_swap"],
    "schema": ["APPEARANCE", "FRAMING", "SWAPS", "RunInfo"],
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module 'featurex.runs' has no attribute {name!r}")
    return getattr(import_module(f"featurex.runs.{_HOMES[name]}"), name)


def __dir__():
    return sorted({*globals(), *__all__})

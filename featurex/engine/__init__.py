"""Work over all images of a data set: they are read and transformed in parts, which are kept
on disk and joined.
"""

from importlib import import_module

# By the module that defines them. They load on first use: what works on a few films need not wait
# for what writes tables.
_HOMES = {
    "CHUNK": "reading",
    "Engine": "films",
    "Films": "films",
    "Table": "table",
    "error_table": "reading",
    "extract": "extraction",
    "extract_to": "extraction",
    "read_table": "table",
}

__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

"""Data x features x model -> flat rows, and a run folder that the report reads."""

from importlib import import_module

# Loaded on first use: extraction reads the plan, and fits no model.
_HOMES = {
    "PLAN": "featurex.benchmark.plan",
    "Benchmark": "featurex.benchmark.runner",
    "Fitted": "featurex.benchmark.fitted",
    "Run": "featurex.benchmark.runner",
    "describe_software": "featurex.benchmark.environment",
}

__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

"""How much memory a benchmark will need, said before the hours that it takes."""

from pathlib import Path

from featurex.models import MODELS

# Of the main process before any fit, bytes.
_BASE = 300e6
# Copies of its training columns that a fit has at once, as measured on 4,000 images with 3,000
# columns: its own, and what scikit-learn makes of it. XGBoost makes histograms besides.
_COPIES, _COPIES_XGBOOST = 3, 7
_FLOAT = 4


def estimate_memory(n_training, n_columns, n_jobs, copies=_COPIES):
    """Estimate the memory of the process that fits, bytes.

    Parameters
    ----------
    n_training : int
        Training images.
    n_columns : int
        Of the largest set of features.
    n_jobs : int
        Fits at once.
    copies : int
        Of its columns that each of them makes.

    Returns
    -------
    size : float

    Examples
    --------
    >>> round(estimate_memory(90_000, 5_410, 2) / 1e9, 1)
    13.9
    """
    return _BASE + _FLOAT * n_training * n_columns * (1 + copies * n_jobs)


def free_memory():
    """Return the memory that is free on this machine, bytes; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    facts = dict(line.split(":") for line in lines)
    free = 1024 * int(facts["MemAvailable"].split()[0]) if "MemAvailable" in facts else None
    return min((size for size in (free, _free_in_container()) if size is not None), default=None)


def warn_of_memory(needs, n_training, n_jobs, free):
    """Say that memory will not do, and what to change: str, or None where it does.

    Parameters
    ----------
    needs : dict of str to (int, classifier)
        By the key of an entry: columns, and the model.
    n_training : int
        Training images.
    n_jobs : int
        Fits at once.
    free : float or None
        As `free_memory` returns it.
    """
    if free is None or not needs:
        return None

    def estimate(key, jobs):
        columns, model = needs[key]
        copies = _COPIES_XGBOOST if isinstance(model, MODELS["xgboost"]) else _COPIES
        return estimate_memory(n_training, columns, jobs, copies)

    largest = max(needs, key=lambda key: estimate(key, n_jobs))
    if estimate(largest, n_jobs) <= free:
        return None
    alone = estimate(largest, 1)
    fewer = f"--jobs 1, which needs {_in_gb(alone)}; " if n_jobs > 1 and alone <= free else ""
    return (
        f"Memory will not do: fits of {largest} need about {_in_gb(estimate(largest, n_jobs))}, "
        f"and {_in_gb(free)} are free. Use {fewer}fewer families at once in the grid, or families "
        "of fewer columns, as a smaller grid of zones; or --cluster with workers that have more"
    )


def _free_in_container():
    """What a container may still take, bytes; None outside of one that has a limit."""
    try:
        limit, used = (
            Path(f"/sys/fs/cgroup/memory.{name}").read_text(encoding="ascii").strip()
            for name in ("max", "current")
        )
    except OSError:
        return None
    return None if limit == "max" else float(limit) - float(used)


def _in_gb(size):
    return f"{size / 1e9:.1f} GB"

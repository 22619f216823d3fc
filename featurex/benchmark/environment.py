"""What is known of a run beside its scores: time spent, machine, versions, data."""

import os
import platform
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata

import joblib

import featurex
from featurex.progress import Progress
from featurex.runs.schema import ClassCount, DataSummary, Machine, Stage

# What can change a number.
_LIBRARIES = (
    "numpy",
    "scipy",
    "numba",
    "scikit-learn",
    "xgboost-cpu",
    "opencv-python-headless",
    "simplejpeg",
    "pillow",
    "pandas",
    "torch",
)


class TimedProgress(Progress):
    """Passes on what it is told, and keeps the seconds of each stage, over all that a run took.

    Parameters
    ----------
    progress : Progress
        Is told everything that this object is told.
    store : Store
        Keeps the seconds when a run is stopped.
    """

    def __init__(self, progress, store):
        self.progress, self._store = progress, store
        self._seconds = store.get_or_make("timings", dict)

    @property
    def timings(self):
        """The seconds of each stage: tuple of Stage."""
        return tuple(Stage(title, round(spent, 3)) for title, spent in self._seconds.items())

    @contextmanager
    def stage(self, title, total):
        """Enter a stage; see `Progress.stage`."""
        start = time.perf_counter()
        try:
            with self.progress.stage(title, total) as advance:
                yield advance
        finally:
            spent = time.perf_counter() - start
            self._seconds[title] = self._seconds.get(title, 0.0) + spent
            self._store.save("timings", self._seconds)

    def say(self, sentence):
        """Pass on one sentence."""
        self.progress.say(sentence)


def describe_software():
    """Versions of featurex, Python and every library that can change a number."""
    versions = {"featurex": featurex.__version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def describe_machine(n_jobs):
    """Processor, cores, memory and operating system, as far as the system tells."""
    return Machine(
        processor=_processor(),
        cores=joblib.cpu_count(),
        jobs=n_jobs,
        memory_gb=_memory_gb(),
        platform=platform.platform(),
        python=platform.python_version(),
    )


def describe_start():
    """When and by which command a run was started."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": ("featurex", *sys.argv[1:]),
    }


def describe_data(dataset, samples):
    """What took part: name, counts of every split, class and subtype, digest of the files, notes.

    Parameters
    ----------
    dataset : Dataset
        Its name, notes and digest are used.
    samples : Samples
        The images that took part.

    Returns
    -------
    summary : DataSummary
    """
    table = samples.table.assign(
        split=samples.splits,
        label=[samples.classes[label] for label in samples.labels],
    )
    groups = table.groupby(["split", "label", "subtype"], sort=True)["patient"].agg(
        ["size", "nunique"]
    )
    return DataSummary(
        name=dataset.name,
        synthetic=dataset.synthetic,
        counts=tuple(
            ClassCount(split, label, subtype, int(size), int(patients))
            for (split, label, subtype), (size, patients) in groups.iterrows()
        ),
        digest=dataset.digest(),
        notes=tuple(dataset.notes),
        n_errors=len(samples.errors),
    )


def _processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _memory_gb():
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None

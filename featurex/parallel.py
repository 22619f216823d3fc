"""One level of parallelism: independent jobs in threads or processes, each of them serial inside.

Threads share what they work on. They gain nothing where a job is a chain of many short steps, as
extraction is: every step takes and releases the interpreter's lock, and four threads then take
longer than one. Such jobs run in processes.
"""

import ctypes
import sys
import warnings
from contextlib import contextmanager

import cv2
import joblib
from threadpoolctl import ThreadpoolController

from featurex.checks import check_integer


def count_jobs(n_jobs=None):
    """The number of threads to use: as asked, or every core this process may run on.

    Parameters
    ----------
    n_jobs : int or None
        At least 1; None means all cores that the scheduler, a container or a batch system grants.
    """
    if n_jobs is None:
        return joblib.cpu_count()
    return check_integer("jobs", n_jobs, 1, 1024)


@contextmanager
def serial_libraries():
    """Keep OpenCV and BLAS to one thread, while our own threads run the jobs.

    Yields
    ------
    controller : threadpoolctl.ThreadpoolController
        For OpenMP, which counts its threads by calling thread: each job limits it anew.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    controller = ThreadpoolController()
    try:
        with controller.limit(limits=1):
            yield controller
    finally:
        cv2.setNumThreads(before)


@contextmanager
def replaced_workers():
    """Let worker processes that have grown by some hundred megabytes be replaced without a warning.

    Where psutil is installed, loky takes such growth for a leak; compiled kernels and libraries
    that load with the first job are none. The jobs are done all the same.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="A worker stopped while some jobs", category=UserWarning
        )
        # scikit-learn's forests swap the filters of all threads, and then miss their own.
        warnings.filterwarnings(
            "ignore", message="`sklearn.utils.parallel.delayed`", category=UserWarning
        )
        yield


def release_memory():
    """Give freed memory back to the system: after many fits in threads, glibc keeps more than a
    gigabyte.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def chunks(n_items, size):
    """Slices that cover range(n_items), `size` items each and the rest in the last."""
    return [slice(start, min(start + size, n_items)) for start in range(0, n_items, size)]

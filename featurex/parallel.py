"""One level of parallelism: independent jobs in threads, each of them serial inside.

Kernels, OpenCV and the decoders release the GIL, so threads share the images without copying them.
"""

import time
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


def run_jobs(function, jobs, n_jobs, advance=None):
    """Call ``function(job)`` for every job, in threads.

    Parameters
    ----------
    function : callable
        Releases the GIL in its heavy parts, and starts no threads of its own.
    jobs : sequence
    n_jobs : int
    advance : callable or None
        Called without arguments after each job, in the calling thread.

    Returns
    -------
    results : list
        In the order of `jobs`.
    cpu_seconds : list of float
        The processor time of each job.
    """

    def timed(job):
        with controller.limit(limits=1):
            start = time.thread_time()
            return function(job), time.thread_time() - start

    results, seconds = [], []
    with serial_libraries() as controller:
        pool = joblib.Parallel(n_jobs=n_jobs, backend="threading", return_as="generator")
        for result, spent in pool(joblib.delayed(timed)(job) for job in jobs):
            results.append(result)
            seconds.append(spent)
            if advance is not None:
                advance()
    return results, seconds


def chunks(n_items, size):
    """Slices that cover range(n_items), `size` items each and the rest in the last."""
    return [slice(start, min(start + size, n_items)) for start in range(0, n_items, size)]

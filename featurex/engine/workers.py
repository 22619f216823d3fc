"""Processes that work on parts of a table, and may die: here, or on a cluster."""

import os
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from contextlib import ExitStack

from featurex.errors import DataError, MissingExtraError
from featurex.parallel import serial_libraries

# The result of a job whose worker died or ran out of memory, even with nothing else to do.
CRASHED = object()
# Jobs submitted for each worker, so that none waits for its next job.
_AHEAD = 2


class Inline:
    """No workers: every job runs in the calling process, which dies with a job."""

    def run(self, function, jobs):
        """Yield (job, result) of every job; see `Processes.run`."""
        for job in jobs:
            yield job, _serial(function, job)

    def survives(self, function, job):
        """Return whether a job ends without memory running out."""
        try:
            _serial(function, job)
        except MemoryError:
            return False
        return True

    def close(self):
        """Do nothing: there are no workers."""


class Processes:
    """Processes of this machine; one that dies is replaced.

    Parameters
    ----------
    n_jobs : int
        How many there are.
    """

    def __init__(self, n_jobs):
        self.n_jobs = n_jobs
        self._start()

    def run(self, function, jobs):
        """Run every job, in any order.

        Parameters
        ----------
        function : callable, which can be pickled
            Called with one job.
        jobs : iterable
            Taken as workers become free.

        Yields
        ------
        job : object
        result : object
            `CRASHED` where the worker died of the job.
        """
        jobs, running = iter(jobs), {}
        while True:
            while len(running) < _AHEAD * self.n_jobs and (job := next(jobs, self)) is not self:
                running[self._executor.submit(_serial, function, job)] = job
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            suspects = []
            for future in done:
                job = running.pop(future)
                try:
                    yield job, future.result()
                except (BrokenExecutor, MemoryError):
                    suspects.append(job)
            if suspects:
                # All jobs that ran beside it are lost, and the pool does not say which worker died:
                # each is tried alone.
                suspects += running.values()
                running = {}
                self._restart()
                for job in suspects:
                    yield job, self._run_alone(function, job)

    def survives(self, function, job):
        """Return whether a worker that has nothing else to do finishes the job."""
        return self._run_alone(function, job) is not CRASHED

    def close(self):
        """End all workers now."""
        self._executor.shutdown(wait=True, kill_workers=True)

    def _run_alone(self, function, job):
        try:
            return self._executor.submit(_serial, function, job).result()
        except MemoryError:
            return CRASHED
        except BrokenExecutor:
            self._restart()
            return CRASHED

    def _start(self):
        # Part of joblib, which is a dependency anyway; unlike Python's pool it needs no guard in
        # the user's script.
        from joblib.externals.loky import ProcessPoolExecutor

        self._executor = ProcessPoolExecutor(
            self.n_jobs, initializer=_watch_parent, initargs=(os.getpid(),)
        )

    def _restart(self):
        self.close()
        self._start()


class Cluster:
    """Workers of a Dask cluster. All of them see the images and the folder of the parts under the
    same paths.

    Parameters
    ----------
    address : str
        Address of the scheduler, as "tcp://10.0.0.1:8786"; "local" starts one on this machine.
    n_jobs : int
        Workers of a local cluster.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    DataError
        If no scheduler answers.
    """

    def __init__(self, address, n_jobs):
        try:
            from distributed import Client
        except ImportError as error:
            raise MissingExtraError("dask", "--cluster") from error
        self._settings = ExitStack()
        try:
            if address == "local":
                self._settings.enter_context(_local_settings())
                self._client = Client(
                    n_workers=n_jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                )
            else:
                self._client = Client(address, timeout="5s")
        except (OSError, ValueError) as error:
            self._settings.close()
            raise DataError(
                f"no Dask scheduler answers at {address} ({error}); start one, or use --jobs"
            ) from error

    def run(self, function, jobs):
        """Yield (job, result) of every job; see `Processes.run`."""
        from distributed import as_completed

        jobs, running = iter(jobs), {}
        completed = as_completed()

        def submit():
            job = next(jobs, self)
            if job is not self:
                future = self._client.submit(_serial, function, job, pure=False)
                running[future.key] = job
                completed.add(future)

        for _ in range(_AHEAD * max(1, len(self._client.scheduler_info()["workers"]))):
            submit()
        for future in completed:
            job = running.pop(future.key)
            yield job, self._result(future)
            submit()

    def survives(self, function, job):
        """Return whether the cluster finishes the job."""
        return self._result(self._client.submit(_serial, function, job, pure=False)) is not CRASHED

    def close(self):
        """Leave the cluster; a local one ends."""
        self._client.close()
        if self._client.cluster is not None:
            self._client.cluster.close()
        self._settings.close()

    @staticmethod
    def _result(future):
        from distributed import KilledWorker

        try:
            return future.result()
        except (KilledWorker, MemoryError):
            # Dask has tried it on several workers by then.
            return CRASHED


def find_culprits(workers, probe, items):
    """Find the items of which workers die, by halving.

    Parameters
    ----------
    workers : Inline, Processes or Cluster
        On which each half is tried, with nothing else to do.
    probe : callable, which can be pickled
        Called with a list of items; does their work.
    items : list
        Of which some killed a worker.

    Returns
    -------
    culprits : list
        Empty where no item alone kills a worker.
    """
    if workers.survives(probe, items):
        return []
    if len(items) == 1:
        return items
    half = len(items) // 2
    return [
        *find_culprits(workers, probe, items[:half]),
        *find_culprits(workers, probe, items[half:]),
    ]


def _local_settings():
    """Make a local cluster give up a job that kills two workers, but never a worker.

    Dask starts such a worker again each time. But it looks 15 seconds after each death, and lets go
    of a worker that is then about to start once more: on a slow machine none would be left, and a
    run would wait for ever.
    """
    import dask

    return dask.config.set(
        {
            "distributed.deploy.lost-worker-timeout": "365 days",
            "distributed.scheduler.allowed-failures": 1,
        }
    )


def _serial(function, job):
    with serial_libraries():
        return function(job)


def _watch_parent(parent):
    """End this worker when its parent is gone, even if that was killed: nobody would collect the
    results.
    """
    import threading
    import time

    def watch():
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

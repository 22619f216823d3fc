"""Who does jobs: the calling process, its threads, processes that may die, or a cluster of them."""

import functools
import logging
import os
import warnings
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.pool import ThreadPool

from featurex.errors import DataError, MissingExtraError, UnfinishedError
from featurex.parallel import replaced_workers, serial_libraries

# The result of a job whose worker died or ran out of memory, even with nothing else to do.
CRASHED = object()
# Jobs submitted for each worker, so that none waits for its next job.
_AHEAD = 2
# Seconds between two looks at a cluster, and for how long it may be without workers: they may be
# starting anew.
_LOOK, _PATIENCE = 5, 30
_LOGGERS, _SILENT = ("distributed", "tornado", "asyncio"), logging.CRITICAL + 1


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


class Threads(Inline):
    """Threads of the calling process: for jobs that share what they work on, and release the
    interpreter's lock in their heavy parts, as fits do.

    Parameters
    ----------
    n_jobs : int
        How many there are.
    """

    def __init__(self, n_jobs):
        self.n_jobs = n_jobs

    def run(self, function, jobs):
        """Yield (job, result) of every job, in any order; see `Processes.run`."""

        def do(job):
            # OpenMP counts its threads by calling thread: each job limits it anew.
            with controller.limit(limits=1):
                return job, function(job)

        if self.n_jobs == 1:
            yield from super().run(function, jobs)
            return
        with serial_libraries() as controller, ThreadPool(self.n_jobs) as pool:
            yield from pool.imap_unordered(do, jobs)


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
        for end in self._lifeline:
            end.close()

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

        self._lifeline = there, _ = Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            self.n_jobs, initializer=_end_with_parent, initargs=(there,)
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
        self._settings, self._address = ExitStack(), address
        self._settings.enter_context(_silence())
        try:
            if address == "local":
                self._settings.enter_context(_local_settings())
                self._client = Client(
                    n_workers=n_jobs,
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=_SILENT,
                )
            else:
                self._client = Client(address, timeout="5s")
        except (OSError, ValueError) as error:
            self._settings.close()
            raise DataError(
                f"no Dask scheduler answers at {address} ({error}); start one, or use --jobs"
            ) from error

    def run(self, function, jobs):
        """Yield (job, result) of every job; see `Processes.run`.

        Raises
        ------
        UnfinishedError
            If the scheduler is gone, or has been without workers for some time.
        """
        from distributed import wait

        jobs, running = iter(jobs), {}
        while True:
            ahead = _AHEAD * max(1, self._count_workers()) if len(running) < _AHEAD else 0
            while len(running) < ahead and (job := next(jobs, self)) is not self:
                running[self._submit(function, job)] = job
            if not running:
                return
            for future in self._wait(wait, list(running)):
                yield running.pop(future), self._result(future)
                job = next(jobs, self)
                if job is not self:
                    running[self._submit(function, job)] = job

    def survives(self, function, job):
        """Return whether the cluster finishes the job."""
        from distributed import wait

        future = self._submit(function, job)
        self._wait(wait, [future])
        return self._result(future) is not CRASHED

    def close(self):
        """Leave the cluster; a local one ends."""
        self._client.close()
        if self._client.cluster is not None:
            self._client.cluster.close()
        self._settings.close()

    def _submit(self, function, job):
        return self._client.submit(_serial, function, job, pure=False)

    def _wait(self, wait, futures):
        """Wait until one of them is done, as long as there are workers: those that are."""
        return self._try(lambda: wait(futures, timeout=_LOOK, return_when="FIRST_COMPLETED").done)

    def _try(self, ask):
        """Ask the cluster again and again, as long as it has workers."""
        from distributed.comm import CommClosedError

        patience = _PATIENCE
        while patience > 0:
            try:
                return ask()
            except TimeoutError:
                patience = _PATIENCE if self._count_workers() else patience - _LOOK
            except (CancelledError, CommClosedError):
                self._fail("the scheduler is gone")
        self._fail("it has no workers any more")

    def _count_workers(self):
        if self._client.status != "running":
            self._fail("the scheduler is gone")
        try:
            return len(self._client.scheduler_info()["workers"])
        except OSError:
            self._fail("the scheduler is gone")

    def _result(self, future):
        from distributed import KilledWorker

        try:
            # The worker that holds the result may be gone since: it is then made once more.
            return self._try(lambda: future.result(timeout=_LOOK))
        except (KilledWorker, MemoryError):
            # Dask has tried it on several workers by then.
            return CRASHED

    def _fail(self, what):
        raise UnfinishedError(
            f"the Dask cluster at {self._address} was lost: {what}; what is finished is kept: "
            "start the cluster again, or leave out --cluster, and give the same command to go on"
        ) from None


def run_all(workers, function, jobs, advance=None):
    """Do some jobs whose results fit into memory.

    Parameters
    ----------
    workers : Inline, Threads, Processes or Cluster
        Who does them.
    function : callable
        Called with one job; can be pickled where workers are processes.
    jobs : iterable
        One argument for each call.
    advance : callable or None
        Called without arguments after each job, in the calling thread.

    Returns
    -------
    results : list
        In the order of `jobs`.

    Raises
    ------
    UnfinishedError
        If a worker dies of a job.

    Examples
    --------
    >>> from featurex.engine.workers import Inline, run_all
    >>> run_all(Inline(), abs, [-1, 2, -3])
    [1, 2, 3]
    """
    results = {}
    done = workers.run(functools.partial(_do_numbered, function), enumerate(jobs))
    with replaced_workers(), closing(done):
        for (number, _), result in done:
            if result is CRASHED:
                raise UnfinishedError(
                    "a worker died or ran out of memory, whenever it was tried: give it more "
                    "memory, or use fewer --jobs; then run the same command again to go on"
                )
            results[number] = result
            if advance is not None:
                advance()
    return [results[number] for number in sorted(results)]


def _do_numbered(function, job):
    return function(job[1])


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


@contextmanager
def _silence():
    """Keep the cluster's own loggers from the terminal: what matters is said in our words."""
    import distributed  # noqa: F401  # Sets its loggers' levels when it is imported.

    names = [name for name in logging.root.manager.loggerDict if name.startswith(_LOGGERS)]
    loggers = [logging.getLogger(name) for name in {*names, *_LOGGERS}]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(_SILENT)
    try:
        with warnings.catch_warnings():
            # Columns of controls are sent with each fit: some megabytes are meant.
            warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


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


def _end_with_parent(lifeline):
    """End this worker when its parent is gone, even if that was killed: nobody would collect the
    results.

    Parameters
    ----------
    lifeline : multiprocessing.connection.Connection
        Nothing is ever sent: the system closes the parent's end with the parent, everywhere.
    """
    import threading

    def watch():
        with suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

"""By what a benchmark gets its work done, and where what is finished is kept."""

import hashlib
import os
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import featurex
from featurex.benchmark.environment import describe_software
from featurex.construct import describe
from featurex.datasets import Dataset, load_dataset
from featurex.engine.filling import make_workers
from featurex.engine.store import Store
from featurex.engine.workers import Cluster
from featurex.errors import DataError, ImageError, UnfinishedError
from featurex.images import parse_location
from featurex.progress import Progress


@dataclass(frozen=True)
class Shared:
    """What runs of several tasks on the films of one data set do only once.

    Parameters
    ----------
    folder : pathlib.Path
        Receives the parts of arrays.
    identity : dict
        What decides them; see `identify`.
    rows : int array
        Rows of the data set's table that some task asks for, rising.
    """

    folder: Path
    identity: dict
    rows: np.ndarray


@dataclass(frozen=True)
class Work:
    """Where finished work is kept, and who does the rest.

    Parameters
    ----------
    folder : pathlib.Path
        Receives the parts of arrays.
    identity : dict
        What decides all results; see `identify`.
    store : Store
        Finished fits and answers.
    workers : Inline, Processes or Cluster
        Who works on films; a cluster fits models, too.
    n_jobs : int
        Threads for fits.
    progress : Progress
        Is told what is being done.
    cluster : str or None
        Address of a Dask scheduler, or "local", for films that are read once more.
    shared : Shared or None
        Where that lies which several tasks need of the same films.
    """

    folder: Path
    identity: dict
    store: Store
    workers: object
    n_jobs: int
    progress: Progress
    cluster: str | None = None
    shared: Shared | None = None

    def open_workers(self, n_films):
        """Enter a context with workers for films that are read once more: those of a cluster, or
        processes, as threads now do the fits.

        Parameters
        ----------
        n_films : int
            To work on.
        """
        if isinstance(self.workers, Cluster):
            return nullcontext(self.workers)
        return closing(make_workers(self.n_jobs, n_films, self.cluster))


def identify(benchmark, dataset):
    """Collect what decides every result of a benchmark: a run is resumed by the same alone.

    Parameters
    ----------
    benchmark : Benchmark
        Its whole configuration counts.
    dataset : Dataset
        The list of its images counts, and when their files changed.

    Returns
    -------
    identity : dict
        In the plain types of JSON, by names for people.
    """
    return {
        "version of featurex": featurex.__version__,
        "list of images": dataset.digest(),
        "labels or patients": _digest_table(dataset),
        # A phantom is drawn again for each run, and comes out the same.
        "time of change of files": "" if dataset.synthetic else _digest_times(dataset),
        "version of": describe_software(),
        "external images": {
            name: _load(given["data"]).digest() for name, given in benchmark.external.items()
        },
        "scores of rivals": {
            name: _digest_file(given["scores"]) for name, given in benchmark.rivals.items()
        },
        "weights of networks": {
            name: _digest_file(model.weights)
            for name, model in benchmark.models.items()
            if getattr(model, "describe_weights", None) and model.weights is not None
        },
        **describe(benchmark),
    }


def can_go_on(error):
    """Return whether the same command goes on after an error: workers were lost, or the disk full.

    Parameters
    ----------
    error : Exception
        That ended the run.
    """
    full = isinstance(error, DataError) and isinstance(error.__cause__, OSError)
    return isinstance(error, UnfinishedError) or (full and not isinstance(error, ImageError))


def _load(data):
    return data if isinstance(data, Dataset) else load_dataset(data)


def _digest_table(dataset):
    known = dataset.table.drop(columns=["path", "source"]).to_csv(index=False)
    return hashlib.blake2b(known.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _digest_file(path):
    try:
        return hashlib.blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()
    except OSError:
        # What is wrong with it is said when it is read.
        return "missing"


def _digest_times(dataset):
    digest = hashlib.blake2b(digest_size=16)
    for path in dataset.table["path"]:
        try:
            digest.update(f"{os.stat(parse_location(path).path).st_mtime_ns} ".encode())
        except OSError:
            digest.update(b"missing ")
    return digest.hexdigest()

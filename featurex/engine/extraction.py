"""Extraction of a whole data set: resumable, and not ended by any file."""

import functools
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from os import PathLike
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

import featurex
from featurex.chain import clone
from featurex.datasets import Dataset, image_paths, load_dataset
from featurex.engine.arrays import ArrayParts
from featurex.engine.films import work_on_films
from featurex.engine.formats import CSV, GZIP, PARQUET, check_ending, convert, name_errors
from featurex.engine.parts import claim, count_parts, plan_files, stamp_files
from featurex.engine.reading import decoding_size, error_table, fit_chain, learns_from_images
from featurex.engine.rows import compute_rows
from featurex.engine.table import Table, read_metadata
from featurex.engine.workers import Cluster, Inline, Processes
from featurex.engine.writing import RowGroups, TableFile
from featurex.errors import DataError
from featurex.files import check_writable, locked, naming_errors, replacing
from featurex.images import read_strictly
from featurex.parallel import count_jobs
from featurex.plugins import digest_plugins
from featurex.progress import Progress

_BLANK = np.zeros((1, 224, 224), np.uint8)


def extract(
    source: Dataset | str | PathLike[str] | Sequence[str | PathLike[str]],
    chain,
    *,
    n_jobs: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Table:
    """Extract the features of a data set into memory.

    Images are read, transformed and forgotten in small chunks. A chain that is not yet fitted is
    fitted first, on a seeded sample of the training images (on all splits where none is named).

    Parameters
    ----------
    source : Dataset, str or path-like
        A data set, or what `load_dataset` makes one of.
    chain : scikit-learn transformer
        From a list of 2-D images to an array of shape (n, n_columns), as
        ``make_pipeline(Preprocess(), Align(), Equalize(), features)``. It is not changed.
    n_jobs : int or None
        Processes; None means every core, 1 the calling process.
    seed : int
        Seed of the sample to fit on.
    progress : Progress or None
        Shows how far the work is; None shows nothing.

    Returns
    -------
    table : Table

    Raises
    ------
    DataError
        If no image at all could be read.
    ParameterError
        If a parameter of the chain breaks its rule.

    Examples
    --------
    >>> from featurex import IntensityStatistics, extract
    >>> table = extract("chest_xray", IntensityStatistics(), n_jobs=1)
    >>> table.columns[:3]
    ['intensity_mean', 'intensity_variance', 'intensity_skewness']
    >>> table.frame[["label", "intensity_minimum", "intensity_maximum"]].head(2)
           label  intensity_minimum  intensity_maximum
    0     NORMAL                0.0              255.0
    1  PNEUMONIA                0.0              255.0
    """
    progress, n_jobs = progress or Progress(), count_jobs(n_jobs)
    with (
        tempfile.TemporaryDirectory(prefix="featurex-") as folder,
        closing(Inline() if n_jobs == 1 else Processes(n_jobs)) as workers,
    ):
        work = _Extraction(_load(source), chain, folder, workers, seed, progress)
        work.fit()
        work.run()
        row_groups = [row_group.to_pandas() for row_group in work.row_groups]
        return Table(
            pd.concat(row_groups, ignore_index=True), error_table(work.errors), work.metadata
        )


def extract_to(
    path: str | PathLike[str],
    source: Dataset | str | PathLike[str] | Sequence[str | PathLike[str]],
    chain,
    *,
    n_jobs: int | None = None,
    cluster: str | None = None,
    restart: bool = False,
    strict: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[int, int, pd.DataFrame]:
    """Extract the features of a data set into a file, in bounded memory.

    Finished parts are kept beside it, in PATH.parts, until the table is complete: a run that was
    stopped or killed goes on where it was when it is started again, and the table is the same, byte
    by byte. Parts whose files have changed since are extracted again. A file on which a worker dies
    is set aside.

    Parameters
    ----------
    path : str or path-like
        The file, whose ending decides about the format: .parquet, .feather, .csv or .csv.gz; only
        the first two also say how the table was made. A file of that name with .errors.csv in the
        ending's place gets the files that were set aside.
    source : Dataset, str or path-like
        As in `extract`.
    chain : scikit-learn transformer
        As in `extract`.
    n_jobs : int or None
        Processes; None means every core.
    cluster : str or None
        Address of a Dask scheduler, or "local", to work there instead of in processes.
    restart : bool
        Whether to begin again where a table or parts of another configuration are in the way.
    strict : bool
        As in `featurex.read_image`, for every image.
    seed : int
        As in `extract`.
    progress : Progress or None
        As in `extract`.

    Returns
    -------
    n_images : int
        Rows of the table.
    n_columns : int
        Features of each.
    errors : pandas.DataFrame
        path, reason, detail.

    Raises
    ------
    DataError
        If PATH cannot be written, another run works on it, it holds another table, or no image
        could be read.
    ParameterError
        If a parameter of the chain breaks its rule.

    Examples
    --------
    >>> from featurex import IntensityStatistics, extract_to, read_table
    >>> n_images, n_columns, errors = extract_to(
    ...     "features.parquet", "chest_xray", IntensityStatistics(), n_jobs=1
    ... )
    >>> n_images, n_columns, len(errors)
    (6, 18, 0)
    >>> frame, metadata = read_table("features.parquet")
    >>> metadata["chain"]
    'IntensityStatistics()'
    """
    path, progress, n_jobs = Path(path), progress or Progress(), count_jobs(n_jobs)
    check_ending("path", path)
    check_writable(path.parent)
    folder = path.with_name(f"{path.name}.parts")
    dataset = _load(source)
    n_workers = min(n_jobs, count_parts(len(dataset.table)))
    with locked(folder), closing(_start_workers(n_workers, cluster)) as workers:
        work = _Extraction(dataset, chain, folder, workers, seed, progress, strict)
        if path.exists() and not restart:
            finished = work.read_finished(path)
            work.parts.remove()
            return finished
        work.fit()
        claim(work.parts, work.identity, restart)
        work.check_space(path)
        # Beside the parts, where a run that is killed leaves nothing that the next does not take
        # away.
        file = TableFile(folder / "table.parquet", work.row_groups, work.columns, work.metadata)
        with closing(file):
            work.run(file.advance)
            file.finish()
        work.publish(file, path)
        work.parts.remove()
        return file.n_rows, len(work.columns), error_table(work.errors)


def _start_workers(n_jobs, cluster):
    """Processes even for a few images: what a table costs, a file that kills one must not lose."""
    return Processes(n_jobs) if cluster is None else Cluster(cluster, n_jobs)


def _load(source):
    return source if isinstance(source, Dataset) else load_dataset(source)


class _Extraction:
    """One data set, one chain, and the parts of their table."""

    def __init__(self, dataset, chain, folder, workers, seed, progress, strict=False):
        self.dataset, self.progress, self.workers = dataset, progress, workers
        self.parts, self.seed, self.columns = ArrayParts(folder), seed, None
        # One that learns nothing is the same for all images: a table is known without fitting it.
        self.chain = clone(chain)
        if learns_from_images(chain):
            self.chain = fit_chain(chain, dataset, workers, seed, progress)
        self.paths = image_paths(self.dataset.table)
        if strict:
            self.paths[:] = [read_strictly(path) for path in self.paths]
        self.identity = {
            "version of featurex": featurex.__version__,
            "chain": joblib.hash(self.chain),
            "list of files": self.dataset.digest(),
        }
        if strict:
            self.identity["strict reading"] = "yes"
        plugins = digest_plugins()
        if plugins:
            self.identity["plugin"] = plugins
        self.plan = plan_files(self.paths, self.identity)
        self.errors = []
        # How the table was made.
        self.metadata = {
            "featurex": featurex.__version__,
            "chain": repr(self.chain),
            "chain_digest": self.identity["chain"],
            # In this place of what is written; known when the chain is fitted.
            "columns": None,
            "dataset": self.dataset.name,
            "digest": self.identity["list of files"],
            "files": stamp_files(self.paths, self.identity),
        }

    def fit(self):
        """Fit the chain, and so learn the names of its columns."""
        self.chain = fit_chain(self.chain, self.dataset, self.workers, self.seed, self.progress)
        self.columns = [str(name) for name in self.chain.get_feature_names_out()]
        _check_names(self.dataset, self.columns)
        self.metadata["columns"] = self.columns
        self.row_groups = RowGroups(self.parts, self.plan, self.dataset.known, self.columns)

    def run(self, advance_file=lambda: None):
        """Make all parts that are not there, and gather what was set aside; `advance_file` is
        called after each.
        """

        def part_done(part):
            self.row_groups.done(part)
            advance_file()

        # Compiles in this process what the workers then find on disk.
        self.chain.transform(_BLANK)
        with self.progress.stage("Reading and extracting", len(self.paths)) as advance:
            films = work_on_films(
                self.paths,
                self.plan,
                functools.partial(compute_rows, self.chain, len(self.columns)),
                self.parts,
                self.workers,
                advance,
                size=decoding_size(self.chain),
                part_done=part_done,
            )
        self.errors = films.errors
        if len(self.errors) == len(self.paths):
            first = self.errors[0]
            raise DataError(
                f"{self.dataset.name}: none of {len(self.paths)} images could be used; the first: "
                f"{first.path}: "
                f"{first.detail}"
            )

    def publish(self, file, path):
        """Write the list of files set aside, then move the finished table beside it."""
        with replacing(name_errors(path)) as temporary:
            error_table(self.errors).to_csv(temporary, index=False)
        ending = check_ending("path", path)
        if ending == PARQUET:
            with naming_errors(path):
                file.path.replace(path)
            return
        with replacing(path) as temporary:
            convert(file.path, temporary, ending)

    def read_finished(self, path):
        """Return what `extract_to` returns, for a table that is complete already."""
        try:
            metadata = read_metadata(path)
        except DataError:
            metadata = {}
        columns = metadata.get("columns", [])
        if metadata != self.metadata | {"columns": columns}:
            reason = "comes from other files or another configuration or version"
            if check_ending("path", path) in (CSV, GZIP):
                reason = "such a file does not say how it was made"
            raise DataError(
                f"{path} exists, and {reason}: begin again with --restart, or name another --out"
            )
        self.progress.say(f"{path} is complete already: nothing to do")
        errors = pd.read_csv(name_errors(path), keep_default_na=False)
        n_failed = len(errors)
        return len(self.paths) - n_failed, len(columns), errors

    def check_space(self, path):
        """Refuse to begin where the disk cannot hold parts and table."""
        needed = 2 * 4 * len(self.paths) * len(self.columns)
        free = shutil.disk_usage(path.parent).free
        if needed > free:
            raise DataError(
                f"{path} and its parts need about {needed / 1e6:,.0f} MB, but {free / 1e6:,.0f} "
                f"MB are free there; "
                "make room, or name another --out"
            )


def _check_names(dataset, columns):
    """Refuse columns of a list that are called as the table's own are."""
    taken = {"content", *columns}.intersection(dataset.table.columns)
    if taken:
        raise DataError(
            f"{dataset.name}: the column {min(taken)} of its list is called as a feature is; "
            f"rename it in the list"
        )

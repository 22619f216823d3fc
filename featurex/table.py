"""Streams a data set through a chain, in parallel, to a table of features with its provenance."""

import functools
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

import featurex
from featurex.datasets import Dataset, load_dataset
from featurex.errors import DataError, ImageError, ParameterError
from featurex.files import replacing
from featurex.images import read_image
from featurex.parallel import chunks, count_jobs, run_jobs
from featurex.preprocess import Preprocess
from featurex.progress import Progress

ERROR_COLUMNS = ("path", "reason", "detail")
_METADATA_KEY = b"featurex"
# Images that a thread holds at a time: enough that its Python overhead vanishes, few enough to stay small.
CHUNK = 16
# A mean chest hardly moves after so many images.
_FIT_IMAGES = 1000


@dataclass(frozen=True)
class Table:
    """Features of a data set, what could not be read, and how it was made.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_images, 6 + n_columns)
        The data set's columns (path, label, subtype, patient, split, source), then the features.
    errors : pandas.DataFrame
        path, reason, detail: one row for each image that was set aside.
    metadata : dict
        featurex version, chain, feature columns, digest of the file list.
    """

    frame: pd.DataFrame
    errors: pd.DataFrame
    metadata: dict

    @property
    def columns(self):
        """The names of the features, in order."""
        return self.metadata["columns"]

    def write(self, path):
        """Write frame and metadata to a Parquet file, which appears whole or not at all."""
        table = pyarrow.Table.from_pandas(self.frame, preserve_index=False)
        stored = {**table.schema.metadata, _METADATA_KEY: json.dumps(self.metadata).encode()}
        with replacing(path) as temporary:
            pyarrow.parquet.write_table(table.replace_schema_metadata(stored), temporary, compression="zstd")


def read_table(path):
    """Read a table of features that `Table.write` has written.

    Parameters
    ----------
    path : str or path-like
        A Parquet file.

    Returns
    -------
    frame : pandas.DataFrame
    metadata : dict
        Empty where featurex did not write the file.
    """
    table = pyarrow.parquet.read_table(path)
    stored = (table.schema.metadata or {}).get(_METADATA_KEY, b"{}")
    return table.to_pandas(), json.loads(stored)


def extract(source, chain, *, n_jobs=None, seed=0, progress=None):
    """Stream every image of a data set through a chain of transformers.

    Images are read, transformed and forgotten in small chunks. A chain that is not yet fitted is
    fitted first, on a seeded sample of the training images (on all splits where none is named).

    Parameters
    ----------
    source : Dataset, str or path-like
        A data set, or what `load_dataset` makes one of.
    chain : scikit-learn transformer
        From a list of 2-D images to an array of shape (n, n_columns), as ``make_pipeline(Preprocess(),
        Align(), Equalize(), features)``. It is not changed.
    n_jobs : int or None
        Processes; None means every core.
    seed : int
        Of the sample to fit on.
    progress : Progress or None

    Returns
    -------
    table : Table

    Raises
    ------
    DataError
        If no image at all could be read.
    ParameterError
        If a parameter of the chain breaks its rule.
    """
    dataset = source if isinstance(source, Dataset) else load_dataset(source)
    n_jobs = count_jobs(n_jobs)
    progress = progress or Progress()
    chain = _fitted(chain, dataset, n_jobs, seed, progress)
    size = _decoding_size(chain)
    paths = dataset.table["path"].to_numpy()

    parts = chunks(len(paths), CHUNK)
    job = functools.partial(_read_and_transform, chain, paths, size)
    with progress.stage("Reading and extracting", len(parts)) as advance:
        results, _ = run_jobs(job, parts, n_jobs, advance, processes=True)
    errors = error_table([error for _, _, found in results for error in found])
    kept = np.concatenate([kept for kept, _, _ in results])
    if len(kept) == 0:
        first = errors.iloc[0]
        raise DataError(
            f"{dataset.name}: none of {len(paths)} images could be used; the first: {first['path']}: {first['detail']}"
        )
    columns = [str(name) for name in chain.get_feature_names_out()]
    features = np.concatenate([values for _, values, _ in results if len(values)])
    frame = pd.concat(
        [
            dataset.table.iloc[kept].reset_index(drop=True),
            pd.DataFrame(features, columns=columns),
        ],
        axis=1,
    )
    metadata = {
        "featurex": featurex.__version__,
        "chain": repr(chain),
        "columns": columns,
        "dataset": dataset.name,
        "digest": dataset.digest(),
    }
    return Table(frame, errors, metadata)


def read_images(paths, size, transform, n_jobs, advance=None):
    """Read images and bring each to its working form, in parallel.

    Parameters
    ----------
    paths : sequence of str
    size : int or None
        Working size, a hint for the decoder.
    transform : callable (list of images) -> sequence of images
        As Preprocess(size).transform.
    n_jobs : int
    advance : callable or None
        Called after each chunk of `CHUNK` images.

    Returns
    -------
    kept : array of int
        Positions in `paths` of the images that could be read.
    images : list of 2-D arrays
    errors : list of ImageError
    cpu_seconds : float
    """

    def job(part):
        kept, images, errors = _read(paths, range(part.start, part.stop), size)
        return kept, list(transform(images)) if images else [], errors

    results, seconds = run_jobs(job, chunks(len(paths), CHUNK), n_jobs, advance)
    kept = np.array([position for found, _, _ in results for position in found], dtype=np.intp)
    images = [image for _, found, _ in results for image in found]
    errors = [error for _, _, found in results for error in found]
    return kept, images, errors, sum(seconds)


def error_table(errors):
    """One row (path, reason, detail) for each ImageError."""
    return pd.DataFrame([(error.path, error.reason, error.detail) for error in errors], columns=list(ERROR_COLUMNS))


def _read(paths, positions, size):
    kept, images, errors = [], [], []
    for position in positions:
        try:
            images.append(read_image(paths[position], size=size))
            kept.append(position)
        except ImageError as error:
            errors.append(error)
    return kept, images, errors


def _read_and_transform(chain, paths, size, part):
    return _transform(chain, paths, *_read(paths, range(part.start, part.stop), size))


def _transform(chain, paths, kept, images, errors):
    """Transform a chunk; where that fails, image by image, so that one image costs only itself."""
    if not images:
        return np.empty(0, np.intp), np.empty((0, 0), np.float32), errors
    try:
        return np.array(kept), np.asarray(chain.transform(images)), errors
    except ParameterError:
        return _transform_singly(chain, paths, kept, images, errors)


def _transform_singly(chain, paths, kept, images, errors):
    rows, used = [], []
    for position, image in zip(kept, images, strict=True):
        try:
            rows.append(np.asarray(chain.transform([image]))[0])
            used.append(position)
        except ParameterError as error:
            errors.append(ImageError("UNUSABLE", paths[position], str(error)))
    return np.array(used, np.intp), np.array(rows, np.float32), errors


def _fitted(chain, dataset, n_jobs, seed, progress):
    try:
        check_is_fitted(chain)
        return chain
    except NotFittedError:
        chain = clone(chain)
    table = dataset.table
    training = np.flatnonzero(table["split"].to_numpy() != "test")
    if len(training) == 0:
        training = np.arange(len(table))
    sample = np.random.default_rng(seed).permutation(training)[:_FIT_IMAGES]
    paths = table["path"].to_numpy()[np.sort(sample)]
    size = _decoding_size(chain)
    first = _steps(chain)[0]
    shrink = clone(first).transform if isinstance(first, Preprocess) else list
    with progress.stage("Fitting to a sample", len(chunks(len(paths), CHUNK))) as advance:
        _, images, errors, _ = read_images(paths, size, shrink, n_jobs, advance)
    if not images:
        raise DataError(f"{dataset.name}: none of {len(paths)} images could be used; the first: {errors[0]}")
    return chain.fit(images)


def _steps(chain):
    return [step for _, step in getattr(chain, "steps", [("", chain)])]


def _decoding_size(chain):
    """The size to which the chain's first step resizes every image, as a hint for scaled decoding."""
    first = _steps(chain)[0]
    return first.size if isinstance(first, Preprocess) else None

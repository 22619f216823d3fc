"""Images into memory, and through a chain; what cannot be used is set aside by name."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xxhash

from featurex.chain import clone, is_fitted, learns
from featurex.datasets import image_paths
from featurex.errors import DataError, ImageError, ParameterError
from featurex.images import read_image
from featurex.parallel import chunks, run_jobs
from featurex.preprocess import Preprocess

ERROR_COLUMNS = ("path", "reason", "detail")
# Images that a job holds at a time: enough that its Python overhead vanishes, few enough to stay
# small.
CHUNK = 16
# A mean chest hardly moves after so many images; extractors only look at the shape of one, which
# must be readable.
_FIT_IMAGES, _SHAPE_IMAGES = 1000, 64


class Rows(NamedTuple):
    """Features of a few images.

    Parameters
    ----------
    kept : int array, shape (n,)
        Positions of the images among the paths given.
    contents : list of n str
        Digest of each image's pixels as they were read.
    values : float32 array, shape (n, n_columns)
        One row for each image that is kept.
    errors : list of ImageError
        One for each image that is not kept.
    """

    kept: np.ndarray
    contents: list[str]
    values: np.ndarray
    errors: list[ImageError]


def read_images(paths, size, transform, n_jobs, advance=None):
    """Read images and bring each to its working form, in parallel.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    size : int or None
        Working size, a hint for the decoder.
    transform : callable (list of images) -> sequence of images
        As Preprocess(size).transform.
    n_jobs : int
        Threads; see `featurex.parallel.run_jobs`.
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
        kept, images, errors = read_few(paths[part], size)
        return (
            [part.start + position for position in kept],
            list(transform(images)) if images else [],
            errors,
        )

    results, seconds = run_jobs(job, chunks(len(paths), CHUNK), n_jobs, advance)
    kept = np.array([position for part, _, _ in results for position in part], dtype=np.intp)
    images = [image for _, part, _ in results for image in part]
    errors = [error for _, _, part in results for error in part]
    return kept, images, errors, sum(seconds)


def read_rows(paths, chain):
    """Read images and extract their features.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    chain : fitted scikit-learn transformer
        From a list of 2-D images to features.

    Returns
    -------
    rows : Rows
    """
    parts = []
    for part in chunks(len(paths), CHUNK):
        kept, images, errors = read_few(paths[part], decoding_size(chain))
        contents = [_digest(image) for image in images]
        rows = _transform(chain, paths[part], kept, images, errors)
        used = set(rows.kept.tolist())
        contents = [
            content for position, content in zip(kept, contents, strict=True) if position in used
        ]
        parts.append(rows._replace(kept=rows.kept + part.start, contents=contents))
    filled = [rows.values for rows in parts if len(rows.kept)]
    return Rows(
        np.concatenate([rows.kept for rows in parts]),
        [content for rows in parts for content in rows.contents],
        np.concatenate(filled) if filled else np.empty((0, 0), np.float32),
        [error for rows in parts for error in rows.errors],
    )


def fit_chain(chain, dataset, n_jobs, seed, progress):
    """Return a fitted chain: itself, or a copy fitted to a seeded sample of the training images.

    Parameters
    ----------
    chain : scikit-learn transformer
        It is not changed.
    dataset : Dataset
        Its training images are sampled; all of them where no split is named.
    n_jobs : int
        Threads that read the sample.
    seed : int
        Seed of the sample.
    progress : Progress
        Shows how far the reading is.

    Returns
    -------
    chain : scikit-learn transformer

    Raises
    ------
    DataError
        If no image of the sample could be read.
    """
    # A pipeline of scikit-learn asks its last step only.
    if all(map(is_fitted, _steps(chain))):
        return chain
    chain = clone(chain)
    table = dataset.table
    training = np.flatnonzero(table["split"].to_numpy() != "test")
    if len(training) == 0:
        training = np.arange(len(table))
    sample = np.random.default_rng(seed).permutation(training)[
        : _FIT_IMAGES if _learns(chain) else _SHAPE_IMAGES
    ]
    paths = image_paths(table.iloc[np.sort(sample)])
    first = _steps(chain)[0]
    shrink = clone(first).transform if isinstance(first, Preprocess) else list
    with progress.stage("Fitting to a sample", len(chunks(len(paths), CHUNK))) as advance:
        _, images, errors, _ = read_images(paths, decoding_size(chain), shrink, n_jobs, advance)
    if not images:
        raise DataError(
            f"{dataset.name}: none of {len(paths)} images could be used; the first: {errors[0]}"
        )
    return chain.fit(images)


def decoding_size(chain):
    """Return the size to which the first step resizes every image, a hint for scaled decoding."""
    first = _steps(chain)[0]
    return first.size if isinstance(first, Preprocess) else None


def error_table(errors):
    """Make a table of one row (path, reason, detail) for each ImageError."""
    return pd.DataFrame(
        [(error.path, error.reason, error.detail) for error in errors], columns=list(ERROR_COLUMNS)
    )


def read_few(paths, size):
    """Read a few images in this thread.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    size : int or None
        Working size, a hint for the decoder.

    Returns
    -------
    kept : list of int
        Positions in `paths` of the images that could be read.
    images : list of 2-D arrays
    errors : list of ImageError
    """
    kept, images, errors = [], [], []
    for position, path in enumerate(paths):
        try:
            images.append(read_image(path, size=size))
            kept.append(position)
        except ImageError as error:
            errors.append(error)
    return kept, images, errors


def _digest(image):
    """Digest the pixels and their shape and type: 128 bits of XXH3, hexadecimal.

    It tells images apart, and guards against nobody; SHA-256 took a tenth of the time of an
    extraction.
    """
    digest = xxhash.xxh3_128(f"{image.dtype.str} {image.shape} ".encode())
    digest.update(np.ascontiguousarray(image))
    return digest.hexdigest()


def _transform(chain, paths, kept, images, errors):
    """Transform a chunk; where that fails, image by image, so that one image costs only itself."""
    if not images:
        return Rows(np.empty(0, np.intp), [], np.empty((0, 0), np.float32), errors)
    try:
        return Rows(
            np.array(kept, np.intp), [], np.asarray(chain.transform(images), np.float32), errors
        )
    except ParameterError:
        return _transform_singly(chain, paths, kept, images, errors)


def _transform_singly(chain, paths, kept, images, errors):
    values, used = [], []
    for position, image in zip(kept, images, strict=True):
        try:
            values.append(np.asarray(chain.transform([image]), np.float32)[0])
            used.append(position)
        except ParameterError as error:
            errors.append(ImageError("UNUSABLE", paths[position], str(error)))
    return Rows(np.array(used, np.intp), [], np.array(values, np.float32), errors)


def _learns(chain):
    """Return whether a step of the chain learns from images."""
    steps = [
        part
        for step in _steps(chain)
        for _, part in getattr(step, "transformer_list", [("", step)])
    ]
    return any(map(learns, steps))


def _steps(chain):
    return [step for _, step in getattr(chain, "steps", [("", chain)])]

"""Images into memory, and through a chain; what cannot be used is set aside by name."""

import functools

import numpy as np

from featurex.chain import clone, is_fitted, learns
from featurex.engine.workers import CRASHED
from featurex.errors import DataError, ImageError
from featurex.images import read_image
from featurex.parallel import chunks
from featurex.preprocess import Preprocess

ERROR_COLUMNS = ("path", "reason", "detail")
# Images that a job holds at a time: enough that its Python overhead vanishes, few enough to stay
# small.
CHUNK = 16
# A mean chest hardly moves after so many images; extractors only look at the shape of one, which
# must be readable: it is looked for among so many.
_FIT_IMAGES, _SHAPE_IMAGES = 1000, 64


def fit_chain(chain, dataset, workers, seed, progress):
    """Return a fitted chain: itself, or a copy fitted to a seeded sample of the training images.

    Parameters
    ----------
    chain : scikit-learn transformer
        It is not changed.
    dataset : Dataset
        Its training images are sampled; all of them where no split is named.
    workers : Inline, Processes or Cluster
        Who reads the sample.
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
    # Late, as pandas is below: a few films need neither.
    from featurex.datasets import image_paths

    chain = clone(chain)
    table = dataset.table
    training = np.flatnonzero(table["split"].to_numpy() != "test")
    if len(training) == 0:
        training = np.arange(len(table))
    learning = learns_from_images(chain)
    sample = np.random.default_rng(seed).permutation(training)[
        : _FIT_IMAGES if learning else _SHAPE_IMAGES
    ]
    paths = image_paths(table.iloc[np.sort(sample)])
    first = _steps(chain)[0]
    read = functools.partial(_read_sample, clone(first) if isinstance(first, Preprocess) else None)
    if learning:
        results = _read_all(read, paths, workers, progress)
    else:
        results = _read_one(read, paths, workers)
    images = [image for start in sorted(results) for image in results[start][0]]
    if not images:
        errors = [error for start in sorted(results) for error in results[start][1]]
        first = f"; the first: {errors[0]}" if errors else ""
        raise DataError(f"{dataset.name}: none of {len(paths)} images could be used{first}")
    return chain.fit(images)


def _read_all(read, paths, workers, progress):
    """Read all images of a sample: first place -> images, errors."""
    results = {}
    with progress.stage("Fitting to a sample", len(paths)) as advance:
        jobs = ((part.start, list(paths[part])) for part in chunks(len(paths), CHUNK))
        for (start, some), result in workers.run(read, jobs):
            # Of a worker that died: the sample is smaller, and the film is found later.
            results[start] = ([], []) if result is CRASHED else result
            advance(len(some))
    return results


def _read_one(read, paths, workers):
    """Read images one by one until one can be used, as `_read_all` does."""
    results = {}
    for start, path in enumerate(paths):
        ((_, result),) = workers.run(read, [(start, [path])])
        results[start] = ([], []) if result is CRASHED else result
        if results[start][0]:
            break
    return results


def _read_sample(shrink, job):
    """Read a few images to fit on, resized where the chain would begin with that."""
    _, paths = job
    _, images, errors = read_few(paths, None if shrink is None else shrink.size)
    return images if shrink is None or not images else list(shrink.transform(images)), errors


def decoding_size(chain):
    """Return the size to which the first step resizes every image, a hint for scaled decoding."""
    first = _steps(chain)[0]
    return first.size if isinstance(first, Preprocess) else None


def error_table(errors):
    """Make a table of one row (path, reason, detail) for each ImageError."""
    import pandas as pd

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


def learns_from_images(chain):
    """Return whether a step of the chain learns from images: bool."""
    steps = [
        part
        for step in _steps(chain)
        for _, part in getattr(step, "transformer_list", [("", step)])
    ]
    return any(map(learns, steps))


def _steps(chain):
    return [step for _, step in getattr(chain, "steps", [("", chain)])]

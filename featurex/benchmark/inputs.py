"""What models are given: the images of each input and their features, real and in a swapped framing."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from featurex.evaluation.framing import choose_partners, swap_framing
from featurex.lungs import Align
from featurex.parallel import chunks, run_jobs

# Images a job: large enough to make its overhead vanish, small enough to keep the bar moving.
_CHUNK = 32


@dataclass(frozen=True)
class Block:
    """One kind of features of one input, for all images.

    Parameters
    ----------
    values : array of shape (n, ...)
        Columns (n, n_columns), or images (n, size, size) for a CNN.
    swapped : array of shape (n_training, ...)
        Of the training images, each in the framing of a patient of another class.
    columns : tuple of str
    ms_per_image : float
        Processor time from the resized image to these values, milliseconds.
    """

    values: np.ndarray
    swapped: np.ndarray
    columns: tuple[str, ...]
    ms_per_image: float


@dataclass(frozen=True)
class Framing:
    """How the training images are framed, and the same images in another framing.

    Parameters
    ----------
    align : Align
        Fitted on the training images.
    registration : Registration
        Of all images.
    swapped : list of arrays
        The training images, each framed like its partner of another class.
    """

    align: Align
    registration: object
    swapped: list


def fit_input(steps, images, training):
    """Fit an input's steps on the training images.

    Parameters
    ----------
    steps : list of transformers
        May be empty: the images as they are.
    images : list of 2-D arrays
    training : bool array, shape (n,)

    Returns
    -------
    chain : sklearn.pipeline.Pipeline
    """
    chain = Pipeline(
        [(type(step).__name__.lower(), clone(step)) for step in steps] or [("as_is", "passthrough")]
    )
    return chain.fit([image for image, used in zip(images, training, strict=True) if used])


def swap_framings(chains, samples, seed, n_jobs, advance=None):
    """Register all images, and warp each training image into a framing of another class.

    The registration is that of the first input that aligns, else one with default parameters: inputs
    that do not align are put to the same test.

    Parameters
    ----------
    chains : dict of name to fitted Pipeline
    samples : Samples
    seed : int
        Of the choice of partners.
    n_jobs : int
    advance : callable or None

    Returns
    -------
    framing : Framing
    """
    aligning = [step for chain in chains.values() for _, step in chain.steps if isinstance(step, Align)]
    training = np.flatnonzero(samples.training)
    align = aligning[0] if aligning else Align().fit([samples.images[i] for i in training])
    parts = chunks(len(samples.images), _CHUNK)
    found, _ = run_jobs(lambda part: align.register(samples.images[part]), parts, n_jobs, advance)
    registration = type(found[0]).concatenate(found)
    ours = registration[training]
    partners = choose_partners(samples.labels[training], ours, seed)
    images = [samples.images[i] for i in training]
    return Framing(align, registration, swap_framing(images, ours, partners))


def transform_images(chain, images, n_jobs, advance=None):
    """Run an input's chain over images, in parallel.

    Returns
    -------
    images : array of shape (n, rows, columns)
    ms_per_image : float
        Processor time, milliseconds.
    """
    parts = chunks(len(images), _CHUNK)
    found, seconds = run_jobs(lambda part: chain.transform(images[part]), parts, n_jobs, advance)
    return np.concatenate([np.asarray(part) for part in found]), 1e3 * sum(seconds) / len(images)


def extract_block(extractor, images, swapped, base_ms, n_jobs, advance=None):
    """Extract one family from the images of an input and from their swapped twins.

    Parameters
    ----------
    extractor : Extractor
    images : array of shape (n, rows, columns)
    swapped : array of shape (n_training, rows, columns)
    base_ms : float
        What each image has cost so far, milliseconds.
    n_jobs : int
    advance : callable or None

    Returns
    -------
    block : Block
    """
    extractor = clone(extractor).fit(images[:1])
    values, ms = transform_images(extractor, images, n_jobs, advance)
    twins, _ = transform_images(extractor, swapped, n_jobs, advance)
    return Block(values, twins, tuple(map(str, extractor.get_feature_names_out())), base_ms + ms)


def join_blocks(blocks, base_ms):
    """Put families side by side; what an input costs before them counts once."""
    if len(blocks) == 1:
        return blocks[0]
    return Block(
        np.concatenate([block.values for block in blocks], axis=1),
        np.concatenate([block.swapped for block in blocks], axis=1),
        tuple(name for block in blocks for name in block.columns),
        base_ms + sum(block.ms_per_image - base_ms for block in blocks),
    )

"""What models are given: the images of each input and their features, in their own framing and
swapped.
"""

import functools
from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from featurex.challenges.appearance import swap_appearance
from featurex.challenges.framing import choose_partners, swap_framing
from featurex.lungs import Align, Registration
from featurex.parallel import chunks, run_jobs
from featurex.preprocess import Preprocess
from featurex.runs import APPEARANCE, FRAMING
from featurex.scorers.typical import Typical

# Images a job: large enough to make its overhead vanish, small enough to keep the bar moving.
CHUNK = 32


@dataclass(frozen=True)
class Block:
    """One kind of features of one input, for all images.

    Parameters
    ----------
    values : array of shape (n, ...)
        Columns (n, n_columns), or images (n, size, size) for a CNN.
    swapped : dict of str to array of shape (n_training, ...)
        By the name of the swap: of the training images, each in the framing, or with the
        appearance, of a patient of another class.
    columns : tuple of str
        Their names; none for images.
    ms_per_image : float
        Processor time from the file to these values, milliseconds.
    """

    values: np.ndarray
    swapped: dict[str, np.ndarray]
    columns: tuple[str, ...]
    ms_per_image: float

    def typical(self, rows):
        """What the columns of some images are like; see `Typical`."""
        return Typical.from_columns(self.values[rows])

    @property
    def n_columns(self):
        """Numbers that a model is given of one image."""
        return int(np.prod(self.values.shape[1:]))

    def usual(self, rows):
        """Mean and standard deviation of every pixel over some images: float32 array, shape (2,
        side, side).
        """
        images = self.values[rows].astype(np.float32)
        return np.stack([images.mean(axis=0), images.std(axis=0)])


@dataclass(frozen=True)
class Framing:
    """How the images are framed, and the training images as other images are framed or look.

    Parameters
    ----------
    registration : Registration
        Of all images.
    swapped : dict of str to list of arrays
        By the name of the swap, as in `featurex.runs.SWAPS`: the training images, each like its
        partner of another class.
    """

    registration: Registration
    swapped: dict[str, list]


def fit_input(steps, samples):
    """Fit an input's steps on the training images.

    Parameters
    ----------
    steps : list of transformers
        May be empty: the images as they are.
    samples : Samples
        All images, and which of them are for training.

    Returns
    -------
    chain : sklearn.pipeline.Pipeline
    """
    named = [(type(step).__name__.lower(), clone(step)) for step in steps]
    return Pipeline(named or [("as_is", "passthrough")]).fit(samples.training_images)


def swap_images(chains, samples, seed, n_jobs, progress):
    """Register all images, and give each training image the framing of another class, and the
    appearance of another.

    The registration is that of the first input that aligns, else one with default parameters:
    models whose input does not align are tested by the same swap.

    Parameters
    ----------
    chains : dict of name to fitted Pipeline
        The chain of every input.
    samples : Samples
        All images, and which of them are for training.
    seed : int
        Of the choice of partners.
    n_jobs : int
        Threads or processes.
    progress : Progress
        Is told what is being done.

    Returns
    -------
    framing : Framing
    """
    aligning = [
        step for chain in chains.values() for _, step in chain.steps if isinstance(step, Align)
    ]
    align = aligning[0] if aligning else Align()
    parts = chunks(len(samples.images), CHUNK)
    with progress.stage("Registering to the mean chest", len(parts)) as advance:
        registered, _ = run_jobs(
            lambda part: align.register(samples.images[part]), parts, n_jobs, advance
        )
    registration = type(registered[0]).concatenate(registered)
    training = registration[np.flatnonzero(samples.training)]
    partners = choose_partners(samples.labels[samples.training], training, seed)
    with progress.stage("Swapping framing and appearance", 2) as advance:
        framed = swap_framing(samples.training_images, training, partners)
        advance()
        restyled = swap_appearance(samples.training_images, training, partners)
        advance()
    return Framing(registration, {FRAMING: framed, APPEARANCE: restyled})


def extract_input(name, chain, extractors, pixel_side, samples, framing, n_jobs, progress):
    """Prepare all images for one input, and extract every family.

    Parameters
    ----------
    name : str
        Of the input.
    chain : fitted Pipeline
        From images of the working size to those of the input.
    extractors : dict of family to Extractor
        What computes the columns of each family.
    pixel_side : int
        To which images are resized for a CNN, which would do the same; only these are kept in
        memory.
    samples : Samples
        All images, and which of them are for training.
    framing : Framing
        The training images in other framings.
    n_jobs : int
        Threads or processes.
    progress : Progress
        Is told what is being done.

    Returns
    -------
    pixels : Block
        The images, small.
    families : dict of family to Block
    """

    def block(title, transformer, images, swapped, base_ms):
        n_steps = sum(len(chunks(len(stack), CHUNK)) for stack in (images, *swapped.values()))
        with progress.stage(f"{title} ({name})", n_steps) as advance:
            values, ms = _transform(transformer, images, n_jobs, advance)
            others = {
                swap: _transform(transformer, stack, n_jobs, advance)[0]
                for swap, stack in swapped.items()
            }
        return Block(values, others, (), base_ms + ms)

    prepared = block("Preparing images", chain, samples.images, framing.swapped, samples.read_ms)
    images, swapped, base_ms = prepared.values, prepared.swapped, prepared.ms_per_image
    families = {}
    for family, extractor in extractors.items():
        extractor = clone(extractor).fit(images[:1])
        extracted = block(f"Extracting {family}", extractor, images, swapped, base_ms)
        families[family] = replace(
            extracted, columns=tuple(map(str, extractor.get_feature_names_out()))
        )
    # The hundredths of a millisecond to resize are left out: all blocks include the same base time.
    pixels = block(
        "Resizing for the CNN",
        Preprocess(pixel_side),
        np.ma.getdata(images),
        {swap: np.ma.getdata(stack) for swap, stack in swapped.items()},
        base_ms,
    )
    return replace(pixels, ms_per_image=base_ms), families


def join_blocks(blocks, pixels):
    """Put families side by side; what the images cost counts once.

    Parameters
    ----------
    blocks : list of Block
        Of the families, in the order of their columns.
    pixels : Block
        Of the same input.

    Returns
    -------
    block : Block
        `pixels` itself where `blocks` is empty.
    """
    if not blocks:
        return pixels
    extra_ms = [block.ms_per_image - pixels.ms_per_image for block in blocks]
    return Block(
        np.concatenate([block.values for block in blocks], axis=1),
        {
            swap: np.concatenate([block.swapped[swap] for block in blocks], axis=1)
            for swap in pixels.swapped
        },
        tuple(name for block in blocks for name in block.columns),
        pixels.ms_per_image + sum(extra_ms),
    )


def _transform(transformer, images, n_jobs, advance):
    """Transform in parallel: the array, and processor milliseconds an image."""
    parts = (images[part] for part in chunks(len(images), CHUNK))
    function = functools.partial(_transform_part, transformer)
    transformed, seconds = run_jobs(function, parts, n_jobs, advance, processes=True)
    join = np.ma.concatenate if isinstance(transformed[0], np.ma.MaskedArray) else np.concatenate
    return join(transformed), 1e3 * sum(seconds) / len(images)


def _transform_part(transformer, images):
    values = transformer.transform(images)
    return values if isinstance(values, np.ma.MaskedArray) else np.asarray(values)

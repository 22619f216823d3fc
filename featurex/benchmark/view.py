"""What a model sees of an image: its input and its features, for images that took no part so
far.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from featurex.preprocess import Preprocess
from featurex.runs import Entry


@dataclass(frozen=True)
class View:
    """The way from images of the working size to what one model is given.

    Parameters
    ----------
    entry : Entry
    chain : fitted Pipeline
        Of its input.
    extractors : tuple of Extractor
        None for pixels.
    pixel_side : int
        To which images are resized for a CNN.
    """

    entry: Entry
    chain: Pipeline
    extractors: tuple
    pixel_side: int


def look(views, images):
    """Show images to several models; each input is prepared once.

    Parameters
    ----------
    views : list of View
    images : list of arrays of shape (size, size)

    Returns
    -------
    values : list of arrays of shape (n, ...)
        As in `Block`, for each view.
    """
    chains = {view.entry.input: view.chain for view in views}
    prepared = {name: chain.transform(images) for name, chain in chains.items()}
    return [_extract(view, prepared[view.entry.input]) for view in views]


def join_parts(parts):
    """Of each view the values of all images, from what `look` gave of one part after the other."""
    return [np.concatenate(own) for own in zip(*parts, strict=True)]


def _extract(view, prepared):
    if not view.extractors:
        return Preprocess(view.pixel_side).transform(np.ma.getdata(prepared))
    fitted = [clone(extractor).fit(prepared[:1]) for extractor in view.extractors]
    return np.concatenate(
        [np.asarray(extractor.transform(prepared)) for extractor in fitted], axis=1
    )

"""What a model is given of an image: its input and its features, for images that took no part so
far.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline

from featurex.benchmark.recipes import prepare
from featurex.preprocess import Preprocess
from featurex.runs import Entry


@dataclass(frozen=True)
class View:
    """The way from images of the working size to what one model is given.

    It holds no model, so that it can be sent to worker processes at little cost.

    Parameters
    ----------
    entry : Entry
        The model's name.
    chain : fitted Pipeline
        From images of the working size to those of its input.
    extractors : tuple of fitted Extractor
        Whose columns stand side by side; none for pixels.
    pixel_side : int
        To which images are resized for a CNN.
    """

    entry: Entry
    chain: Pipeline
    extractors: tuple
    pixel_side: int


def compute_inputs(views, images):
    """Compute what several models are given; each input is prepared once.

    Parameters
    ----------
    views : list of View
        Of the models.
    images : list of arrays of shape (size, size)
        Of the working size.

    Returns
    -------
    values : list of arrays of shape (n, ...)
        Columns or small images, as in `Block`, for each view.
    """
    chains = {view.entry.input: view.chain for view in views}
    prepared = {name: some for name, some, _ in prepare(chains, images)}
    return [_extract(view, prepared[view.entry.input]) for view in views]


def _extract(view, prepared):
    if not view.extractors:
        return Preprocess(view.pixel_side).transform(np.ma.getdata(prepared))
    return np.concatenate(
        [np.asarray(extractor.transform(prepared)) for extractor in view.extractors], axis=1
    )

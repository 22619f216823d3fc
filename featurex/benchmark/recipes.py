"""How every input is prepared, and what is computed on it."""

import time
from dataclasses import dataclass

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from featurex.chain import learns
from featurex.errors import ParameterError
from featurex.features import Extractor
from featurex.lungs import Align
from featurex.preprocess import Preprocess
from featurex.runs import PIXELS

# A step that learns from images hardly moves after so many.
_FIT_IMAGES = 1000
# What stands in the place of a step where images stay as they are; as scikit-learn calls it.
_AS_IS = "passthrough"


@dataclass(frozen=True)
class Recipe:
    """How one input is prepared, and what is computed on it.

    Parameters
    ----------
    chain : fitted Pipeline
        From images of the working size to those of the input.
    extractors : dict of family to fitted Extractor
        What computes the columns of each family.
    pixel_side : int
        To which images are resized for a CNN, which would do the same.
    """

    chain: Pipeline
    extractors: dict
    pixel_side: int

    @property
    def aligns(self):
        """Whether the first step needs to know where the mean chest lies in an image."""
        return _aligns(self.chain.steps[0][1])

    @property
    def columns(self):
        """Names of the columns of each family: dict of str to tuple of str."""
        return {
            family: tuple(map(str, extractor.get_feature_names_out()))
            for family, extractor in self.extractors.items()
        }

    def compute(self, images):
        """Prepare some images, and compute everything of them.

        Parameters
        ----------
        images : list of arrays of shape (size, size)
            Of the working size.

        Returns
        -------
        values, seconds : dict
            As `extract` returns them.
        """
        return self.extract(self.chain.transform(images))

    def extract(self, prepared):
        """Compute everything of images that are prepared.

        Parameters
        ----------
        prepared : array of shape (n, rows, columns), or list of 2-D arrays
            As `prepare` makes them.

        Returns
        -------
        values : dict of str to array of shape (n, ...)
            Small images under `PIXELS`, and columns under the families.
        seconds : dict of str to float
            Processor time of each family.
        """
        plain = np.ma.getdata(prepared) if isinstance(prepared, np.ma.MaskedArray) else prepared
        values, seconds = {PIXELS: Preprocess(self.pixel_side).transform(plain)}, {}
        for family, extractor in self.extractors.items():
            start = time.thread_time()
            values[family] = np.asarray(extractor.transform(prepared))
            seconds[family] = time.thread_time() - start
        return {name: np.asarray(array) for name, array in values.items()}, seconds


def prepare(chains, images, registration=None):
    """Prepare images for several inputs; steps with which chains begin alike are done once.

    Parameters
    ----------
    chains : dict of str to fitted Pipeline
        By name of the input. Steps that are one object count as the same, as `fit_recipes` makes
        them.
    images : array of shape (n, size, size), or list of 2-D arrays
        Of the working size.
    registration : Registration or None
        Where the mean chest lies in them, if that is known: `Align` as a first step then does not
        look for it again.

    Yields
    ------
    name : str
        Of the input.
    prepared : array of shape (n, rows, columns), or list of 2-D arrays
    seconds : float
        Processor time of all steps of this input, whether shared or not.
    """
    known = {(): (images, 0.0)}
    for name, chain in chains.items():
        steps = [step for _, step in chain.steps if step != _AS_IS]
        for number, step in enumerate(steps):
            before, path = (tuple(map(id, steps[:stop])) for stop in (number, number + 1))
            if path not in known:
                earlier, spent = known[before]
                start = time.thread_time()
                if registration is not None and not before and _aligns(step):
                    prepared = step.warp(earlier, registration)
                else:
                    prepared = step.transform(earlier)
                known[path] = prepared, spent + time.thread_time() - start
        yield name, *known[tuple(map(id, steps))]


def find_align(inputs):
    """Find what registers all images: the first input that aligns, else default parameters.

    Models whose input does not align are tested by the same swap of framings.

    Parameters
    ----------
    inputs : dict of str to list of transformers
        The steps of every input.

    Returns
    -------
    align : Align
    """
    aligning = [step for steps in inputs.values() for step in steps if isinstance(step, Align)]
    return clone(aligning[0]) if aligning else Align()


def learn(steps, extractors):
    """Whether a step or an extractor learns from images, so that its values depend on which are for
    training.

    Parameters
    ----------
    steps : list of transformers
        Of all inputs.
    extractors : dict of family to Extractor
        Of all features.
    """
    return any(map(learns, [*steps, *extractors.values()]))


def fit_recipes(inputs, extractors, pixel_side, samples, seed):
    """Fit the steps of every input: those that learn on a seeded sample of the training images.

    Parameters
    ----------
    inputs : dict of str to list of transformers
        The steps of every input; an empty list leaves the images as they are.
    extractors : dict of family to Extractor
        The same for every input, so that their tables have the same columns.
    pixel_side : int
        See `Recipe`.
    samples : Samples
        All images, and which of them are for training.
    seed : int
        Of the sample.

    Returns
    -------
    recipes : dict of str to Recipe
    """
    training = np.flatnonzero(samples.training)
    if len(training) > _FIT_IMAGES:
        training = np.sort(np.random.default_rng(seed).permutation(training)[:_FIT_IMAGES])
    steps = [step for some in inputs.values() for step in some]
    if not learn(steps, extractors):
        # The shape of one image is all that is looked at.
        training = training[:1]
    images, recipes = samples.images[training], {}
    for name, chain in _fit_chains(inputs, images).items():
        prepared = chain.transform(images[:1])
        # A user's own may learn from images; featurex's only look at the shape of one.
        fitted = {
            family: clone(extractor).fit(
                prepared if isinstance(extractor, Extractor) else chain.transform(images)
            )
            for family, extractor in extractors.items()
        }
        recipes[name] = Recipe(chain, fitted, pixel_side)
        # Compiles in this process what the workers then find on disk.
        values, _ = recipes[name].extract(prepared)
        _check_columns(recipes[name], values)
    return recipes


def _fit_chains(inputs, images):
    """Fit the steps of every input; alike steps with which inputs begin become one object."""
    chains, known = {}, []
    for name, steps in inputs.items():
        fitted, prepared = [], images
        for step in steps:
            before = list(map(id, fitted))
            same = [
                one for earlier, other, one in known if earlier == before and _same(other, step)
            ]
            one = same[0] if same else clone(step).fit(prepared)
            known.append((before, step, one))
            fitted.append(one)
            prepared = one.transform(prepared)
        named = [(type(one).__name__.lower(), one) for one in fitted]
        chains[name] = Pipeline(named or [("as_is", _AS_IS)])
    return chains


def _same(step, other):
    """Whether two steps are of one class, and have the same parameters."""
    if type(step) is not type(other):
        return False
    own, others = (one.get_params(deep=False) for one in (step, other))
    return all(_equal(own[name], others[name]) for name in own)


def _equal(value, other):
    if isinstance(value, list | tuple) and type(value) is type(other):
        return len(value) == len(other) and all(map(_equal, value, other))
    # What has no simple meaning of equality, as an array, is equal to itself alone.
    return value is other or (isinstance(value, int | float | str) and value == other)


def _aligns(step):
    # A subclass may look for something else.
    return type(step) is Align


def _check_columns(recipe, values):
    for family, columns in recipe.columns.items():
        if values[family].shape != (1, len(columns)):
            raise ParameterError(
                f"features.{family} names {len(columns)} columns, but gave values of shape "
                f"{values[family].shape} for one image"
            )

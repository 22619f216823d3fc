"""From images to scores and flags, in one pass."""

from dataclasses import dataclass

import numpy as np

from featurex.chain import learns
from featurex.construct import STEPS, check_mapping, make, make_all
from featurex.errors import DataError
from featurex.features import EXTRACTORS
from featurex.features.pixels import Pixels
from featurex.lungs import INVERTED, NO_LUNGS, Align
from featurex.lungs.find import find_landmarks
from featurex.preprocess import Preprocess
from featurex.runs.entry import PIXELS
from featurex.scorers import Scorer
from featurex.scorers.typical import Typical

# Column -> what it means where it is 1.
FLAGS = {
    "not_aligned": "could not be registered to the mean chest",
    "inverted": "looks like a negative",
    "no_lungs": "no lungs were found",
    "unusual": "less like the training images than 99.5 % of them",
}
# With one of these an image gets a score but no decision: it may be no chest, or one of a kind that
# the model has not seen.
WITHHOLDING = ("no_lungs", "unusual")
NO_DECISION = "no decision"
# Here the scores of several classes are within what such images have.
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Scoring:
    """Everything between images as they are read and their scores.

    Parameters
    ----------
    first : Preprocess
        To images of the working size.
    steps : tuple of transformers of images
        From these to what the extractors get.
    extractors : tuple of transformers of images to columns
        Their columns, one after the other, are what the classifier is given.
    scorer : Scorer
        The classifier.
    typical : Typical
        What the columns are like in the training images.
    """

    first: Preprocess
    steps: tuple
    extractors: tuple
    scorer: Scorer
    typical: Typical

    @classmethod
    def from_tree(cls, configuration, name, scorer, typical, parts=None):
        """Construct it from a configuration.

        Parameters
        ----------
        configuration : dict
            Sections preprocess, inputs and features.
        name : str
            One of the inputs.
        scorer : Scorer
            The classifier.
        typical : Typical
            What the columns are like in the training images.
        parts : dict of str to OwnTransformer, or None
            Steps and extractors of the user's own that have learnt from images, by `name_place`.

        Returns
        -------
        scoring : Scoring

        Raises
        ------
        ParameterError
            If a name does not exist, or a value breaks its rule.
        DataError
            If what a part has learnt is missing.
        """
        inputs = check_mapping(configuration["inputs"], "inputs")
        steps = make_all(STEPS, inputs[name], f"inputs.{name}")
        extractors = _make_extractors(configuration["features"])
        return cls(
            make(Preprocess, configuration.get("preprocess"), "preprocess"),
            _take_learnt(f"inputs.{name}", steps, parts or {}),
            _take_learnt("features", extractors, parts or {}),
            scorer,
            typical,
        )

    def score(self, images):
        """Score images.

        Parameters
        ----------
        images : array of shape (n, rows, columns), or list of 2-D arrays
            Images as they are read; masked arrays for a model that takes masks.

        Returns
        -------
        columns : float64 array, shape (n, n_classes + 4)
            A score for each class, then a column for each of `FLAGS`.
        """
        features, flags = self.measure(images)
        return np.column_stack([self.scorer.predict_proba(features), flags]).astype(float)

    def measure(self, images):
        """Measure images, without scoring them.

        Parameters
        ----------
        images : array of shape (n, rows, columns), or list of 2-D arrays
            Images as they are read.

        Returns
        -------
        features : float32 array, shape (n, n_columns)
            What the classifier is given.
        flags : bool array, shape (n, 4)
            A column for each of `FLAGS`.
        """
        resized = self.first.transform(images)
        # Doubts are about the image, whatever a mask says of it.
        landmarks = [find_landmarks(np.ma.getdata(image)) for image in resized]
        prepared, failed = self.prepare(resized, landmarks)
        features = self.extract(prepared)
        doubts = [
            failed,
            *(
                np.array([each.doubt == name for each in landmarks])
                for name in (INVERTED, NO_LUNGS)
            ),
        ]
        unusual = self.typical.distance(features) > self.typical.limit
        return features, np.column_stack([*doubts, unusual])

    def prepare(self, resized, landmarks=None):
        """Bring images of the working size to what the extractors get.

        Parameters
        ----------
        resized : array of shape (n, size, size)
            Grey levels of images of the working size.
        landmarks : list of Landmarks or None
            What was found in them already, for a first step that needs it.

        Returns
        -------
        prepared : array or masked array of shape (n, rows, columns)
        failed : bool array, shape (n,)
            Images that could not be registered.
        """
        failed = np.zeros(len(resized), bool)
        for step in self.steps:
            if isinstance(step, Align):
                registration = step.register(resized, landmarks)
                failed |= registration.failed
                resized = step.warp(resized, registration)
            else:
                resized = step.transform(resized)
            # They are those of the image before the step.
            landmarks = None
        return resized, failed

    def extract(self, prepared):
        """The columns of prepared images: float32 array, shape (n, n_columns)."""
        return np.hstack([extractor.transform(prepared) for extractor in self.extractors])

    def name_columns(self, prepared):
        """The names of the columns of prepared images: tuple of str."""
        return tuple(
            str(name)
            for extractor in self.extractors
            for name in _fit(extractor, prepared).get_feature_names_out()
        )


def _make_extractors(tree):
    """The extractors that a configuration names; for a network, what makes columns of pixels."""
    if PIXELS in check_mapping(tree, "features"):
        return {PIXELS: make(Pixels, tree[PIXELS], f"features.{PIXELS}")}
    return make_all(EXTRACTORS, tree, "features")


def name_place(section, name):
    """Name the place of a step or extractor in a configuration: str, as "features.peak"."""
    return f"{section}.{name}"


def _take_learnt(section, made, parts):
    """Put those parts that learn from images in the place of those that were made: tuple."""
    taken = []
    for name, part in made.items():
        if learns(part):
            place = name_place(section, name)
            if place not in parts or type(parts[place].part) is not type(part):
                raise DataError(f"{place} learns from images, but what it has learnt is missing")
            part = parts[place].part
        taken.append(part)
    return tuple(taken)


def _fit(extractor, prepared):
    """Let an extractor see the shape of images; what one has learnt stays."""
    return extractor if learns(extractor) else extractor.fit(prepared)

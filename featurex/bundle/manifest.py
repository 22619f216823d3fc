"""What the manifest of a saved model holds, checked when it is read."""

from dataclasses import dataclass
from typing import Any, Literal

from featurex.bundle.arrays import ArrayForm
from featurex.construct import CLASS
from featurex.errors import DataError
from featurex.evaluation.calibration import PlattCalibration
from featurex.evaluation.conformal import PredictionSets
from featurex.scorers.base import check_array

# Of the file: a reader refuses a number that it does not know.
FORMAT = 4


@dataclass(frozen=True)
class Manifest:
    """What a model is, how it was made, and how well it did.

    Parameters
    ----------
    format : int
        `FORMAT`.
    created : str
        Date and time in UTC, as ISO 8601 writes them.
    versions : dict of str to str
        The libraries that it was made with.
    task : str
        The question, as "pneumonia".
    classes : tuple of str
        Names of the classes; of two the second is the positive one.
    key : str
        "input/features/model", as in the run.
    input : str
        The input's name in the configuration.
    configuration : dict
        Sections preprocess, inputs, features and models, with every parameter, so that a default
        may change without changing the model.
    columns : tuple of str
        What the classifier is given, in its order.
    estimator : dict
        The classifier, as `featurex.scorers.to_arrays` takes it apart.
    arrays : tuple of ArrayForm
        What the member arrays.bin holds, in its order: the classifier's arrays; the mean and the
        deviation of the training images' columns; usual, the mean and standard deviation of their
        pixels, small.
    threshold : float or None
        Of the score; None for three classes, where the largest score decides.
    threshold_policy : str
        How the threshold was chosen.
    calibration : PlattCalibration or None
        From scores to probabilities; None for three classes.
    unusual_from : float
        Distance from the training images above which an image is unusual.
    dataset, protocol, scores : dict
        The training data, how the model was validated, and its row of the run's table.
    controls, findings : tuple of dict
        The controls' scores, and what the quick audit found.
    known_answer : tuple of tuple of float
        Scores of the probe images, by which a loaded model is checked.
    mask_labels : tuple of str or None
        Which values of an image's mask are inside, none where masks have one value; None where the
        model takes images without masks.
    sets : PredictionSets or None
        Which classes an image may have; None in files made before there were any.
    parts : dict of str to dict, or None
        Steps and extractors of the user's own that have learnt from images, by their places in the
        configuration, as `featurex.scorers.to_arrays` takes them apart.
    """

    format: Literal[FORMAT]
    created: str
    versions: dict[str, str]
    task: str
    classes: tuple[str, ...]
    key: str
    input: str
    configuration: dict[str, Any]
    columns: tuple[str, ...]
    estimator: dict[str, Any]
    arrays: tuple[ArrayForm, ...]
    threshold: float | None
    threshold_policy: str
    calibration: PlattCalibration | None
    unusual_from: float
    # For people alone: no part of them decides a score, so that their form is free to change.
    dataset: dict[str, Any]
    protocol: dict[str, Any]
    scores: dict[str, Any]
    controls: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]
    known_answer: tuple[tuple[float, ...], ...]
    mask_labels: tuple[str, ...] | None = None
    sets: PredictionSets | None = None
    parts: dict[str, dict[str, Any]] | None = None

    @property
    def own_classes(self):
        """The names of all classes that it needs and that are not featurex's: list of str."""
        named = [
            *_find_values(self.configuration.get("inputs"), CLASS),
            *_find_values(self.configuration.get("features"), CLASS),
            *_find_values(self.parts, "name"),
            *_find_values(self.estimator, "name"),
        ]
        return [name for name in dict.fromkeys(named) if "." in name]

    def check_model(self, scorer, typical, usual):
        """Raise a DataError unless the parts of the model fit each other.

        Parameters
        ----------
        scorer : Scorer
            The classifier.
        typical : Typical
            What columns are like in the training images.
        usual : float array, shape (2, side, side)
            What pixels are like.
        """
        if not hasattr(scorer, "predict_proba"):
            raise DataError("its classifier is none")
        if (scorer.n_columns, scorer.n_classes) != (len(self.columns), len(self.classes)):
            raise DataError(
                f"its classifier takes {scorer.n_columns} columns and tells {scorer.n_classes} "
                f"classes, but there are {len(self.columns)} and {len(self.classes)}"
            )
        if len(set(self.classes)) < len(self.classes):
            raise DataError("two of its classes have one name")
        if (self.threshold is None) != (len(self.classes) > 2) or (
            self.calibration is not None and len(self.classes) > 2
        ):
            raise DataError("two classes need a threshold, and more have none, nor a calibration")
        if self.sets is not None and len(self.sets.lowest) != len(self.classes):
            raise DataError("its prediction sets need the lowest score of each class")
        for name in ("mean", "deviation"):
            check_array(name, getattr(typical, name), "f", (len(self.columns),))
        if (typical.deviation < 0).any():
            raise DataError("deviation must not be negative")
        check_array("usual", usual, "f", (2, None, usual.shape[-1]))


def _find_values(tree, key):
    """Yield every text that stands under a key, at any depth."""
    if isinstance(tree, dict):
        if isinstance(tree.get(key), str):
            yield tree[key]
        for inner in tree.values():
            yield from _find_values(inner, key)
    elif isinstance(tree, list | tuple):
        for inner in tree:
            yield from _find_values(inner, key)

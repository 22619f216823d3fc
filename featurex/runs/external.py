"""What models score on sets from elsewhere: the rows of external.csv, and what run.json says."""

from dataclasses import dataclass
from typing import Annotated

from featurex.runs.answers import Panel
from featurex.runs.answers.fields import ClassName, Count, Fraction, Key
from featurex.runs.encoding import Between


@dataclass(frozen=True)
class ExternalRow:
    """One row of external.csv: a model of the run, frozen, on an external set.

    Parameters
    ----------
    set : str
        Name of the external set.
    input, features, model : str
        See `featurex.runs.Entry`.
    n : int
        Images that were scored.
    n_positive : int or None
        Those of the positive class; None for three classes or more.
    auc, auc_low, auc_high : float or None
        With the 95 % interval over patients; None where the set lacks a class.
    accuracy, balanced_accuracy, sensitivity, specificity : float or None
        Of the decisions at the frozen threshold.
    threshold : float or None
        As in rows.csv.
    brier, ece : float
        Brier score and expected calibration error.
    alignment_failed : int or None
        Images that could not be registered to the mean chest.
    unlike : float or None
        Fraction of the images that lie farther from the training images, by the model's columns,
        than 99.5 % of these; None for models of pixels.
    coverage, undecided : float or None
        Fractions of the images whose prediction set holds their class, and holds several. The set
        is made for the coverage that run.json states, at home. None for a rival.
    adapt : str
        "site" where the columns were standardised within this set, without labels; otherwise empty.
    """

    set: str
    input: str
    features: str
    model: str
    n: Count
    n_positive: Count | None
    auc: Fraction | None
    auc_low: Fraction | None
    auc_high: Fraction | None
    accuracy: Fraction | None
    balanced_accuracy: Fraction | None
    sensitivity: Fraction | None
    specificity: Fraction | None
    threshold: float | None
    brier: Annotated[float, Between(0, 2)]
    ece: Fraction
    alignment_failed: Count | None
    unlike: Fraction | None
    coverage: Fraction | None
    undecided: Fraction | None
    adapt: str


@dataclass(frozen=True)
class ExternalClass:
    """How a class of an external set was matched to one of the run.

    Parameters
    ----------
    label : str
        As the external set names it.
    name : str
        Class of the run.
    images, patients : int
        That were scored.
    """

    label: str
    name: ClassName
    images: Count
    patients: Count


@dataclass(frozen=True)
class MovedThreshold:
    """What a chosen model's frozen threshold does at another hospital.

    Parameters
    ----------
    key : str
        Of the model.
    frozen, moved : float
        The frozen threshold, and the one that would have had the largest sum of sensitivity and
        specificity on the external images. The latter is known only with hindsight.
    sensitivity, specificity : float
        At the frozen threshold.
    moved_sensitivity, moved_specificity : float
        At the moved one.
    """

    key: Key
    frozen: float
    moved: float
    sensitivity: Fraction
    specificity: Fraction
    moved_sensitivity: Fraction
    moved_specificity: Fraction


@dataclass(frozen=True)
class Unlikeness:
    """How far images are from the training images, by the columns of the chosen classical model.

    Parameters
    ----------
    key : str
        Of the model.
    limit : float
        99.5 % of the training images are nearer.
    fraction : tuple of float
        0 to 1, ascending.
    internal, external : tuple of float
        Distance that this fraction of the run's own test images, and of the external images, do not
        exceed: root mean square of standard scores.
    panels : tuple of Panel
        Images side by side.
    """

    key: Key
    limit: float
    fraction: tuple[Fraction, ...]
    internal: tuple[float, ...]
    external: tuple[float, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class ExternalSet:
    """An external set: what took part, what was left out, and how unlike it is.

    Parameters
    ----------
    name : str
        As the user named it.
    dataset : str
        Name of the data set, usually that of its folder.
    digest : str
        Of its files, SHA-256.
    synthetic : bool
        Whether its images are drawn.
    images, patients : int
        That were scored.
    classes : tuple of ExternalClass
        The classes that were matched.
    lacking : tuple of str
        Classes of the run of which the set has no image.
    n_errors : int
        Files that could not be used.
    n_identical, n_shared, n_other : int
        Images that were counted out: the same as one of the run's own, of a patient of the run's
        own, and of labels that are no class of the run.
    notes : tuple of str
        What was taken for granted, in sentences.
    thresholds : tuple of MovedThreshold
        Of the chosen models; none for three classes or a set that lacks one.
    unlikeness : Unlikeness or None
        None where no classical model was chosen.
    """

    name: str
    dataset: str
    digest: str
    synthetic: bool
    images: Count
    patients: Count
    classes: tuple[ExternalClass, ...]
    lacking: tuple[ClassName, ...]
    n_errors: Count
    n_identical: Count
    n_shared: Count
    n_other: Count
    notes: tuple[str, ...]
    thresholds: tuple[MovedThreshold, ...] = ()
    unlikeness: Unlikeness | None = None

"""Scores as training sets, disturbances and costs grow."""

from dataclasses import dataclass

from featurex.runs.answers.fields import Count, Fraction, Key, Seconds


@dataclass(frozen=True)
class LearningPoint:
    """What a model scores that was fitted on a part of the training patients.

    Parameters
    ----------
    key : str
        Of the model.
    fraction : float
        Of the training patients.
    draw : int
        Which of several random choices of these patients, from 0.
    patients, images : int
        How many were fitted on.
    auc, auc_low, auc_high : float
        On the test images.
    """

    key: Key
    fraction: Fraction
    draw: Count
    patients: Count
    images: Count
    auc: Fraction
    auc_low: Fraction
    auc_high: Fraction


@dataclass(frozen=True)
class RobustnessPoint:
    """What a model scores on test images that were disturbed.

    Parameters
    ----------
    key : str
        Of the model.
    disturbance : str
        Name of what was done to the images.
    title, label : str
        The disturbance and its strength in words.
    strength : float or None
        None for the images as they are.
    auc, auc_low, auc_high, balanced_accuracy : float
        0 to 1.
    sensitivity, specificity : float or None
        At the frozen threshold; None for three classes.
    """

    key: Key
    disturbance: str
    title: str
    label: str
    strength: float | None
    auc: Fraction
    auc_low: Fraction
    auc_high: Fraction
    balanced_accuracy: Fraction
    sensitivity: Fraction | None = None
    specificity: Fraction | None = None


@dataclass(frozen=True)
class CostPoint:
    """What a model costs, and what it is worth.

    Parameters
    ----------
    key : str
        Of the model.
    cpu_s : float
        Processor seconds to extract the training images and to fit.
    accuracy, auc : float
        On the test images.
    """

    key: Key
    cpu_s: Seconds
    accuracy: Fraction
    auc: Fraction

"""Decisions: their net benefit, and how they fare in groups of images."""

from dataclasses import dataclass
from typing import Literal

from featurex.runs.answers.fields import Count, Fraction, Key


@dataclass(frozen=True)
class DecisionCurve:
    """The net benefit of one calibrated model.

    Parameters
    ----------
    key : str
        Of the model.
    slope, intercept : float
        Of Platt's calibration, on log-odds.
    net_benefit : tuple of float
        At each of the thresholds.
    """

    key: Key
    slope: float
    intercept: float
    net_benefit: tuple[float, ...]


@dataclass(frozen=True)
class DecisionCurves:
    """Decision curves of the chosen models on the test images.

    Parameters
    ----------
    calibration : str
        How scores become probabilities, in words.
    prevalence : float
        Fraction of positive test images.
    threshold : tuple of float
        Probabilities from which one acts.
    everyone : tuple of float
        Net benefit of acting on everyone, at each threshold.
    models : tuple of DecisionCurve
        The classical model first.
    """

    calibration: str
    prevalence: Fraction
    threshold: tuple[Fraction, ...]
    everyone: tuple[float, ...]
    models: tuple[DecisionCurve, ...]


@dataclass(frozen=True)
class SubgroupRow:
    """What the chosen model scores in one group of test images.

    Parameters
    ----------
    kind : str
        "all", "subtype", "size", "alignment", "site", or "column" for any other column of the list.
    name : str
        The group in words.
    images, patients : int
        How many the group has.
    auc, accuracy, sensitivity, specificity : float or None
        0 to 1; None where the group does not define it.
    auc_low, auc_high, accuracy_low, accuracy_high : float or None
        Intervals.
    sensitivity_low, sensitivity_high, specificity_low, specificity_high : float or None
        Intervals.
    """

    kind: Literal["all", "subtype", "size", "alignment", "site", "column"]
    name: str
    images: Count
    patients: Count
    auc: Fraction | None
    auc_low: Fraction | None
    auc_high: Fraction | None
    accuracy: Fraction | None
    accuracy_low: Fraction | None
    accuracy_high: Fraction | None
    sensitivity: Fraction | None
    sensitivity_low: Fraction | None
    sensitivity_high: Fraction | None
    specificity: Fraction | None
    specificity_low: Fraction | None
    specificity_high: Fraction | None


@dataclass(frozen=True)
class Subgroups:
    """What the chosen classical model scores in groups of test images.

    Parameters
    ----------
    key : str
        Of the model.
    groups : tuple of SubgroupRow
        All test images first.
    """

    key: Key
    groups: tuple[SubgroupRow, ...]

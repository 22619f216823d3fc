"""What a benchmark answers beyond its rows: one dataclass for each noun, as it stands in run.json.

A model is named by its key "input/features/model". Intervals, in fields ending in _low and _high,
are 95 %, by bootstrap over patients. AUCs of three classes are the mean of each class against the
rest.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from featurex.runs.encoding import Between, Marker

Key = Annotated[str, Marker("model")]
ClassName = Annotated[str, Marker("class")]
Count = Annotated[int, Between(0, 2**53)]
Fraction = Annotated[float, Between(0, 1)]
Difference = Annotated[float, Between(-1, 1)]
Seconds = Annotated[float, Between(0, 1e12)]


@dataclass(frozen=True)
class Control:
    """A model that sees only a shortcut, and no lungs.

    Parameters
    ----------
    name : str
        As "border ring".
    description : str
        What the model is given, in words.
    cv_auc : float or None
        In cross-validation on the training images, 0 to 1.
    test_auc : float or None
        On the test images, 0 to 1.
    """

    name: str
    description: str
    cv_auc: Fraction | None
    test_auc: Fraction | None


@dataclass(frozen=True)
class PairedComparison:
    """The paired test of the chosen classical model against the chosen CNN, on the test images.

    Parameters
    ----------
    a, b : str
        Keys of the classical model and of the CNN.
    auc_a, auc_b, difference : float
        difference = auc_a - auc_b.
    low, high : float or None
        95 % interval of the difference.
    z, p : float or None
        Standard normal statistic and two-sided p; None where the statistic is infinite.
    """

    a: Key
    b: Key
    auc_a: Fraction
    auc_b: Fraction
    difference: Difference
    low: float | None
    high: float | None
    z: float | None
    p: Fraction | None


@dataclass(frozen=True)
class Rival:
    """A model from elsewhere, of which only the scores are known.

    Parameters
    ----------
    key : str
        Of its row.
    file : str
        Where its scores stood.
    n_images : int
        Test images that it scored: all.
    n_unused : int
        Rows of its file that score no image of a test.
    external : tuple of str
        Names of the external sets that it scored.
    tests : tuple of PairedComparison
        The chosen models against it, on the test images; none for three classes.
    """

    key: Key
    file: str
    n_images: Count
    n_unused: Count
    external: tuple[str, ...]
    tests: tuple[PairedComparison, ...]


@dataclass(frozen=True)
class RankedModel:
    """One model among those that are ranked.

    Parameters
    ----------
    key : str
        Of the model.
    mean_rank : float
        Over the folds; 1 is the best.
    auc : tuple of float
        In every fold.
    p : float or None
        Nemenyi's, against the first model.
    """

    key: Key
    mean_rank: float
    auc: tuple[Fraction, ...]
    p: Fraction | None


@dataclass(frozen=True)
class Ranking:
    """The models on the features of the chosen one, ranked fold by fold.

    Parameters
    ----------
    measure : str
        Column of rows.csv whose value in each fold ranks.
    level : float
        Confidence of the critical difference.
    statistic, p : float or None
        Friedman's test of whether the models differ at all.
    critical_difference : float
        Of mean ranks: Nemenyi's test calls models that are farther apart different.
    models : tuple of RankedModel
        The best first.
    """

    measure: str
    level: Fraction
    statistic: float | None
    p: Fraction | None
    critical_difference: float
    models: tuple[RankedModel, ...]


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
class ImportanceRow:
    """How much a group of columns matters to the chosen model.

    Parameters
    ----------
    name : str
        A family of extractors, or where in the image columns look.
    n_columns : int
        How many columns the group has.
    contribution : float or None
        By how much the group moves the log-odds of an image, up or down: the mean over images.
    auc_drop, auc_drop_low, auc_drop_high : float or None
        By how much the AUC falls where the group's columns are those of other images.
    """

    name: str
    n_columns: Count
    contribution: float | None
    auc_drop: float | None
    auc_drop_low: float | None
    auc_drop_high: float | None


@dataclass(frozen=True)
class Importance:
    """What the chosen classical model goes by.

    Parameters
    ----------
    key : str
        Of the model.
    target : str
        The class whose log-odds are explained.
    n_images : int
        Test images that were explained.
    families, places : tuple of ImportanceRow
        Columns by family of extractors, and by where in the image they look.
    fraction_in_lungs : float or None
        Of what moves the score, the part inside the lungs.
    lung_area : float or None
        Fraction of the image that the lungs cover.
    stability : float or None
        Mean correlation of the maps of models that were fitted in other folds.
    file : str
        The map, below the run folder.
    """

    key: Key
    target: ClassName
    n_images: Count
    families: tuple[ImportanceRow, ...]
    places: tuple[ImportanceRow, ...]
    fraction_in_lungs: Fraction | None
    lung_area: Fraction | None
    stability: Difference | None
    file: str


@dataclass(frozen=True)
class Mistake:
    """A test image that the chosen classical model decides wrongly.

    Parameters
    ----------
    label, decision : str
        The true class and the one decided for.
    score : float
        Of the class decided for, 0 to 1.
    path : str
        Of the image.
    region : str or None
        Of lungs and heart, what spoke most for the wrong class.
    file : str
        The map over the image, below the run folder.
    plain : str or None
        The image without the map, below the run folder.
    """

    label: ClassName
    decision: ClassName
    score: Fraction
    path: str
    region: str | None
    file: str
    plain: str | None = None


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


@dataclass(frozen=True)
class Panel:
    """One picture of an example.

    Parameters
    ----------
    title, caption : str
        What it shows, in words.
    file : str
        Below the run folder.
    """

    title: str
    caption: str
    file: str


@dataclass(frozen=True)
class Example:
    """One test image, stage by stage.

    Parameters
    ----------
    label : str
        Its class.
    subtype : str
        As in the data set.
    path : str
        Of the image.
    panels : tuple of Panel
        From the image as read to what each family computes on it.
    """

    label: ClassName
    subtype: str
    path: str
    panels: tuple[Panel, ...]

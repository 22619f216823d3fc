"""Models beside others: controls, rivals, paired tests, rankings."""

from dataclasses import dataclass

from featurex.runs.answers.fields import Count, Difference, Fraction, Key


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

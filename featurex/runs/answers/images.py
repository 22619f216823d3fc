"""Images: what the chosen model uses in them, its mistakes, and examples."""

from dataclasses import dataclass

from featurex.runs.answers.fields import ClassName, Count, Difference, Fraction, Key


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

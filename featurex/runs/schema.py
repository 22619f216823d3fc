"""The run folder: names of its files, columns of its tables, and what run.json holds."""

from dataclasses import dataclass, field
from typing import Any, Literal

from featurex.runs.answers import (
    Control,
    CostPoint,
    DecisionCurves,
    Example,
    Importance,
    LearningPoint,
    Mistake,
    PairedComparison,
    Ranking,
    Rival,
    RobustnessPoint,
    Subgroups,
)
from featurex.runs.answers.fields import ClassName, Count, Fraction, Key, Seconds
from featurex.runs.external import ExternalSet

# Of the whole folder: a reader refuses a number that it does not know.
FORMAT = 3

# Written last: a folder with it is a finished run.
RUN = "run.json"
ROWS = "rows.csv"
PREDICTIONS = "predictions.csv"
ERRORS = "errors.csv"
# Only where external sets were scored.
EXTERNAL = "external.csv"
FEATURES = "features.parquet"
PICTURES = "pictures"
REPORT = "report.html"
MODEL = "model.featurex"
# What an unfinished run keeps, and by what a finished one is known again.
WORK = "work"

# The splits of predictions.csv: scores out of fold, out of fold in the framing and with the
# appearance of another class, and of the test images.
TRAIN, FRAMING, APPEARANCE, TEST = "train", "swap", "appearance", "test"
# Each swap's column of rows.csv; the lower of both AUCs ranks and chooses.
SWAPS = {FRAMING: "swap_auc", APPEARANCE: "appearance_auc"}
_EXTERNAL = "external:"


def external_split(name):
    """The split of predictions.csv that holds the scores of an external set: "external:NAME"."""
    return f"{_EXTERNAL}{name}"


@dataclass(frozen=True)
class Machine:
    """Where a run took place, as far as the system tells.

    Parameters
    ----------
    processor : str
        The name that the system gives it.
    cores, jobs : int
        Cores that may be used, and threads or processes that were.
    memory_gb : float or None
        Of the machine, in GiB.
    platform, python : str
        Operating system, and version of Python.
    """

    processor: str
    cores: Count
    jobs: Count
    memory_gb: float | None
    platform: str
    python: str


@dataclass(frozen=True)
class ClassCount:
    """How many images and patients one part of the data has.

    Parameters
    ----------
    split : str
        "train" or "test".
    label : str
        The class.
    subtype : str
        As in the data set; empty where it has none.
    images, patients : int
        How many take part.
    """

    split: Literal["train", "test"]
    label: ClassName
    subtype: str
    images: Count
    patients: Count


@dataclass(frozen=True)
class DataSummary:
    """The data set that was used.

    Parameters
    ----------
    name : str
        As the user named it.
    synthetic : bool
        Whether the images are drawn: scores then say nothing about patients.
    counts : tuple of ClassCount
        By split, class and subtype.
    digest : str
        Of the files, SHA-256: the same images give the same.
    notes : tuple of str
        What reading the data set took for granted, in sentences.
    n_errors : int
        Files that were set aside.
    """

    name: str
    synthetic: bool
    counts: tuple[ClassCount, ...]
    digest: str
    notes: tuple[str, ...]
    n_errors: Count


@dataclass(frozen=True)
class ProtocolSummary:
    """How scores were obtained, in words.

    Parameters
    ----------
    folds : int
        Of the patient-grouped cross-validation.
    test : str
        Where the test images come from.
    official_test : bool
        Whether the data set itself says which images are for testing.
    threshold : str
        How the threshold was chosen.
    interval : str
        What the intervals are.
    coverage : float or None
        What prediction sets state; see `featurex.evaluation.conformal`.
    augment : tuple of str
        Swaps, "framing" or "appearance", whose images models were fitted to as well.
    training, swapped : int or None
        Training images, and those of them that were also scored after swaps: all, or of many a
        sample of whole patients.
    """

    folds: Count
    test: str
    official_test: bool
    threshold: str
    interval: str
    coverage: float | None = None
    augment: tuple[str, ...] = ()
    training: Count | None = None
    swapped: Count | None = None


@dataclass(frozen=True)
class Alignment:
    """How many images could not be registered to the mean chest.

    Parameters
    ----------
    n, failed : int
        Images, and those that failed.
    failed_by_class : dict of str to int
        Those that failed in each class.
    """

    n: Count
    failed: Count
    failed_by_class: dict[str, Count]


@dataclass(frozen=True)
class Selection:
    """The models that were chosen on training images.

    Parameters
    ----------
    by : str
        Columns of rows.csv, joined by "+", the lowest value of which decided.
    classical, cnn : str or None
        Keys; None where no such model took part.
    cnn_missing : str or None
        Why the CNN was left out, in words.
    """

    by: str
    classical: Key | None
    cnn: Key | None
    cnn_missing: str | None

    @property
    def keys(self):
        """Keys of the chosen models, the classical one first: list of str."""
        return [key for key in (self.classical, self.cnn) if key]


@dataclass(frozen=True)
class Finding:
    """One finding of the quick audit of the data.

    Parameters
    ----------
    severity : str
        "note", "warning" or "serious".
    title, remedy : str
        The matter and what to do about it, each a sentence.
    """

    severity: Literal["note", "warning", "serious"]
    title: str
    remedy: str


@dataclass(frozen=True)
class Stage:
    """Time spent on one stage of a run.

    Parameters
    ----------
    name : str
        As shown while it ran.
    seconds : float
        On the clock.
    """

    name: str
    seconds: Seconds


@dataclass(frozen=True)
class Combination:
    """A combination of parameters that a search has tried.

    Parameters
    ----------
    parameters : str
        In words, as "max_depth=5, n_estimators=400".
    folds : int
        In how many folds it was tried.
    swap_auc : float
        Mean of the lower AUC of both swaps in these.
    """

    parameters: str
    folds: Count
    swap_auc: Fraction


@dataclass(frozen=True)
class Tuned:
    """What a search for the parameters of a model has found.

    Parameters
    ----------
    chosen : str
        The parameters of the model that was fitted on all training images.
    in_folds : tuple of str
        Those of each fold of the validation, which were chosen without the fold.
    tried : tuple of Combination
        On all training images.
    search_s : float
        Processor time of the search on all training images, seconds.
    """

    chosen: str
    in_folds: tuple[str, ...]
    tried: tuple[Combination, ...]
    search_s: Seconds


@dataclass(frozen=True)
class RunInfo:
    """What run.json holds.

    Parameters
    ----------
    format : int
        `FORMAT`.
    featurex, created : str
        Version that wrote the run, and when it was started (ISO 8601, UTC).
    command : tuple of str
        That started it.
    versions : dict of str to str
        Of everything that can change a number.
    machine : Machine
        Where the run took place.
    configuration : dict
        Every parameter; a benchmark that is made of it is the same benchmark.
    task : str
        The question, as "pneumonia".
    seed : int
        Of every random choice.
    classes : tuple of str
        In the order of the labels in predictions.csv; of two the second is the positive one.
    dataset : DataSummary
        The data set.
    protocol : ProtocolSummary
        How scores were obtained.
    alignment : Alignment
        Images that could not be registered.
    selection : Selection
        The chosen models.
    findings : tuple of Finding
        Of a quick audit of the data, the most serious first.
    timings : tuple of Stage
        In the order of the stages.
    skipped : dict of str to str
        The questions that were not asked or failed, by the names of the fields below, and why.
    comparison : PairedComparison or None
        The chosen classical model against the chosen CNN.
    rivals : tuple of Rival
        Models from elsewhere, against the chosen ones.
    ranking : Ranking or None
        The models on the features of the chosen one.
    decision : DecisionCurves or None
        Net benefit of the chosen models.
    subgroups : Subgroups or None
        The chosen model in groups of test images.
    external : tuple of ExternalSet
        Sets of other hospitals that every model has scored.
    controls : tuple of Control
        Models that see no lungs.
    learning : tuple of LearningPoint
        Chosen models fitted on fewer patients.
    robustness : tuple of RobustnessPoint
        Chosen models on disturbed images.
    importance : Importance or None
        What the chosen classical model goes by.
    mistakes : tuple of Mistake
        Its surest wrong decisions.
    cost : tuple of CostPoint
        Every model's cost and worth.
    examples : tuple of Example
        Test images, stage by stage.
    failed : dict of str to str
        Keys of the models that could not be scored, and why.
    tuned : dict of str to Tuned
        By the key of the model, what a search for parameters has found.
    """

    format: Literal[FORMAT]
    featurex: str
    created: str
    command: tuple[str, ...]
    versions: dict[str, str]
    machine: Machine
    configuration: dict[str, Any]
    task: str
    seed: Count
    classes: tuple[str, ...]
    dataset: DataSummary
    protocol: ProtocolSummary
    alignment: Alignment
    selection: Selection
    findings: tuple[Finding, ...]
    timings: tuple[Stage, ...]
    skipped: dict[str, str]
    comparison: PairedComparison | None = None
    rivals: tuple[Rival, ...] = ()
    ranking: Ranking | None = None
    decision: DecisionCurves | None = None
    subgroups: Subgroups | None = None
    external: tuple[ExternalSet, ...] = ()
    controls: tuple[Control, ...] = ()
    learning: tuple[LearningPoint, ...] = ()
    robustness: tuple[RobustnessPoint, ...] = ()
    importance: Importance | None = None
    mistakes: tuple[Mistake, ...] = ()
    cost: tuple[CostPoint, ...] = ()
    examples: tuple[Example, ...] = ()
    # Factories, as what has a plain default is the answer to a question.
    failed: dict[str, str] = field(default_factory=dict)
    tuned: dict[str, Tuned] = field(default_factory=dict)

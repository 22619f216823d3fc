"""An external set in the run that the tests of reports show."""

from featurex.evaluation.external import measure_frozen
from featurex.evaluation.thresholds import youden_threshold
from featurex.runs.answers import PairedComparison, Panel, Rival
from featurex.runs.external import ExternalClass, ExternalSet, MovedThreshold, Unlikeness

SPLIT, RIVAL = "external:other", "elsewhere/scores/resnet"


def write_rows(folder, rows, lines):
    """Write external.csv for the scores of the split "external:other"."""
    measured = rows[["input", "features", "model", "threshold"]].copy()
    measured.insert(0, "set", "other")
    for number, row in measured.iterrows():
        labels, scores, patients = _scores(lines, "/".join(row[["input", "features", "model"]]))
        threshold = None if scores.ndim == 2 else row["threshold"]
        score = measure_frozen(labels, scores, threshold, patients, n_resamples=100)
        for name, value in score._asdict().items():
            measured.loc[number, name] = value
        unlike = None if row["features"] in ("pixels", "scores") else 0.25
        failed = None if row["features"] == "scores" else 2
        measured.loc[number, ["alignment_failed", "unlike"]] = [failed, unlike]
        of_sets = [None, None] if row["features"] == "scores" else [0.62, 0.3]
        measured.loc[number, ["coverage", "undecided"]] = of_sets
    measured["adapt"] = ""
    counts = ["n", "n_positive", "alignment_failed"]
    measured[counts] = measured[counts].astype("Int64")
    measured.to_csv(folder / "external.csv", index=False)


def make_sets(info, labels, rows, lines, picture):
    """The external set "other": its thresholds fail, and its images are unlike."""
    thresholds, classes = (), info.classes
    if len(classes) == 2:
        frozen = dict(zip(_keys(rows), rows["threshold"], strict=True))
        thresholds = tuple(
            MovedThreshold(key, frozen[key], _move(lines, key), 0.95, 0.4, 0.8, 0.75)
            for key in info.selection.keys
        )
    unlikeness = Unlikeness(
        info.selection.classical,
        1.6,
        (0.0, 0.5, 1.0),
        (0.5, 1.0, 2.0),
        (0.8, 1.4, 3.0),
        (Panel("other, usual", "half of the images are less usual", picture),),
    )
    counts = [int((labels == index).sum()) for index in range(len(classes))]
    return (
        ExternalSet(
            name="other",
            dataset="elsewhere",
            digest="0" * 64,
            synthetic=True,
            images=len(labels),
            patients=30,
            classes=tuple(
                ExternalClass(f"{name} <b>", name, count, count // 2)
                for name, count in zip(classes, counts, strict=True)
            ),
            lacking=(),
            n_errors=1,
            n_identical=2,
            n_shared=0,
            n_other=5,
            notes=("2 images of other are in the run's own data, too, and are counted out.",),
            thresholds=thresholds,
            unlikeness=unlikeness,
        ),
    )


def make_rivals(info, n_test):
    """A rival that is significantly better than the chosen classical model."""
    test = PairedComparison(
        info.selection.classical, RIVAL, 0.9, 0.95, -0.05, -0.08, -0.02, -2.9, 0.004
    )
    tests = (test,) if len(info.classes) == 2 else ()
    return (Rival(RIVAL, "scores.csv", n_test, 240, ("other",), tests),)


def _scores(lines, key):
    own = lines[(lines["model"] == key) & (lines["split"] == SPLIT)]
    names = [name for name in own.columns if name.startswith("score") and own[name].notna().all()]
    scores = own[names].to_numpy()
    scores = scores[:, 0] if len(names) == 1 else scores
    return own["label"].to_numpy(), scores, own["patient"].to_numpy()


def _move(lines, key):
    labels, scores, _ = _scores(lines, key)
    return youden_threshold(labels, scores)


def _keys(rows):
    return rows["input"] + "/" + rows["features"] + "/" + rows["model"]

"""Labels that a quick model doubts: confident learning."""

import numpy as np
from sklearn.pipeline import make_pipeline

from featurex.engine.workers import Threads, run_all
from featurex.evaluation.splits import grouped_folds
from featurex.features import ZoneHistogram
from featurex.models import MODELS
from featurex.parallel import chunks
from featurex.preprocess import Equalize

COLUMNS = ("path", "patient", "split", "label", "suggested", "probability", "margin")
_FOLDS = 5
_CHUNK = 1024


def list_doubtful_labels(dataset, survey, align, task, seed, n_jobs, progress):
    """List images whose label a model that has not seen their patient contradicts with confidence.

    Parameters
    ----------
    dataset : Dataset
        The images, their labels and patients.
    survey : FilmSurvey
        What is known of its files, with their small pictures.
    align : Align
        What aligned them.
    task : Task
        As from `featurex.datasets.find_task`.
    seed : int
        Seed of folds and model.
    n_jobs : int
        Threads.
    progress : Progress
        Receives the stage.

    Returns
    -------
    doubted : pandas.DataFrame
        path, patient, split, label (its class), suggested, probability (of the label,
        out of fold, 0 to 1), margin (that less the suggested one's, -1 to 1); the most doubtful
        first.

    Raises
    ------
    DataError
        If a class has fewer patients than folds.

    Notes
    -----
    The rule of confident learning (Northcutt, Jiang and Chuang 2021, doi:10.1613/jair.1.12125):
    class j is confident of an image if its out-of-fold probability is at least the mean probability
    of j among the images labelled j; the most probable confident class is suggested if it is not
    the label. The model is logistic regression on the zone histograms of the aligned pictures. A
    doubted label is not a wrong one: hard cases are doubted, too. Of 104 labels turned round on
    purpose among Kermany's 5,216 training images, 79 were among the 150 doubted (59 were without
    that), and 38 among the first 50.
    """
    index = task.index(dataset.table)
    used = survey.readable & (index >= 0)
    table, labels = dataset.table[used].reset_index(drop=True), index[used]
    names = np.array(list(task.classes), object)
    values = _describe_zones(survey, used[survey.readable], align)
    folds = grouped_folds(names[labels], table["patient"].to_numpy(), _FOLDS, seed)
    probabilities = _out_of_fold(values, labels, folds, seed, n_jobs, progress)
    suggested, margins = contradict(labels, probabilities)
    doubted = table[["path", "patient", "split"]].assign(
        label=names[labels],
        suggested=names[suggested],
        probability=probabilities[np.arange(len(labels)), labels],
        margin=margins,
    )
    return doubted[suggested != labels].sort_values("margin", ignore_index=True)


def _describe_zones(survey, chosen, align):
    """Zone histograms of the aligned pictures, some at a time."""
    pictures, registration = survey.pictures.choose(chosen), survey.registration[chosen]
    steps = make_pipeline(Equalize(), ZoneHistogram())
    return np.concatenate(
        [
            steps.fit_transform(align.warp(pictures[part], registration[part]))
            for part in chunks(len(pictures), _CHUNK)
        ]
    )


def contradict(labels, probabilities):
    """Suggest another class where one is confident and the label's is less probable.

    Parameters
    ----------
    labels : int array, shape (n,)
        Classes, 0 to n_classes - 1.
    probabilities : float array, shape (n, n_classes)
        Out of fold; every class has a label.

    Returns
    -------
    suggested : int array, shape (n,)
        The label itself where nothing contradicts it.
    margins : float array, shape (n,)
        Probability of the label less that of the suggested class; 0 where they are one.
    """
    given = probabilities[np.arange(len(labels)), labels]
    limits = np.array([given[labels == index].mean() for index in range(probabilities.shape[1])])
    confident = np.where(probabilities >= limits, probabilities, -1.0)
    best = confident.argmax(axis=1)
    contradicted = (confident.max(axis=1) > given) & (best != labels)
    suggested = np.where(contradicted, best, labels)
    return suggested, given - probabilities[np.arange(len(labels)), suggested]


def _out_of_fold(values, labels, folds, seed, n_jobs, progress):
    """Probability of every class by a model that has not seen the patient."""

    def score(fold):
        train, valid = fold
        return (
            MODELS["logistic"](random_state=seed)
            .fit(values[train], labels[train])
            .predict_proba(values[valid])
        )

    with progress.stage("Doubting labels", len(folds)) as advance:
        results = run_all(Threads(n_jobs), score, folds, advance)
    probabilities = np.empty((len(labels), labels.max() + 1))
    for (_, valid), scores in zip(folds, results, strict=True):
        probabilities[valid] = scores
    return probabilities

"""Scorers of any fitted classifiers, a user's own among them, that are held to repeat them."""

import numpy as np

from featurex.errors import DataError
from featurex.models.export import make_scorer
from featurex.scorers.own import OwnClassifier, refuse, take_learnt

_ROWS, _TOLERANCE = 32, 1e-5
# What making or asking a scorer of a class that nobody here knows may raise beside a DataError.
_FOREIGN = (AttributeError, LookupError, TypeError, ValueError)


def find_scorer(model, mean, deviation, n_classes):
    """Find the scorer that repeats a fitted classifier of columns, and compare their scores.

    Parameters
    ----------
    model : fitted classifier
        Of `featurex.models.MODELS`, of scikit-learn, or of a class of the user's own.
    mean, deviation : float array, shape (n_columns,)
        Of the training images, around which they are compared.
    n_classes : int
        Number of classes.

    Returns
    -------
    scorer : Scorer
        Of plain arrays alone where there is such a form; else an `OwnClassifier`.

    Notes
    -----
    The class of an own classifier must be allowed, as `featurex.plugins.allowing` does.

    Raises
    ------
    DataError
        If no form gives the same probabilities; the message says what to do.
    """
    random = np.random.default_rng(0)
    rows = random.normal(mean, deviation, (_ROWS, len(mean))).astype(np.float32)
    expected = np.asarray(model.predict_proba(rows))
    if not hasattr(model, "get_fitted"):
        try:
            scorer = make_scorer(model)
            if _repeats(scorer, rows, expected):
                return scorer
        except (DataError, *_FOREIGN):
            if not is_own(model):
                raise
    if not is_own(model):
        raise DataError(
            f"the plain arrays of {type(model).__name__} do not give its scores with the libraries "
            "installed here"
        )
    learnt = take_learnt(model)
    try:
        scorer = OwnClassifier(**learnt, n_columns=len(mean), n_classes=n_classes)
        same = _repeats(scorer, rows, expected)
    except _FOREIGN as error:
        raise refuse(learnt["name"], f"made anew, it raises {type(error).__name__}") from error
    if not same:
        raise refuse(learnt["name"], "made anew, it gives other scores")
    return scorer


def is_own(part):
    """Whether a classifier, a step or an extractor is of a class that is not featurex's."""
    return not type(part).__module__.startswith("featurex.")


def _repeats(scorer, rows, expected):
    scores = scorer.predict_proba(rows)
    return scores.shape == expected.shape and bool((abs(scores - expected) < _TOLERANCE).all())

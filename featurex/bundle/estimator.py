"""Classifiers as bytes, without pickle: only types of a closed list come back."""

import skops.io

from featurex.errors import DataError

# Beside scikit-learn's and numpy's own types, which skops knows to be harmless.
ALLOWED = (
    "featurex.models.balance.EqualPriors",
    "featurex.models.components.LeadingComponents",
    "featurex.models.kernel_svm.KernelSVM",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
    "sklearn.utils._bunch.Bunch",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
)


def dump_estimator(estimator):
    """The bytes of a fitted classifier.

    Raises
    ------
    DataError
        If it is made of a type that could not be loaded again.
    """
    content = skops.io.dumps(estimator)
    _check_types(content, type(estimator).__name__)
    return content


def load_estimator(content, name):
    """The classifier that `dump_estimator` made bytes of.

    Parameters
    ----------
    content : bytes
    name : str
        Of the file, for messages.

    Raises
    ------
    DataError
        If it holds another type than those of `ALLOWED` and the harmless ones, or is broken.
    """
    try:
        _check_types(content, name)
        return skops.io.loads(content, trusted=list(ALLOWED))
    except DataError:
        raise
    # Whatever a broken file makes of the reader, the user must learn that the file is broken.
    except (ValueError, KeyError, TypeError, AttributeError, ImportError, EOFError, OSError, MemoryError) as error:
        raise DataError(f"{name} cannot be loaded: {type(error).__name__}: {error}") from error


def _check_types(content, name):
    foreign = sorted(set(skops.io.get_untrusted_types(data=content)) - set(ALLOWED))
    if foreign:
        raise DataError(f"{name} holds {', '.join(foreign)}, which no model of featurex is made of; it is not loaded")

"""Transformers one after the other, and side by side: what configurations make.

They do what scikit-learn's `Pipeline` and `FeatureUnion` do for extraction, have their attributes,
and do not load scikit-learn; pipelines of scikit-learn itself work in their place.
"""

import copy

import numpy as np

from featurex.transformer import Transformer


class Chain(Transformer):
    """Transformers, each of which is given what the one before it gives.

    Parameters
    ----------
    steps : list of (str, transformer)
        Their names, and they themselves; at least one.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import IntensityStatistics, Preprocess
    >>> chain = Chain([("size", Preprocess(16)), ("intensity", IntensityStatistics())])
    >>> chain.fit_transform(np.full((2, 32, 40), 7, np.uint8))[:, 0].tolist()
    [7.0, 7.0]
    """

    def __init__(self, steps):
        self.steps = steps

    def fit(self, X, y=None):
        """Fit every step to what those before it make of the images.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.
        y : object
            Passed to every step.

        Returns
        -------
        self
        """
        *first, (_, last) = self.steps
        for _, step in first:
            X = step.fit_transform(X, y)
        last.fit(X, y)
        return self

    def transform(self, X):
        """Transform images by every step.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.

        Returns
        -------
        transformed : array
            What the last step returns.
        """
        for _, step in self.steps:
            X = step.transform(X)
        return X

    def get_feature_names_out(self, input_features=None):
        """Name the columns of the last step.

        Parameters
        ----------
        input_features : object
            Ignored: images have no feature names.

        Returns
        -------
        names : array of str objects, shape (n_columns,)
        """
        return self.steps[-1][1].get_feature_names_out()

    def __sklearn_is_fitted__(self):
        return all(is_fitted(step) for _, step in self.steps)


class Union(Transformer):
    """Transformers of the same images, whose columns are put side by side.

    Parameters
    ----------
    transformer_list : list of (str, transformer)
        Their names, and they themselves; at least one.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import IntensityStatistics, Moments
    >>> union = Union([("intensity", IntensityStatistics()), ("moments", Moments())])
    >>> union.fit_transform(np.full((2, 32, 32), 7, np.uint8)).shape
    (2, 74)
    """

    def __init__(self, transformer_list):
        self.transformer_list = transformer_list

    def fit(self, X, y=None):
        """Fit every transformer to the images.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.
        y : object
            Passed to every transformer.

        Returns
        -------
        self
        """
        for _, transformer in self.transformer_list:
            transformer.fit(X, y)
        return self

    def transform(self, X):
        """Compute the columns of all transformers.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.

        Returns
        -------
        features : array of shape (n, n_columns)
            In the order of the transformers.
        """
        return np.hstack([transformer.transform(X) for _, transformer in self.transformer_list])

    def get_feature_names_out(self, input_features=None):
        """Name the columns, in the order of the values.

        Parameters
        ----------
        input_features : object
            Ignored: images have no feature names.

        Returns
        -------
        names : array of str objects, shape (n_columns,)
        """
        return np.concatenate(
            [transformer.get_feature_names_out() for _, transformer in self.transformer_list]
        )

    def __sklearn_is_fitted__(self):
        return all(is_fitted(transformer) for _, transformer in self.transformer_list)


def is_fitted(transformer):
    """Return whether a transformer has been fitted, or needs no fit.

    Parameters
    ----------
    transformer : object
        Of featurex, or as scikit-learn's are.

    Returns
    -------
    fitted : bool
    """
    if isinstance(transformer, Transformer):
        return transformer.__sklearn_is_fitted__()
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(transformer)
    except NotFittedError:
        return False
    return True


def learns(transformer):
    """Return whether a transformer learns from images, and so should be fitted to many.

    Parameters
    ----------
    transformer : object
        Of featurex, or as scikit-learn's are.

    Returns
    -------
    learns : bool
    """
    if isinstance(transformer, Transformer):
        return transformer.learns
    from sklearn.utils import get_tags

    return get_tags(transformer).requires_fit


def clone(transformer):
    """Copy a transformer without what it has learnt.

    Parameters
    ----------
    transformer : object
        Of featurex, or as scikit-learn's are.

    Returns
    -------
    transformer : object
        With copies of the parameters.
    """
    if not isinstance(transformer, Transformer):
        from sklearn.base import clone as clone_any

        return clone_any(transformer)
    parameters = transformer.get_params(deep=False)
    copied = type(transformer)(**{name: _copy(value) for name, value in parameters.items()})
    if hasattr(transformer, "_sklearn_output_config"):
        copied.set_output(**transformer._sklearn_output_config)
    return copied


def _copy(value):
    """Copy a parameter; lists of transformers, too."""
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(_copy(item) for item in value)
    if hasattr(value, "get_params") and not isinstance(value, type):
        return clone(value)
    return copy.deepcopy(value)

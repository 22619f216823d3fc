"""The interface of a scikit-learn transformer, without scikit-learn.

scikit-learn asks estimators for methods and not for their class: what is defined here works in its
pipelines, searches and clones. Importing scikit-learn takes two seconds, four times as long as all
else that extracts features, and so it is left to those who use it.
"""

import functools
import inspect


@functools.cache
def parameter_names(kind):
    """List the parameters of a transformer's constructor.

    Parameters
    ----------
    kind : class
        Its constructor names every parameter.

    Returns
    -------
    names : tuple of str
        In alphabetical order.
    """
    # A class without a constructor has object's, which says nothing.
    if kind.__init__ is object.__init__:
        return ()
    return tuple(sorted(list(inspect.signature(kind.__init__).parameters)[1:]))


class Transformer:
    """Base of extractors and steps: parameters, as scikit-learn reads, sets and copies them.

    A subclass assigns its parameters in ``__init__`` and does nothing else there, and implements
    `fit` and ``transform``.

    Examples
    --------
    >>> from sklearn.base import clone
    >>> class Doubled(Transformer):
    ...     def __init__(self, offset=0):
    ...         self.offset = offset
    ...
    ...     def fit(self, X, y=None):
    ...         return self
    ...
    ...     def transform(self, X):
    ...         return [2 * x + self.offset for x in X]
    >>> clone(Doubled(offset=3)), Doubled().set_params(offset=1).fit_transform([1, 2])
    (Doubled(offset=3), [3, 5])
    """

    @property
    def learns(self):
        """Whether `fit` learns from the images, so that it should see many: bool."""
        return True

    @classmethod
    def _get_param_names(cls):
        return list(parameter_names(cls))

    def get_params(self, deep=True):
        """Return the parameters.

        Parameters
        ----------
        deep : bool
            Whether to add those of parameters that have parameters, as ``name__parameter``.

        Returns
        -------
        parameters : dict
            Values by name.
        """
        parameters = {}
        for name in parameter_names(type(self)):
            value = parameters[name] = getattr(self, name)
            if deep and hasattr(value, "get_params") and not inspect.isclass(value):
                inner = value.get_params().items()
                parameters.update((f"{name}__{key}", nested) for key, nested in inner)
        return parameters

    def set_params(self, **params):
        """Set parameters.

        Parameters
        ----------
        **params : dict
            Values by name; ``name__parameter`` sets one of a parameter that has parameters.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is no such parameter, in scikit-learn's words.
        """
        allowed = parameter_names(type(self))
        for key, value in params.items():
            name, _, inner = key.partition("__")
            if name not in allowed:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: "
                    f"{list(allowed)}."
                )
            if inner:
                getattr(self, name).set_params(**{inner: value})
            else:
                setattr(self, name, value)
        return self

    def fit_transform(self, X, y=None, **fit_params):
        """Call `fit`, then ``transform``.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.
        y : object
            Passed to `fit`.
        **fit_params : dict
            Passed to `fit`.

        Returns
        -------
        transformed : array
            What ``transform`` returns.
        """
        return self.fit(X, y, **fit_params).transform(X)

    def __repr__(self):
        defaults = inspect.signature(type(self)).parameters
        given = {name: getattr(self, name) for name in parameter_names(type(self))}
        # By their texts, which arrays and NaN have as well.
        changed = (
            f"{name}={value!r}"
            for name, value in given.items()
            if repr(value) != repr(defaults[name].default)
        )
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_is_fitted__(self):
        return any(name.endswith("_") for name in vars(self))

    def __sklearn_tags__(self):
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(),
            input_tags=InputTags(two_d_array=False, three_d_array=True),
        )

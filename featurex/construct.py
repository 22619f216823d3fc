"""Trees of constructor arguments to objects, and back; no defaults of its own.

A tree is what YAML or JSON can hold. An empty mapping means "as in code". Objects of a section are
named after their class in a registry (``glcm: {levels: 16}``), or by any name with the class beside
the arguments (``coarse: {class: glcm, levels: 8}``).
"""

import functools
import inspect
import math
import os

import numpy as np

from featurex.chain import Chain, Union, clone
from featurex.errors import ParameterError
from featurex.features import EXTRACTORS, Extractor
from featurex.harmonize import Harmonize
from featurex.lungs import Align, LungRegion
from featurex.plugins import find_class
from featurex.preprocess import Equalize, Preprocess
from featurex.wording import suggest

# The steps that an input may be made of, by their names in a configuration.
STEPS = {
    "preprocess": Preprocess,
    "align": Align,
    "equalize": Equalize,
    "harmonize": Harmonize,
    "lungs": LungRegion,
}
# The argument that names the class where the key does not.
CLASS = "class"
_BLANK = np.zeros((1, 224, 224), np.uint8)


def make_chain(tree, name):
    """Construct the chain from a read image to the features of one input.

    Parameters
    ----------
    tree : dict
        Its sections "preprocess", "inputs" and "features" are used.
    name : str
        One of its inputs, as "aligned".

    Returns
    -------
    chain : Chain

    Raises
    ------
    ParameterError
        If a name does not exist (the message lists those that do) or a value breaks its rule.
    """
    inputs = check_mapping(tree["inputs"], "inputs")
    if name not in inputs:
        raise ParameterError(f"input must be one of {', '.join(inputs)}, but {name!r} was given")
    extractors = make_all(EXTRACTORS, tree["features"], "features", importing=True)
    steps = make_all(STEPS, inputs[name], f"inputs.{name}", importing=True)
    first = make(Preprocess, tree.get("preprocess"), "preprocess")
    return Chain(
        [("preprocess", first), *steps.items(), ("features", Union(list(extractors.items())))]
    )


def make_all(registry, tree, where, importing=False):
    """Construct every object that a section of a configuration names.

    Parameters
    ----------
    registry : dict of str to class
        What may be constructed.
    tree : dict of str to dict
        Constructor arguments by name. The name is one of the registry, or the arguments hold one as
        "class".
    where : str
        The place in the configuration, for messages.
    importing : bool
        Whether "class" may be any class, as "package.module.Name", which is then imported: only
        where the tree is the user's own. Classes of loaded plugins are always found.

    Returns
    -------
    objects : dict of str to object
        In the order of the tree.

    Raises
    ------
    ParameterError
        If a name does not exist or a value breaks its rule.

    Examples
    --------
    >>> from featurex.construct import make_all
    >>> from featurex.features import EXTRACTORS
    >>> make_all(EXTRACTORS, {"hog": {}, "fine": {"class": "hog", "cell": 8}}, "features")
    {'hog': HOG(), 'fine': HOG(cell=8)}
    """
    objects = {}
    for name, given in check_mapping(tree, where).items():
        path = f"{where}.{name}"
        arguments = dict(check_mapping(given, path))
        if CLASS in arguments:
            given = str(arguments.pop(CLASS))
            if given not in registry and "." in given:
                member = find_class(given, f"{path}.{CLASS}", importing)
                _check_methods(registry, member, f"{path}.{CLASS}")
            else:
                member = _look_up(registry, given, f"{path}.{CLASS}: ")
        else:
            member = _look_up(registry, name, f"{where}.")
        objects[name] = make(member, arguments, path)
    return objects


def _check_methods(registry, member, where):
    """Refuse a class of the user's that cannot be what its section needs."""
    needed = ("fit", "transform")
    if registry is EXTRACTORS:
        needed = ("fit", "transform", "get_feature_names_out")
    elif registry is not STEPS:
        needed = ("fit", "predict_proba")
    for method in needed:
        if not callable(getattr(member, method, None)):
            raise ParameterError(
                f"{where}: {member.__module__}.{member.__qualname__} has no method {method}; what "
                f"stands here needs {', '.join(needed)}"
            )


def make(factory, arguments, where):
    """Call a constructor with arguments from a configuration, and check them.

    Parameters
    ----------
    factory : class
        Its signature is the only list of what is allowed.
    arguments : dict or None
        None means "as in code".
    where : str
        The place in the configuration, for messages.

    Returns
    -------
    instance : object

    Raises
    ------
    ParameterError
        If an argument does not exist or a value breaks its rule.
    """
    arguments = check_mapping(arguments, where)
    allowed = _parameter_names(factory)
    for name in arguments:
        if name not in allowed:
            raise ParameterError(f"{where}.{name} does not exist{_hint(name, allowed)}")
    instance = factory(**arguments)
    # Checked before any image is read: a wrong value must not cost a run.
    if isinstance(instance, Extractor):
        # A clone: an extractor that was fitted to a blank image must not look fitted.
        clone(instance).fit(_BLANK)
    elif hasattr(instance, "check_parameters"):
        instance.check_parameters()
    return instance


def describe(thing):
    """Describe objects by every argument of their constructors: the inverse of making them.

    What is saved with a description does not depend on today's defaults.

    Parameters
    ----------
    thing : object
        An estimator (extractor, step, model), a mapping of names to estimators, or an object that
        keeps its constructor's arguments as attributes, as a `Benchmark` does.

    Returns
    -------
    tree : dict
        Constructor arguments by name, in plain types alone. In a mapping of estimators, "class"
        stands beside the arguments where the key does not name the class; one that is not of
        featurex is named with its module. A value that has no plain form is named by its type, and
        numbers that JSON lacks (NaN and the infinities) are texts.

    Examples
    --------
    >>> from featurex.construct import describe
    >>> from featurex.models import Logistic
    >>> describe(Logistic(C=0.5))
    {'C': 0.5, 'random_state': 0}
    >>> describe({"logistic": Logistic(), "stronger": Logistic(C=0.001)})["stronger"]
    {'class': 'logistic', 'C': 0.001, 'random_state': 0}
    """
    if isinstance(thing, dict):
        return _describe_value(thing)
    names = _parameter_names(type(thing))
    if _is_estimator(thing):
        # get_params has the last word: some estimators pass arguments on by keyword.
        given = thing.get_params(deep=False)
        names = [
            *(name for name in names if name in given),
            *(name for name in given if name not in names),
        ]
        return {name: _describe_value(given[name]) for name in names}
    tree = {name: _describe_value(getattr(thing, name), name) for name in names}
    if "inputs" in tree:
        tree["inputs"] = {name: _describe_steps(steps) for name, steps in thing.inputs.items()}
    return tree


def describe_chain(chain, name):
    """Describe a chain: the inverse of `make_chain`.

    Parameters
    ----------
    chain : Chain
        As `make_chain` makes it.
    name : str
        The name that its input gets.

    Returns
    -------
    tree : dict
        With the sections "preprocess", "inputs" and "features".
    """
    first, *steps, union = (step for _, step in chain.steps)
    return {
        "preprocess": describe(first),
        "inputs": {name: _describe_steps(steps)},
        "features": describe(dict(union.transformer_list)),
    }


def _describe_steps(steps):
    """Describe the steps of an input as the mapping that a configuration has."""
    named = {}
    for step in steps:
        name = base = _class_name(type(step)).rpartition(".")[2]
        while name in named:
            name = f"{base}_{len(named)}"
        named[name] = step
    return _describe_value(named)


def _describe_value(value, key=None):
    """A value in plain types."""
    if _is_estimator(value):
        name = _class_name(type(value))
        return {**({} if name == key else {CLASS: name}), **describe(value)}
    if isinstance(value, dict):
        return {str(name): _describe_value(item, name) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_describe_value(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return _describe_value(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return _class_name(value if inspect.isclass(value) or callable(value) else type(value))


def _is_estimator(thing):
    return hasattr(thing, "get_params") and not inspect.isclass(thing)


def _class_name(member):
    return _names().get(member) or f"{member.__module__}.{member.__qualname__}"


@functools.cache
def _names():
    """What classes are called in a configuration: dict of class to str."""
    # Late: who only scores images need not wait for what fits models.
    from featurex.models import MODELS

    registries = (STEPS, EXTRACTORS, MODELS)
    return {member: name for registry in registries for name, member in registry.items()}


def _look_up(registry, name, where):
    """Return a member of a registry; a ParameterError lists those that there are."""
    if name not in registry:
        raise ParameterError(f"{where}{name} does not exist{_hint(name, registry)}")
    return registry[name]


def check_mapping(tree, where):
    """Return `tree` if it is a mapping, and an empty one for None."""
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise ParameterError(
            f"{where} must be a mapping of names to values, but {tree!r} was given"
        )
    return tree


def _hint(name, allowed):
    meant = f"; {suggest(name, allowed)}".rstrip()
    return f"{meant} Allowed here: {', '.join(map(str, allowed)) or 'nothing'}"


def _parameter_names(factory):
    return [
        name
        for name, parameter in inspect.signature(factory).parameters.items()
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    ]

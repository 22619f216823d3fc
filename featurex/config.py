"""From YAML and ``--set`` to objects, through their constructors; no defaults of its own.

A configuration is a tree of constructor arguments. An empty mapping means "as in code".
"""

import copy
import difflib
import inspect
import os
from pathlib import Path

import numpy as np
import yaml
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion, make_pipeline

from featurex.checks import check_integer
from featurex.errors import DataError, ParameterError
from featurex.features import EXTRACTORS, Extractor
from featurex.lungs import Align, LungRegion
from featurex.models import MODELS
from featurex.models.base import MAX_SEED
from featurex.preprocess import Equalize, Preprocess

# The steps that an input may be made of, by their names in a configuration.
STEPS = {"preprocess": Preprocess, "align": Align, "equalize": Equalize, "lungs": LungRegion}
CONFIGURATIONS = Path(__file__).with_name("configs")
_BLANK = np.zeros((1, 224, 224), np.uint8)


def read_configuration(path=None, settings=()):
    """Read a configuration file and apply settings on top of it.

    Parameters
    ----------
    path : str, path-like or None
        A YAML file, or the name of one that comes with featurex, as "quick"; a section that it
        names replaces the plan's section of that name. None is the plan alone.
    settings : sequence of str
        ``path=value`` each, as "features.glcm.levels=64"; the value is read as YAML.

    Returns
    -------
    tree : dict

    Raises
    ------
    DataError
        If the file cannot be read or is not YAML.
    ParameterError
        If it is not a mapping, or a setting is not of that form.
    """
    # Late, and so below: a saved model needs chains alone, and answers a second sooner.
    from featurex.benchmark import PLAN

    tree = copy.deepcopy(PLAN)
    if path is not None:
        tree.update(_read(find_configuration(path)))
    for setting in settings:
        _apply(tree, setting)
    return tree


def find_configuration(path):
    """Find a configuration file.

    Parameters
    ----------
    path : str or path-like
        A file, or the name of a configuration that comes with featurex: a single word without an
        ending.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    DataError
        If no configuration of that name comes with featurex; the message lists those that do.

    Examples
    --------
    >>> find_configuration("quick").name
    'quick.yaml'
    """
    if os.path.basename(path) != str(path) or Path(path).suffix:
        return Path(path)
    names = sorted(file.stem for file in CONFIGURATIONS.glob("*.yaml"))
    if path not in names:
        raise DataError(
            f"no configuration {path} comes with featurex, only {', '.join(names)}; name a file of "
            f"your own with its ending, as {path}.yaml"
        )
    return CONFIGURATIONS / f"{path}.yaml"


def make_benchmark(tree):
    """Construct the benchmark that a configuration describes.

    Parameters
    ----------
    tree : dict
        As from `read_configuration`.

    Returns
    -------
    benchmark : Benchmark

    Raises
    ------
    ParameterError
        If a name does not exist (the message lists those that do) or a value breaks its rule.
    """
    from featurex.benchmark import Benchmark

    arguments = dict(tree)
    arguments["preprocess"] = make(Preprocess, tree.get("preprocess"), "preprocess")
    arguments["inputs"] = {
        name: make_steps(steps, f"inputs.{name}")
        for name, steps in _mapping(tree["inputs"], "inputs").items()
    }
    arguments["features"] = make_all(EXTRACTORS, tree["features"], "features")
    # One seed for the run, unless a model names its own.
    seed = {}
    if "seed" in tree:
        seed["random_state"] = check_integer("seed", tree["seed"], 0, MAX_SEED)
    models = {
        name: {**seed, **_mapping(given, f"models.{name}")}
        for name, given in _mapping(tree["models"], "models").items()
    }
    arguments["models"] = make_all(MODELS, models, "models")
    return make(Benchmark, arguments, "configuration")


def make_chain(tree, name):
    """Construct the chain from a read image to the features of one input.

    Parameters
    ----------
    tree : dict
        As from `read_configuration`.
    name : str
        One of its inputs, as "aligned".

    Returns
    -------
    chain : sklearn.pipeline.Pipeline
    """
    inputs = _mapping(tree["inputs"], "inputs")
    if name not in inputs:
        raise ParameterError(f"input must be one of {', '.join(inputs)}, but {name!r} was given")
    extractors = make_all(EXTRACTORS, tree["features"], "features")
    union = FeatureUnion(list(extractors.items()), verbose_feature_names_out=False)
    steps = make_steps(inputs[name], f"inputs.{name}")
    return make_pipeline(make(Preprocess, tree.get("preprocess"), "preprocess"), *steps, union)


def make_steps(tree, where):
    """Construct the steps of an input, in order; see `STEPS`."""
    return [
        make(_lookup(STEPS, name, where), given, f"{where}.{name}")
        for name, given in _mapping(tree, where).items()
    ]


def make_all(registry, tree, where):
    """Construct every named member of a registry: a dict of name to object."""
    return {
        name: make(_lookup(registry, name, where), given, f"{where}.{name}")
        for name, given in _mapping(tree, where).items()
    }


def make(factory, arguments, where):
    """Call a constructor with arguments from a configuration.

    Parameters
    ----------
    factory : class or callable
        Its signature is the only list of what is allowed.
    arguments : dict or None
        None means "as in code".
    where : str
        The place in the configuration, for messages.
    """
    arguments = _mapping(arguments, where)
    allowed = [
        name
        for name, parameter in inspect.signature(factory).parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    for name in arguments:
        if name not in allowed:
            raise ParameterError(f"{where}.{name} does not exist{_hint(name, allowed)}")
    made = factory(**arguments)
    # Images later, parameters now: a wrong value must not cost a run.
    if isinstance(made, Extractor):
        # A copy: what was fitted to nothing must not look fitted.
        clone(made).fit(_BLANK)
    elif hasattr(made, "check_parameters"):
        made.check_parameters()
    return made


def _lookup(registry, name, where):
    if name not in registry:
        raise ParameterError(f"{where}.{name} does not exist{_hint(name, registry)}")
    return registry[name]


def _hint(name, allowed):
    close = difflib.get_close_matches(str(name), [str(other) for other in allowed], n=1)
    meant = f"; did you mean {close[0]}?" if close else ";"
    return f"{meant} Allowed here: {', '.join(map(str, allowed)) or 'nothing'}"


def _mapping(tree, where):
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise ParameterError(
            f"{where} must be a mapping of names to values, but {tree!r} was given"
        )
    return tree


def _read(path):
    try:
        text = Path(path).read_text(encoding="utf-8")
        tree = yaml.safe_load(text)
    except OSError as error:
        raise DataError(f"cannot read the configuration {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"the configuration {path} is not YAML: {error}") from error
    return _mapping(tree, str(path))


def _apply(tree, setting):
    path, equals, text = setting.partition("=")
    if not equals or not all(path.split(".")):
        raise ParameterError(
            f"--set must be of the form path=value, as features.glcm.levels=64, but {setting!r} "
            f"was given"
        )
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ParameterError(f"--set {path}: the value {text!r} is not YAML") from error
    *parents, leaf = path.split(".")
    for number, name in enumerate(parents):
        if tree.get(name) is None:
            tree[name] = {}
        tree = _mapping(tree[name], ".".join(parents[: number + 1]))
    tree[leaf] = value

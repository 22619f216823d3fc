"""Configurations: from YAML and ``--set`` to the tree of constructor arguments, and to a benchmark.

`featurex.construct` makes the objects that a tree names, and describes objects as a tree.
"""

import copy
import inspect
import itertools
import json
import os
import re
from pathlib import Path

import yaml

from featurex.checks import check_integer
from featurex.construct import CLASS, STEPS, check_mapping, describe, make, make_all, make_chain
from featurex.errors import DataError, ParameterError
from featurex.features import EXTRACTORS
from featurex.files import refuse_pipe
from featurex.plugins import find_class
from featurex.preprocess import Preprocess
from featurex.runs.schema import RUN
from featurex.wording import suggest

__all__ = [
    "describe",
    "find_configuration",
    "list_configurations",
    "make_benchmark",
    "make_chain",
    "read_configuration",
]

CONFIGURATIONS = Path(__file__).with_name("configs")


def read_configuration(path=None, settings=()):
    """Read a configuration file and apply settings on top of it.

    Parameters
    ----------
    path : str, path-like or None
        A YAML file, or the name of one that comes with featurex, as "quick"; a section that it
        names replaces the plan's section of that name. The run.json of a finished run repeats that
        run. None is the plan alone.
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
        tree.update(_read_run(path) if Path(path).name == RUN else _read(find_configuration(path)))
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
    names = list_configurations()
    if path not in names:
        raise DataError(
            f"no configuration {path} comes with featurex, only {', '.join(names)}; "
            f"{suggest(path, names) or f'name a file of your own with its ending, as {path}.yaml'}"
        )
    return CONFIGURATIONS / f"{path}.yaml"


def list_configurations():
    """List the configurations that come with featurex.

    Returns
    -------
    purposes : dict of str to str
        What each is for, by name: the first sentence of its file.

    Examples
    --------
    >>> list_configurations()["lungs"]
    'What the lungs alone are worth'
    """
    purposes = {}
    for file in sorted(CONFIGURATIONS.glob("*.yaml")):
        lines = file.read_text(encoding="utf-8").splitlines()
        comments = itertools.takewhile(lambda line: line.startswith("#"), lines)
        text = " ".join(line.removeprefix("#").strip() for line in comments)
        # A sentence ends in a period, or in a colon and the command.
        purposes[file.stem] = re.split(r"\.(?= |$)|: |; ", text)[0]
    return purposes


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
    from featurex.models import MODELS
    from featurex.models.base import MAX_SEED

    arguments = dict(tree)
    arguments["preprocess"] = make(Preprocess, tree.get("preprocess"), "preprocess")
    arguments["inputs"] = {
        name: list(make_all(STEPS, steps, f"inputs.{name}", importing=True).values())
        for name, steps in check_mapping(tree["inputs"], "inputs").items()
    }
    arguments["features"] = make_all(EXTRACTORS, tree["features"], "features", importing=True)
    # One seed for the run, unless a model names its own.
    seed = {}
    if "seed" in tree:
        seed["random_state"] = check_integer("seed", tree["seed"], 0, MAX_SEED)
    models = {
        name: {**_fit_seed(seed, given), **check_mapping(given, f"models.{name}")}
        for name, given in check_mapping(tree["models"], "models").items()
    }
    arguments["models"] = make_all(MODELS, models, "models", importing=True)
    return make(Benchmark, arguments, "configuration")


def _fit_seed(seed, given):
    """Return the run's seed for a model, if it is not a class of the user's that takes none."""
    name = str(given.get(CLASS, "")) if isinstance(given, dict) else ""
    if seed and "." in name:
        member = find_class(name, f"models: {CLASS}", importing=True)
        return seed if "random_state" in inspect.signature(member).parameters else {}
    return seed


def read_value(text, where):
    """Read a value of the command line as YAML.

    Parameters
    ----------
    text : str
        As "64", "[1, 2]" or "{positive: TB}".
    where : str
        The option, for messages.

    Returns
    -------
    value : object
        In plain types.

    Raises
    ------
    ParameterError
        If it is not YAML.
    """
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ParameterError(f"{where}: the value {text!r} is not YAML") from error


def _read_run(path):
    """The configuration of a finished run; JSON, whose numbers YAML reads otherwise."""
    refuse_pipe(path)
    try:
        tree = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"cannot read the configuration {path}: {error.strerror}") from error
    except ValueError as error:
        raise DataError(f"the configuration {path} is not JSON: {error}") from error
    given = check_mapping(tree, str(path)).get("configuration")
    if not given:
        raise DataError(f"{path} holds no configuration: is it the file of a finished run?")
    return check_mapping(given, f"configuration in {path}")


def _read(path):
    refuse_pipe(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
        tree = yaml.safe_load(text)
    except OSError as error:
        raise DataError(f"cannot read the configuration {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"the configuration {path} is not YAML: {error}") from error
    return check_mapping(tree, str(path))


def _apply(tree, setting):
    path, equals, text = setting.partition("=")
    if not equals or not all(path.split(".")):
        raise ParameterError(
            f"--set must be of the form path=value, as features.glcm.levels=64, but {setting!r} "
            f"was given"
        )
    value = read_value(text, f"--set {path}")
    *parents, leaf = path.split(".")
    for number, name in enumerate(parents):
        if tree.get(name) is None:
            tree[name] = {}
        tree = check_mapping(tree[name], ".".join(parents[: number + 1]))
    tree[leaf] = value

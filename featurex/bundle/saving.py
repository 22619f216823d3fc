"""Saves models of runs to files."""

from datetime import UTC, datetime
from os import PathLike

from featurex.benchmark import describe_software
from featurex.bundle.archive import ARRAYS, CARD, write_archive
from featurex.bundle.arrays import pack_arrays
from featurex.bundle.card import write_card
from featurex.bundle.known_answer import find_answer, prepare_probes
from featurex.bundle.manifest import FORMAT, Manifest
from featurex.bundle.own_parts import allowing_parts, find_classifier, take_parts
from featurex.bundle.scoring import Scoring, name_place
from featurex.construct import describe
from featurex.errors import DataError, ParameterError
from featurex.runs.encoding import to_json
from featurex.scorers import to_arrays


def save_model(path: str | PathLike[str], run, fitted=None) -> None:
    """Save a model of a run.

    Parameters
    ----------
    path : str or path-like
        Ends in .featurex.
    run : Run
        What `Benchmark.run` gave.
    fitted : Fitted or None
        One of `run.others`; None for the model that the run chose.

    Raises
    ------
    DataError
        If nothing was chosen, the model has a part that no file of featurex can hold, or the file
        cannot be written.

    Examples
    --------
    A run takes longer than an example may:

    >>> from featurex import load_dataset, load_model, save_model
    >>> from featurex.config import make_benchmark, read_configuration
    >>> benchmark = make_benchmark(read_configuration("quick"))
    >>> run = benchmark.run(load_dataset("chest_xray"), "runs/first")  # doctest: +SKIP
    >>> save_model("chosen.featurex", run)  # doctest: +SKIP
    >>> load_model("chosen.featurex").predict(["image.jpeg"])  # doctest: +SKIP
    """
    fitted = fitted or run.chosen
    if fitted is None:
        raise DataError("this run chose no classical model, so that there is none to save")
    configuration = _configure(fitted, run.info.configuration)
    try:
        with allowing_parts(fitted):
            parts = take_parts(fitted, configuration)
            scorer = find_classifier(fitted)
            scoring = Scoring.from_tree(
                configuration, fitted.entry.input, scorer, fitted.typical, parts
            )
            probes = prepare_probes(scoring, fitted.mask_labels is not None)
            answer = find_answer(scoring, probes)
    except (DataError, ParameterError) as error:
        raise DataError(f"{fitted.entry.key} cannot be saved: {error}") from error
    taken, forms, content = _take_apart(fitted, scorer, parts)
    manifest = Manifest(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=describe_software(),
        configuration=configuration,
        **taken,
        arrays=forms,
        known_answer=tuple(map(tuple, answer.tolist())),
        **_tell_of_model(fitted),
        **_tell_of_run(run.info),
    )
    tree = to_json(manifest)
    write_archive(
        path, tree, {ARRAYS: content, CARD: write_card(tree, manifest.own_classes).encode("utf-8")}
    )


def _take_apart(fitted, scorer, parts):
    """The trees of a manifest that hold arrays, the forms of these, and their bytes."""
    estimator, arrays = to_arrays(scorer, "estimator")
    trees = {}
    for place, part in parts.items():
        trees[place], inner = to_arrays(part, name_place("parts", place))
        arrays |= inner
    typical = fitted.typical
    arrays |= {"mean": typical.mean, "deviation": typical.deviation, "usual": fitted.usual}
    return {"estimator": estimator, "parts": trees or None}, *pack_arrays(arrays)


def _configure(fitted, tree):
    """The part of a run's configuration that makes one model."""
    entry = fitted.entry
    return {
        "preprocess": tree["preprocess"],
        "inputs": {entry.input: tree["inputs"][entry.input]},
        "features": _describe_features(fitted, tree["features"]),
        # As it was fitted: a search may have chosen its parameters, and a seed was.
        "models": describe({entry.model: fitted.estimator}),
    }


def _tell_of_model(fitted):
    """What a manifest says of the model itself, and of its scores."""
    return {
        "classes": tuple(fitted.classes),
        "key": fitted.entry.key,
        "input": fitted.entry.input,
        "columns": tuple(fitted.columns),
        "threshold": fitted.threshold,
        "calibration": fitted.calibration,
        "sets": fitted.sets,
        "unusual_from": fitted.typical.limit,
        "mask_labels": fitted.mask_labels,
        "scores": {
            name: value for name, value in fitted.row.items() if isinstance(value, int | float)
        },
    }


def _tell_of_run(info):
    """What a manifest says of the run that made the model."""
    return {
        "task": info.task,
        "threshold_policy": info.protocol.threshold,
        "dataset": to_json(info.dataset),
        "protocol": to_json(info.protocol),
        "controls": tuple(map(to_json, info.controls)),
        "findings": tuple(map(to_json, info.findings)),
    }


def _describe_features(fitted, tree):
    """What makes the columns of a model, as a configuration names it."""
    entry = fitted.entry
    if entry.learns_features:
        return {entry.features: {"sizes": [fitted.view.pixel_side, fitted.estimator.size]}}
    return {family: tree[family] for family in entry.families}

"""Saves models to files, and loads them; a file is checked before anything is constructed."""

from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import numpy as np

import featurex
from featurex.bundle.archive import ARRAYS, CARD, read_archive, write_archive
from featurex.bundle.arrays import pack_arrays, unpack_arrays
from featurex.bundle.known_answer import check_answer, find_answer
from featurex.bundle.manifest import FORMAT, Manifest
from featurex.bundle.model import Model
from featurex.bundle.scoring import Scoring
from featurex.errors import DataError, FeaturexError, ParameterError
from featurex.runs.encoding import from_json, to_json
from featurex.scorers import from_arrays, to_arrays
from featurex.scorers.typical import Typical

DEFAULT = "default.featurex"
# What parts of a broken file may raise beside featurex's own errors.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


def save_model(path, run, fitted=None):
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
    # Late: who only reads models need not wait for what makes them.
    from featurex.benchmark import describe_software
    from featurex.bundle.card import write_card
    from featurex.models.export import make_scorer

    fitted = fitted or run.chosen
    if fitted is None:
        raise DataError("this run chose no classical model, so that there is none to save")
    configuration = _configure(fitted, run.info.configuration)
    try:
        scorer = make_scorer(fitted.estimator)
        scoring = Scoring.from_tree(configuration, fitted.entry.input, scorer, fitted.typical)
    except (DataError, ParameterError) as error:
        raise DataError(
            f"{fitted.entry.key} cannot be saved, because a model file can hold only what comes "
            f"with featurex: {error}"
        ) from error
    estimator, arrays = to_arrays(scorer, "estimator")
    forms, content = pack_arrays(
        {
            **arrays,
            "mean": fitted.typical.mean,
            "deviation": fitted.typical.deviation,
            "usual": fitted.usual,
        }
    )
    manifest = Manifest(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=describe_software(),
        configuration=configuration,
        estimator=estimator,
        arrays=forms,
        known_answer=tuple(
            map(tuple, find_answer(scoring, fitted.mask_labels is not None).tolist())
        ),
        **_tell_of_model(fitted),
        **_tell_of_run(run.info),
    )
    tree = to_json(manifest)
    write_archive(path, tree, {ARRAYS: content, CARD: write_card(tree).encode("utf-8")})


def _configure(fitted, tree):
    """The part of a run's configuration that makes one model."""
    from featurex.construct import describe

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


def load_model(path=None):
    """Load a saved model. Nothing in the file is run: it holds plain values and arrays, each of
    which is checked.

    Parameters
    ----------
    path : str, path-like or None
        A .featurex file, or the folder of a run; None for the model that comes with featurex.

    Returns
    -------
    model : Model

    Raises
    ------
    DataError
        If it is no such file, was changed, is of another format, is broken in any way, or does not
        give its known answer with the libraries installed here.

    Examples
    --------
    The model that comes with featurex, on a file that holds noise and on one that does not exist:

    >>> from featurex import load_model
    >>> model = load_model()
    >>> model.classes
    ('normal', 'pneumonia')
    >>> paths = ["chest_xray/test/NORMAL/IM-0003-0001.jpeg", "missing.jpeg"]
    >>> table = model.predict(paths, n_jobs=1)
    >>> table.columns.tolist()
    ['path', 'score', 'probability', 'decision', 'flags', 'reason', 'detail']
    >>> "not_aligned" in table["flags"][0], "unusual" in table["flags"][0]
    (True, True)
    >>> table["reason"].tolist()
    ['', 'NOT_FOUND']
    """
    if path is None:
        with resources.as_file(resources.files("featurex.bundle").joinpath(DEFAULT)) as default:
            return load_model(default)
    path = Path(path)
    if path.is_dir():
        path = path / "model.featurex"
    tree, members = read_archive(path)
    _check_format(tree, path)
    manifest = from_json(Manifest, tree, f"manifest.json of {path}")
    arrays = unpack_arrays(manifest.arrays, members[ARRAYS], path)
    try:
        # Numbers of a broken file may overflow; its scores are then not the known ones.
        with np.errstate(all="ignore"):
            typical = Typical(arrays["mean"], arrays["deviation"], manifest.unusual_from)
            scorer, usual = from_arrays(manifest.estimator, arrays, "estimator"), arrays["usual"]
            manifest.check_model(scorer, typical, usual)
            scoring = Scoring.from_tree(manifest.configuration, manifest.input, scorer, typical)
            _check_columns(manifest, scoring)
            check_answer(scoring, manifest)
        card = members[CARD].decode("utf-8")
    # Whatever a part of it raises, the user must learn that the file is broken.
    except (FeaturexError, *_BROKEN) as error:
        raise DataError(f"{path} cannot be loaded: {_explain(error)}") from error
    return Model(manifest, card, scoring, usual)


def _check_format(tree, path):
    given = tree.get("format") if isinstance(tree, dict) else None
    if given != FORMAT:
        raise DataError(
            f"{path} has format {given!r}, but featurex {featurex.__version__} reads format "
            f"{FORMAT}; make the model anew with featurex benchmark, or use the version that wrote "
            f"it"
        )


def _check_columns(manifest, scoring):
    if scoring.name_columns() != manifest.columns:
        raise DataError(
            "it was made for other columns than this version of featurex extracts: use its own "
            "version"
        )


def _explain(error):
    """The message of an error that was raised on purpose, and the type of another as well."""
    deliberate = isinstance(error, FeaturexError)
    return str(error) if deliberate else f"{type(error).__name__}: {error}"

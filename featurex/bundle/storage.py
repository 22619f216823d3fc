"""Saves models to files, and loads them; a file is checked before anything is constructed."""

import io
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import numpy as np
from sklearn.pipeline import make_pipeline

import featurex
from featurex.bundle.archive import BROKEN, ESTIMATORS, read_archive, write_archive
from featurex.bundle.estimator import dump_estimator, load_estimator
from featurex.bundle.manifest import FORMAT, Manifest
from featurex.bundle.model import Model
from featurex.bundle.scoring import Scoring
from featurex.construct import make_chain
from featurex.errors import DataError, FeaturexError, ParameterError
from featurex.models.typical import Typical
from featurex.runs.encoding import from_json, to_json

DEFAULT = "default.featurex"
# The known answer: a loaded model must give these images the scores that it gave them when it was
# saved.
_PROBES, _PROBE_SIDE, _TOLERANCE = 3, 224, 1e-4


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

    fitted = fitted or run.chosen
    if fitted is None:
        raise DataError("this run chose no classical model, so that there is none to save")
    info, entry = run.info, fitted.entry
    tree = info.configuration
    configuration = {
        "preprocess": tree["preprocess"],
        "inputs": {entry.input: tree["inputs"][entry.input]},
        "features": {family: tree["features"][family] for family in entry.families},
        "models": {entry.model: tree["models"][entry.model]},
    }
    arrays = {
        "mean": fitted.typical.mean,
        "deviation": fitted.typical.deviation,
        "usual": fitted.usual,
    }
    try:
        chain = _build(configuration, entry.input, arrays, fitted.estimator, fitted.typical.limit)
    except ParameterError as error:
        raise DataError(
            f"{entry.key} cannot be saved, because a model file can name only what comes with "
            f"featurex: {error}"
        ) from error
    known_answer = chain.transform(_draw_probes())[:, : len(fitted.classes)]
    manifest = Manifest(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=describe_software(),
        task=info.task,
        classes=tuple(fitted.classes),
        key=entry.key,
        input=entry.input,
        configuration=configuration,
        columns=tuple(fitted.columns),
        threshold=fitted.threshold,
        threshold_policy=info.protocol.threshold,
        calibration=fitted.calibration,
        unusual_from=fitted.typical.limit,
        dataset=to_json(info.dataset),
        protocol=to_json(info.protocol),
        scores={
            name: value for name, value in fitted.row.items() if isinstance(value, int | float)
        },
        controls=tuple(map(to_json, info.controls)),
        findings=tuple(map(to_json, info.findings)),
        known_answer=tuple(map(tuple, known_answer.tolist())),
    )
    tree = to_json(manifest)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    write_archive(
        path,
        tree,
        {
            **dict([dump_estimator(fitted.estimator)]),
            "arrays.npz": stream.getvalue(),
            "card.md": write_card(tree).encode("utf-8"),
        },
    )


def load_model(path=None):
    """Load a saved model. Nothing in the file is run: there is no pickle, and only known types come
    back.

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
        If it is no such file, was changed, is of a newer format, holds a foreign type, or does not
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
    try:
        with np.load(io.BytesIO(members["arrays.npz"]), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        (member,) = members.keys() & set(ESTIMATORS)
        estimator = load_estimator(member, members[member], str(path), len(manifest.columns))
        chain = _build(
            manifest.configuration, manifest.input, arrays, estimator, manifest.unusual_from
        )
        usual = arrays["usual"]
        scores = chain.transform(_draw_probes())[:, : len(manifest.classes)]
        card = members["card.md"].decode("utf-8")
    except DataError:
        raise
    except (FeaturexError, *BROKEN) as error:
        raise DataError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    _check_columns(manifest, chain, path)
    _check_answer(manifest, scores, path)
    return Model(manifest, card, chain, usual)


def _check_format(tree, path):
    given = tree.get("format") if isinstance(tree, dict) else None
    if given != FORMAT:
        raise DataError(
            f"{path} has format {given!r}, but featurex {featurex.__version__} reads format "
            f"{FORMAT}; use the version that wrote it"
        )


def _check_columns(manifest, chain, path):
    if tuple(chain[-1].union.get_feature_names_out()) != manifest.columns:
        raise DataError(
            f"{path} was made for other columns than this version of featurex extracts: use its "
            f"own version"
        )


def _check_answer(manifest, scores, path):
    """Refuse a model that does not score the probes as it did when it was saved."""
    expected = manifest.known_answer
    if [len(row) for row in expected] != [scores.shape[1]] * len(scores) or not np.allclose(
        scores, expected, rtol=0, atol=_TOLERANCE
    ):
        versions = ", ".join(
            f"{name} {manifest.versions.get(name)}"
            for name in ("featurex", "scikit-learn", "xgboost-cpu")
        )
        raise DataError(
            f"{path} does not give its known answer here; it was made with {versions}: use these "
            f"versions"
        )


def _build(configuration, name, arrays, estimator, limit):
    """Build the chain from images to scores."""
    first, *steps, (_, union) = make_chain(configuration, name).steps
    typical = Typical(arrays["mean"], arrays["deviation"], limit)
    return make_pipeline(first[1], Scoring([step for _, step in steps], union, estimator, typical))


def _draw_probes():
    """Draw smooth synthetic pictures, the same everywhere."""
    rows, columns = np.mgrid[:_PROBE_SIDE, :_PROBE_SIDE] / _PROBE_SIDE
    waves = [np.sin(6 * rows * (k + 1) + k) * np.cos(5 * columns * (k + 2)) for k in range(_PROBES)]
    return np.stack([(127.5 + 120 * wave).astype(np.uint8) for wave in waves])

"""A saved model: from image files to scores, classes and doubts."""

import functools
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline, make_pipeline

import featurex
from featurex.bundle.archive import ESTIMATORS, read_archive, write_archive
from featurex.bundle.estimator import dump_estimator, load_estimator
from featurex.bundle.scoring import FLAGS, Scoring
from featurex.config import make_chain
from featurex.errors import DataError, FeaturexError
from featurex.evaluation.calibration import PlattCalibration
from featurex.evaluation.thresholds import decide
from featurex.images import read_image
from featurex.models.typical import Typical
from featurex.parallel import chunks, count_jobs, run_jobs
from featurex.progress import Progress
from featurex.table import read_rows

FORMAT = 2
# The known answer: a loaded model must give these images the scores that it gave them when it was
# saved.
_PROBES, _PROBE_SIDE, _TOLERANCE = 3, 224, 1e-4
# Fewer files than this are not worth starting processes for.
_FEW = 64
_CHUNK = 32
DEFAULT = "default.featurex"


@dataclass(frozen=True)
class Model:
    """What `featurex benchmark` chose, ready for new films. Research use only: not a medical
    device.

    Parameters
    ----------
    manifest : dict
        What it is, how it was made, and how well it did; see docs/models.md.
    card : str
        The same for people: Markdown.
    chain : fitted sklearn.pipeline.Pipeline
        From images to scores and flags.
    usual : float array, shape (2, side, side)
        Mean and standard deviation of the training images as they are prepared, small.
    """

    manifest: dict
    card: str
    chain: Pipeline
    usual: np.ndarray

    @property
    def classes(self):
        """Names of the classes; of two the second is the positive one."""
        return tuple(self.manifest["classes"])

    def predict(self, paths, *, n_jobs=None, progress=None):
        """Score image files.

        Parameters
        ----------
        paths : sequence of str
            See `featurex.images.read_image`.
        n_jobs : int or None
            Processes; None means every core.
        progress : Progress or None

        Returns
        -------
        table : pandas.DataFrame
            One row a path, in their order: path; score, the model's for the positive class
            (score_0, score_1, score_2 of three); probability, the score calibrated on out-of-fold
            scores; decision, a class, by the frozen threshold; flags, keys of `FLAGS` joined by ";
            "; reason and detail, "" unless the file could not be used.
        """
        paths, n_jobs = list(paths), count_jobs(n_jobs)
        parts = [paths[part] for part in chunks(len(paths), _CHUNK)]
        job = functools.partial(_score_files, self.chain)
        with (progress or Progress()).stage("Scoring", len(parts)) as advance:
            found, _ = run_jobs(
                job,
                parts,
                n_jobs if len(paths) >= _FEW else 1,
                advance,
                processes=len(paths) >= _FEW,
            )
        return pd.concat(
            [self._table(part, rows) for part, rows in zip(parts, found, strict=True)],
            ignore_index=True,
        )

    def explain(self, path):
        """Say what in a film raised and lowered its score.

        Parameters
        ----------
        path : str

        Returns
        -------
        film : Film

        Raises
        ------
        ImageError
            If the file cannot be used.
        """
        from featurex.bundle.film import explain_film

        return explain_film(self, str(path), read_image(path, size=self.chain[0].size))

    def score_images(self, images):
        """Scores and flags of images in memory: array of shape (n, n_classes + 4); see
        `Scoring`.
        """
        return self.chain.transform(images)

    def _table(self, paths, rows):
        n_classes = len(self.classes)
        values = np.full((len(paths), n_classes + len(FLAGS)), np.nan)
        if len(rows.kept):
            values[rows.kept] = rows.values
        table = pd.DataFrame({"path": paths})
        scores = values[:, 1] if n_classes == 2 else values[:, :n_classes]
        if n_classes == 2:
            table["score"] = scores
            table["probability"] = self._calibrate(scores)
        else:
            table[[f"score_{index}" for index in range(n_classes)]] = scores
        usable = np.isfinite(values[:, 0])
        decisions = np.full(len(paths), "", object)
        decisions[usable] = np.array(self.classes, object)[
            decide(scores[usable], self.manifest["threshold"])
        ]
        table["decision"] = decisions
        marks = values[:, n_classes:] == 1
        table["flags"] = ["; ".join(np.array(list(FLAGS))[row]) for row in marks]
        errors = {error.path: error for error in rows.errors}
        table["reason"] = [errors[path].reason if path in errors else "" for path in paths]
        table["detail"] = [errors[path].detail if path in errors else "" for path in paths]
        return table

    def _calibrate(self, scores):
        if self.manifest["calibration"] is None:
            return scores
        return PlattCalibration(**self.manifest["calibration"])(scores)


def save_model(path, run, fitted=None):
    """Save a model of a run.

    Parameters
    ----------
    path : str or path-like
        Ends in .featurex.
    run : Run
        Of a benchmark whose configuration is known.
    fitted : Fitted or None
        One of `run.others`; None for the model that the run chose.

    Raises
    ------
    DataError
        If nothing was chosen, or the file cannot be written.
    """
    # Late: who only reads models need not wait for what makes them.
    from featurex.benchmark import describe_software
    from featurex.bundle.card import write_card

    fitted = fitted or run.chosen
    if fitted is None:
        raise DataError("this run chose no classical model, so that there is none to save")
    tree = run.facts["configuration"]
    configuration = {
        "preprocess": tree.get("preprocess") or {},
        "inputs": {fitted.entry.input: tree["inputs"][fitted.entry.input]},
        "features": {family: tree["features"][family] for family in fitted.entry.families},
    }
    arrays = {
        "mean": fitted.typical.mean,
        "deviation": fitted.typical.deviation,
        "usual": fitted.usual,
    }
    chain = _build(
        configuration, fitted.entry.input, arrays, fitted.estimator, fitted.typical.limit
    )
    manifest = {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": describe_software(),
        "task": run.facts["task"],
        "classes": list(fitted.classes),
        "key": fitted.entry.key,
        "input": fitted.entry.input,
        "configuration": configuration,
        "columns": list(fitted.columns),
        "threshold": fitted.threshold,
        "threshold_policy": run.facts["protocol"]["threshold"],
        "calibration": fitted.calibration and vars(fitted.calibration),
        "unusual_from": fitted.typical.limit,
        "dataset": run.facts["dataset"],
        "protocol": run.facts["protocol"],
        "scores": {
            name: value for name, value in fitted.row.items() if isinstance(value, int | float)
        },
        "controls": run.facts["controls"],
        "findings": run.facts["findings"],
        "known_answer": chain.transform(_probes())[:, : len(fitted.classes)].tolist(),
    }
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    write_archive(
        path,
        manifest,
        {
            **dict([dump_estimator(fitted.estimator)]),
            "arrays.npz": stream.getvalue(),
            "card.md": write_card(manifest).encode("utf-8"),
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
    """
    if path is None:
        with resources.as_file(resources.files("featurex.bundle").joinpath(DEFAULT)) as own:
            return load_model(own)
    path = Path(path)
    if path.is_dir():
        path = path / "model.featurex"
    manifest, members = read_archive(path)
    if manifest.get("format") != FORMAT:
        raise DataError(
            f"{path} has format {manifest.get('format')!r}, but featurex {featurex.__version__} "
            f"reads format {FORMAT}; "
            "use the version that wrote it"
        )
    try:
        with np.load(io.BytesIO(members["arrays.npz"]), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        (member,) = members.keys() & set(ESTIMATORS)
        estimator = load_estimator(member, members[member], str(path))
        chain = _build(
            manifest["configuration"],
            manifest["input"],
            arrays,
            estimator,
            manifest["unusual_from"],
        )
        usual = arrays["usual"]
        found = chain.transform(_probes())[:, : len(manifest["classes"])]
        expected = np.array(manifest["known_answer"])
    except DataError:
        raise
    except (
        FeaturexError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        MemoryError,
    ) as error:
        raise DataError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    if list(chain[-1].union.get_feature_names_out()) != manifest.get("columns"):
        raise DataError(
            f"{path} was made for other columns than this version of featurex extracts: use its "
            f"own version"
        )
    if found.shape != expected.shape or not np.allclose(found, expected, rtol=0, atol=_TOLERANCE):
        made = ", ".join(
            f"{name} {manifest['versions'].get(name)}"
            for name in ("featurex", "scikit-learn", "xgboost-cpu")
        )
        raise DataError(
            f"{path} does not give its known answer here; it was made with {made}: use these "
            f"versions"
        )
    return Model(manifest, members["card.md"].decode("utf-8"), chain, usual)


def _build(configuration, name, arrays, estimator, limit):
    """The chain from images to scores."""
    first, *steps, (_, union) = make_chain(configuration, name).steps
    typical = Typical(arrays["mean"], arrays["deviation"], limit)
    return make_pipeline(first[1], Scoring([step for _, step in steps], union, estimator, typical))


def _probes():
    """Smooth synthetic pictures, the same everywhere."""
    rows, columns = np.mgrid[:_PROBE_SIDE, :_PROBE_SIDE] / _PROBE_SIDE
    waves = [np.sin(6 * rows * (k + 1) + k) * np.cos(5 * columns * (k + 2)) for k in range(_PROBES)]
    return np.stack([(127.5 + 120 * wave).astype(np.uint8) for wave in waves])


def _score_files(chain, paths):
    return read_rows(paths, chain)

"""Loads saved models; a file is checked before anything is constructed."""

from collections.abc import Sequence
from importlib import resources
from os import PathLike
from pathlib import Path

import numpy as np

import featurex
from featurex.bundle.archive import ARRAYS, CARD, read_archive
from featurex.bundle.arrays import unpack_arrays
from featurex.bundle.known_answer import check_answer
from featurex.bundle.manifest import FORMAT, Manifest
from featurex.bundle.model import Model
from featurex.bundle.scoring import Scoring, name_place
from featurex.errors import DataError, FeaturexError
from featurex.plugins import allowing, explain_allowing, is_allowed
from featurex.runs.encoding import from_json
from featurex.scorers import OwnTransformer, from_arrays
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


def load_model(
    path: str | PathLike[str] | None = None, *, allow: Sequence[str | type] = ()
) -> Model:
    """Load a saved model. Nothing in the file is run: it holds plain values and arrays, each of
    which is checked.

    Parameters
    ----------
    path : str, path-like or None
        A .featurex file, or the folder of a run; None for the model that comes with featurex.
    allow : sequence of str or class
        Classes that are not featurex's and that the model may use, as "package.module.Name", whose
        module is then imported. What a class does when it is made and when it scores is run: allow
        only what you would import yourself. The classes of plugins that are loaded are allowed.

    Returns
    -------
    model : Model

    Raises
    ------
    DataError
        If it is no such file, was changed, is of another format, is broken in any way, needs a
        class that is not allowed, or does not give its known answer with the libraries installed
        here.
    ParameterError
        If a class is not allowed by its whole name, or cannot be imported.

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
            return load_model(default, allow=allow)
    path = Path(path)
    if path.is_dir():
        path = path / "model.featurex"
    tree, members = read_archive(path)
    _check_format(tree, path)
    manifest = from_json(Manifest, tree, f"manifest.json of {path}")
    arrays = unpack_arrays(manifest.arrays, members[ARRAYS], path)
    with allowing(allow):
        _check_classes(manifest, path)
        try:
            # Numbers of a broken file may overflow; its scores are then not the known ones.
            with np.errstate(all="ignore"):
                scoring = _make_scoring(manifest, arrays)
            card = members[CARD].decode("utf-8")
        # Whatever a part of it raises, the user must learn that the file is broken.
        except (FeaturexError, *_BROKEN) as error:
            raise DataError(f"{path} cannot be loaded: {_explain(error)}") from error
    return Model(manifest, card, scoring, arrays["usual"])


def _make_scoring(manifest, arrays):
    """Put a model together, and hold it against what its manifest says."""
    typical = Typical(arrays["mean"], arrays["deviation"], manifest.unusual_from)
    scorer = from_arrays(manifest.estimator, arrays, "estimator")
    manifest.check_model(scorer, typical, arrays["usual"])
    parts = {
        place: from_arrays(tree, arrays, name_place("parts", place))
        for place, tree in (manifest.parts or {}).items()
    }
    if not all(isinstance(part, OwnTransformer) for part in parts.values()):
        raise DataError("its parts must be steps and extractors")
    name = manifest.input
    scoring = Scoring.from_tree(manifest.configuration, name, scorer, typical, parts)
    check_answer(scoring, manifest)
    return scoring


def _check_classes(manifest, path):
    """Refuse a model with classes that the user has not allowed: all in one sentence."""
    missing = [name for name in manifest.own_classes if not is_allowed(name)]
    if missing:
        raise DataError(f"{path} cannot be loaded: {explain_allowing(missing)}")


def _check_format(tree, path):
    given = tree.get("format") if isinstance(tree, dict) else None
    if given != FORMAT:
        raise DataError(
            f"{path} has format {given!r}, but featurex {featurex.__version__} reads format "
            f"{FORMAT}; make the model anew with featurex benchmark, or use the version that wrote "
            f"it"
        )


def _explain(error):
    """The message of an error that was raised on purpose, and the type of another as well."""
    deliberate = isinstance(error, FeaturexError)
    return str(error) if deliberate else f"{type(error).__name__}: {error}"

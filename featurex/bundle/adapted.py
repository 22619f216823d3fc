"""A saved model on the images of one hospital, whose columns are standardised within them."""

import functools

import joblib
import numpy as np

from featurex.bundle.scoring import FLAGS
from featurex.checks import check_choice
from featurex.errors import ImageError
from featurex.scorers.typical import ADAPTATIONS

_FEATURES, _FLAGS = "features", "flags"


def predict_adapted(model, paths, adapt, engine):
    """Score image files of one site after their columns were adapted to it.

    Parameters
    ----------
    model : Model
        Is not changed.
    paths : list of str or MaskedPath
        Images of one hospital; at least 20 of them can be used.
    adapt : {"site"}
        See `Typical.adapt`.
    engine : Engine
        Measures them.

    Returns
    -------
    rows : list of dict
        As `Model.predict_rows` gives them, with the column adapt. Flags are those of the images as
        they are.

    Raises
    ------
    ParameterError
        If `adapt` is no such word.
    DataError
        If there are too few images.
    """
    check_choice("adapt", adapt, ADAPTATIONS)
    scoring, n_columns = model.scoring, len(model.manifest.columns)
    identity = {"model": joblib.hash((model.manifest, scoring)), "adapt": adapt}
    compute = functools.partial(_measure, scoring)
    with engine.work(paths, compute, identity, "Measuring", scoring.first.size) as films:
        measured = list(films.each(_FEATURES, _FLAGS))
        usable = [values for _, values in measured if not isinstance(values, ImageError)]
        features = np.array([features for features, _ in usable]).reshape(-1, n_columns)
        flags = np.array([flags for _, flags in usable]).reshape(-1, len(FLAGS))
        scores = scoring.scorer.predict_proba(scoring.typical.adapt(features))
        scored = iter(np.column_stack([scores, flags]).astype(float))
        return [
            {
                **(
                    model._make_empty_row(values)
                    if isinstance(values, ImageError)
                    else model._make_row(paths[row], next(scored))
                ),
                "adapt": adapt,
            }
            for row, values in measured
        ]


def _measure(scoring, paths, images):
    """Measure images one by one, as they are scored elsewhere: dict of arrays."""
    measured = [scoring.measure([image]) for image in images]
    features, flags = (np.concatenate(arrays) for arrays in zip(*measured, strict=True))
    return {_FEATURES: features, _FLAGS: flags}

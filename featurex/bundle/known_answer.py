"""The known answer: scores that a model gave three synthetic images when it was saved."""

import numpy as np

from featurex.errors import DataError

_PROBES, _SIDE, _TOLERANCE = 3, 224, 1e-4


def prepare_probes(scoring, masked=False):
    """Prepare the probes, smooth synthetic pictures that are the same everywhere.

    Parameters
    ----------
    scoring : Scoring
        Everything between images and their scores.
    masked : bool
        Whether only what lies inside of an ellipse counts.

    Returns
    -------
    prepared : array or masked array of shape (3, rows, columns)
        What the extractors get.
    """
    rows, columns = np.mgrid[:_SIDE, :_SIDE] / _SIDE
    waves = [np.sin(6 * rows * (k + 1) + k) * np.cos(5 * columns * (k + 2)) for k in range(_PROBES)]
    probes = np.stack([(127.5 + 120 * wave).astype(np.uint8) for wave in waves])
    if masked:
        outside = ((rows - 0.5) / 0.4) ** 2 + ((columns - 0.5) / 0.3) ** 2 > 1
        probes = np.ma.masked_array(probes, np.broadcast_to(outside, probes.shape))
    return scoring.prepare(scoring.first.transform(probes))[0]


def find_answer(scoring, prepared):
    """Score the probes.

    Parameters
    ----------
    scoring : Scoring
        Everything between images and their scores.
    prepared : array or masked array of shape (3, rows, columns)
        As `prepare_probes` returned it.

    Returns
    -------
    scores : float array, shape (3, n_classes)
    """
    return scoring.scorer.predict_proba(scoring.extract(prepared)).astype(float)


def check_answer(scoring, manifest):
    """Refuse a model that has other columns, or does not score the probes as it did when it was
    saved.

    Parameters
    ----------
    scoring : Scoring
        The model as it was loaded.
    manifest : Manifest
        With the scores when it was saved, and the libraries with which it was.

    Raises
    ------
    DataError
        With the largest difference, and the versions.
    """
    prepared = prepare_probes(scoring, manifest.mask_labels is not None)
    if scoring.name_columns(prepared) != manifest.columns:
        raise DataError(
            "it was made for other columns than this version of featurex extracts: use its own "
            "version"
        )
    expected, versions = manifest.known_answer, manifest.versions
    scores = find_answer(scoring, prepared)
    if [len(row) for row in expected] != [scores.shape[1]] * len(scores):
        raise DataError("its known answer must be the scores of three images")
    difference = np.abs(scores - np.array(expected)).max()
    if not difference <= _TOLERANCE:
        made = ", ".join(
            f"{name} {versions.get(name, 'of unknown version')}"
            for name in ("featurex", "opencv-python-headless", "numpy", "scipy")
        )
        raise DataError(
            f"it does not give its known answer here: scores differ by up to {difference:.2g}; it "
            f"was made with {made}: use these versions"
        )

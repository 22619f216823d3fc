"""Images that do not look as a frontal chest radiograph should: inverted, turned, too dark, or
something else entirely.
"""

import numpy as np
import pandas as pd

from featurex.audit.files import GREY
from featurex.audit.similarity import describe_pictures
from featurex.parallel import chunks

_CHUNK = 1024
# Correlation with the mean chest: all but one of 2,000 radiographs reach .3; noise, images turned
# by 90 degrees and inverted ones do not. Below .7 (11 % of radiographs) corrections are tried.
_ALIKE, _DOUBTFUL = 0.3, 0.7
# By how much a corrected image must be more like a chest than the image as it is; it must no longer
# be doubtful, either.
_CLEARLY = 0.15
# Mean and contrast, of 255: none of these radiographs is beyond.
_DARK, _BRIGHT, _FLAT = 40, 225, 15
# Fraction of pixels at the ends of the scale.
_BLACK, _WHITE = 0.5, 0.1
_CORRECTIONS = {
    "inverted": lambda pictures: 255 - pictures,
    "turned by 90 degrees": lambda pictures: np.rot90(pictures, 1, axes=(1, 2)),
    "turned by 180 degrees": lambda pictures: np.rot90(pictures, 2, axes=(1, 2)),
    "turned by 270 degrees": lambda pictures: np.rot90(pictures, 3, axes=(1, 2)),
    "upside down": lambda pictures: pictures[:, ::-1],
}


def score_quality(survey, align):
    """Score every readable image by its likeness to the mean chest and by its grey values.

    Parameters
    ----------
    survey : FilmSurvey
        What is known of the files, with their small pictures.
    align : Align
        What aligned them.

    Returns
    -------
    quality : pandas.DataFrame
        path, likeness (correlation of the aligned image with the mean chest, -1 to 1), mean and
        contrast (standard deviation) of 255 levels, black and white (fractions of pixels at the
        ends of the scale), flags ("" for an image in order); the one most unlike a chest first.

    Notes
    -----
    One of 2,000 radiographs of Kermany's training set is flagged. Of 100 each that were changed on
    purpose, so many were named rightly (and flagged at all): inverted 91 (100), turned by 90, 180
    and 270 degrees 82 (100), 87 (96) and 87 (100), upside down 85 (92). An image mirrored left to
    right is not noticed.
    """
    parts = chunks(len(survey.pictures), _CHUNK)
    center = sum(survey.aligned[part].sum(axis=0, dtype=np.float64) for part in parts)
    center = (center / np.linalg.norm(center)).astype(np.float32)
    likeness = np.concatenate([survey.aligned[part] @ center for part in parts])
    table = pd.DataFrame(
        {
            "path": survey.facts["path"][survey.readable].to_numpy(),
            "likeness": likeness.astype(np.float64),
            **dict(zip(GREY, survey.grey.T, strict=True)),
        }
    )
    framing = _flag_framing(survey.pictures, likeness, align, center)
    flags = zip(framing, *_flag_levels(table), strict=True)
    table["flags"] = ["; ".join(filter(None, names)) for names in flags]
    return table.sort_values("likeness", ignore_index=True)


def _flag_framing(pictures, likeness, align, center):
    """Name the correction that makes a doubtful image clearly more like a chest, or say that none
    does.
    """
    flags = np.where(likeness < _ALIKE, "unlike a frontal chest", "").astype(object)
    doubtful = np.flatnonzero(likeness < _DOUBTFUL)
    if len(doubtful) == 0:
        return flags
    corrected = np.concatenate(
        [
            _correct(pictures[doubtful[part]], align) @ center
            for part in chunks(len(doubtful), _CHUNK)
        ],
        axis=1,
    )
    best = corrected.argmax(axis=0)
    better = corrected.max(axis=0) > likeness[doubtful] + _CLEARLY
    good = better & (corrected.max(axis=0) > _DOUBTFUL)
    flags[doubtful[good]] = np.array(list(_CORRECTIONS), object)[best[good]]
    return flags


def _correct(pictures, align):
    """What some pictures look like after each correction: array, shape (n_corrections, n, 1024)."""
    return np.stack(
        [
            describe_pictures(align.transform(np.ascontiguousarray(change(pictures))))
            for change in _CORRECTIONS.values()
        ]
    )


def _flag_levels(table):
    """One list of flags a rule."""
    rules = {
        "too dark": table["mean"] < _DARK,
        "too bright": table["mean"] > _BRIGHT,
        "of low contrast": table["contrast"] < _FLAT,
        "clipped": (table["black"] > _BLACK) | (table["white"] > _WHITE),
    }
    return [np.where(broken, name, "") for name, broken in rules.items()]

"""The tuberculosis sets of Montgomery County and Shenzhen (Jaeger et al. 2014,
doi:10.3978/j.issn.2223-4292.2014.11.20).
"""

import re
from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.facts import read_age, read_sex
from featurex.datasets.folders import list_images
from featurex.datasets.names import NORMAL
from featurex.errors import DataError
from featurex.images.location import format_location
from featurex.wording import agree, count

IMAGES = "CXR_png"
# Beside the images' folder: a text for each of them, with sex, age and what was seen.
_READINGS = "ClinicalReadings"
TUBERCULOSIS = "TUBERCULOSIS"
# The last figure of a name is the label: 1 is tuberculosis.
_NAME = re.compile(r"(?P<set>MCUCXR|CHNCXR)_(?P<number>\d+)_(?P<label>[01])", re.IGNORECASE)
# What follows an age, if anything does, is its unit.
_AGE = re.compile(r"\b\d{1,3}[ \t]*(?:y|m|w|d)[a-z]*", re.IGNORECASE)
_SEX = re.compile(r"\b(?:female|male|f|m)\b", re.IGNORECASE)
_SETS = {"MCUCXR": "montgomery", "CHNCXR": "shenzhen"}


def is_nlm(folder):
    """Return whether a folder is that of such a set: it, or CXR_png in it, holds such images."""
    folder = folder / IMAGES if (folder / IMAGES).is_dir() else folder
    return folder.is_dir() and any(
        _NAME.fullmatch(path.stem) for _, path in zip(range(20), _pngs(folder), strict=False)
    )


def read_nlm(folder):
    """Read the Montgomery or the Shenzhen set, whose file names hold the labels.

    Parameters
    ----------
    folder : str or path-like
        ``MontgomerySet`` or ``ChinaSet_AllFiles``, which hold ``CXR_png``; or that folder.

    Returns
    -------
    dataset : Dataset
        Labels NORMAL and TUBERCULOSIS; every image is of another patient. ``ManualMask`` holds the
        lungs of Montgomery's images, which count as masks and not as images. The columns age
        (years) and sex are those of the texts in ``ClinicalReadings``.

    Raises
    ------
    DataError
        If the folder holds no such images.
    """
    folder, notes = Path(folder), []
    source = folder / IMAGES if (folder / IMAGES).is_dir() else folder
    images = list_images(source, notes) if source.is_dir() else []
    matches = [(path, _NAME.fullmatch(path.stem)) for path in images]
    readings = source.parent / _READINGS
    rows = [(*_row(path, match), *_read(readings, path.stem)) for path, match in matches if match]
    if not rows:
        raise DataError(f"{folder} holds no images as MCUCXR_0001_0.png or CHNCXR_0001_0.png")
    others = len(matches) - len(rows)
    if others:
        notes.append(f"{count(others, 'image')} of other names {agree(others, 'is/are')} left out")
    notes.append("labels are read from the file names: 0 is normal, 1 tuberculosis")
    name = _SETS[matches[0][1]["set"].upper()] if matches[0][1] else folder.name
    return make_dataset(name, rows, notes, further=("age", "sex"))


def _row(path, match):
    source = _SETS[match["set"].upper()]
    known = (TUBERCULOSIS, "") if match["label"] == "1" else (NORMAL, "normal")
    return format_location(path), *known, f"{source}-{int(match['number'])}", "", source


def _read(folder, name):
    """Read age and sex of an image's text; "" where it, or a fact in it, is missing.

    Montgomery's texts say ``Patient's Sex: F`` and ``Patient's Age: 027Y`` in lines of their own,
    Shenzhen's ``male 45yrs`` in the first.
    """
    try:
        text = (folder / f"{name}.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", ""
    # What was seen stands below, and may hold numbers, too.
    text = "\n".join(text.splitlines()[:2])
    age, sex = _AGE.search(text), _SEX.search(text)
    return read_age(age[0]) if age else "", read_sex(sex[0]) if sex else ""


def _pngs(folder):
    return folder.glob("*.png")

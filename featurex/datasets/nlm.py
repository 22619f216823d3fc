"""The tuberculosis sets of Montgomery County and Shenzhen (Jaeger et al. 2014,
doi:10.3978/j.issn.2223-4292.2014.11.20).
"""

import re
from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.folders import list_images
from featurex.datasets.names import NORMAL
from featurex.errors import DataError
from featurex.images.location import format_location

IMAGES = "CXR_png"
TUBERCULOSIS = "TUBERCULOSIS"
# The last figure of a name is the label: 1 is tuberculosis.
_NAME = re.compile(r"(?P<set>MCUCXR|CHNCXR)_(?P<number>\d+)_(?P<label>[01])", re.IGNORECASE)
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
        lungs of Montgomery's images, which count as masks and not as images.

    Raises
    ------
    DataError
        If the folder holds no such images.
    """
    folder, notes = Path(folder), []
    source = folder / IMAGES if (folder / IMAGES).is_dir() else folder
    images = list_images(source, notes) if source.is_dir() else []
    matches = [(path, _NAME.fullmatch(path.stem)) for path in images]
    rows = [_row(path, match) for path, match in matches if match]
    if not rows:
        raise DataError(f"{folder} holds no images as MCUCXR_0001_0.png or CHNCXR_0001_0.png")
    if len(rows) < len(matches):
        notes.append(f"{len(matches) - len(rows):,} images of other names are left out")
    notes.append("labels are read from the file names: 0 is normal, 1 tuberculosis")
    name = _SETS[matches[0][1]["set"].upper()] if matches[0][1] else folder.name
    return make_dataset(name, rows, notes)


def _row(path, match):
    source = _SETS[match["set"].upper()]
    known = (TUBERCULOSIS, "") if match["label"] == "1" else (NORMAL, "normal")
    return format_location(path), *known, f"{source}-{int(match['number'])}", "", source


def _pngs(folder):
    return folder.glob("*.png")

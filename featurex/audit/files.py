"""One pass over the files: the facts of each, whether it can be read, and a small picture."""

import json
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd

from featurex.audit.similarity import describe_pictures
from featurex.errors import ImageError
from featurex.images import inspect_image, read_strictly
from featurex.images.grey import to_eight_bits
from featurex.lungs import Align, Registration

# Pixels a side of the small picture: enough for borders, corners and the framing of the chest.
THUMBNAIL = 96
_DARKEST, _BRIGHTEST = 3, 252
_FACTS = (
    "format",
    "rows",
    "columns",
    "bits",
    "channels",
    "notes",
    "n_bytes",
    "checksum",
    "exif",
    "quantisation",
)
GREY = ("mean", "contrast", "black", "white")


class Pictures:
    """Small pictures, which may lie on disk: as many are in memory as are asked for.

    Parameters
    ----------
    column : Column or array of shape (n, 96, 96)
        All of them.
    rows : int array or None
        Which count; None for all.
    """

    def __init__(self, column, rows=None):
        self._column = column
        self._rows = np.arange(len(column)) if rows is None else rows

    def __len__(self):
        return len(self._rows)

    def __getitem__(self, rows):
        """Read one picture, or an array of those that a slice, a bool or an int array names."""
        return self._column[self._rows[rows]]

    def choose(self, rows):
        """Return those of a bool or int array, which are not read yet: Pictures."""
        return Pictures(self._column, self._rows[rows])


@dataclass(frozen=True)
class FileSurvey:
    """What is known of every file of a data set.

    Parameters
    ----------
    facts : pandas.DataFrame, shape (n_files, 13)
        path, reason and detail ("" where the image could be read), format, rows, columns, bits,
        channels, notes (what had to be assumed), n_bytes, checksum, exif, quantisation; all from
        format on are missing where the image could not be read.
    pictures : Pictures
        Of the n images that could be read, squashed to a square.
    looks : Column or float32 array, shape (n, 1024)
        What these look like; see `featurex.audit.similarity.describe_pictures`.
    """

    facts: pd.DataFrame
    pictures: Pictures
    looks: object

    @property
    def readable(self):
        """True where the image could be read: bool array, shape (n_files,)."""
        return (self.facts["reason"] == "").to_numpy()


@dataclass(frozen=True)
class FilmSurvey(FileSurvey):
    """The same, and how the chest lies in every image that could be read.

    Parameters
    ----------
    registration : Registration
        Where the mean chest lies in the pictures.
    aligned : Column, shape (n, 1024)
        What the aligned pictures look like.
    grey : float array, shape (n, 4)
        `GREY` of the pictures: mean and standard deviation of 255 levels, and the fractions of
        pixels at the ends of the scale.
    """

    registration: Registration
    aligned: object
    grey: np.ndarray


@contextmanager
def surveying(dataset, align, engine):
    """Read every file of a data set once.

    Parameters
    ----------
    dataset : Dataset
        The files.
    align : Align
        Registers every picture.
    engine : Engine
        Reads them.

    Yields
    ------
    survey : FilmSurvey
        It lies on disk until the context is left.
    """
    # A second decoding tells of changed bytes.
    names = dataset.table["path"].tolist()
    paths = list(map(read_strictly, names))
    compute = _Survey(align)
    identity = {"audit": repr(align)}
    with engine.work(paths, compute, identity, "Reading files", THUMBNAIL) as films:
        facts = [
            {"path": error.path, "reason": error.reason, "detail": error.detail}
            if isinstance(error := values, ImageError)
            else {"path": names[row], "reason": "", "detail": "", **json.loads(str(values[0]))}
            for row, values in films.each("facts")
        ]
        columns = ["path", "reason", "detail", *_FACTS]
        registration = Registration(
            films.column("matrix")[:].reshape(-1, 2, 3), films.column("failed")[:].astype(bool)
        )
        yield FilmSurvey(
            pd.DataFrame(facts, columns=columns),
            Pictures(films.column("picture")),
            films.column("looks"),
            registration,
            films.column("aligned"),
            films.column("grey")[:],
        )


def survey_read(paths, checksums, thumbnails):
    """Make the survey of files that were read for another purpose.

    Parameters
    ----------
    paths : sequence of n str
        The files.
    checksums : sequence of n str
        See `checksum_of`.
    thumbnails : Column, or uint8 array, of shape (n, 96, 96)
        See `make_thumbnail`.

    Returns
    -------
    survey : FileSurvey
        Facts are path, reason and checksum alone.
    """
    facts = pd.DataFrame({"path": paths, "reason": "", "checksum": checksums})
    return FileSurvey(facts, Pictures(thumbnails), describe_pictures(thumbnails))


def checksum_of(path):
    """Return a file's checksum, or its unique name if it is gone since it was read.

    Parameters
    ----------
    path : str
        The file.
    """
    try:
        return inspect_image(path).checksum
    except ImageError:
        return str(path)


def make_thumbnail(image):
    """Shrink an image to the small picture that an audit looks at.

    Parameters
    ----------
    image : array of shape (rows, columns)
        8 or 16 bits.

    Returns
    -------
    thumbnail : uint8 array, shape (96, 96)
    """
    return to_eight_bits(cv2.resize(image, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA))


@dataclass(frozen=True)
class _Survey:
    """What is asked of every film."""

    align: Align

    def __call__(self, paths, images):
        pictures = np.array([make_thumbnail(image) for image in images])
        registration = self.align.register(pictures)
        return {
            "facts": np.array([json.dumps(_inspect(path)) for path in paths]),
            "picture": pictures,
            "looks": describe_pictures(pictures),
            "matrix": registration.matrices,
            "failed": registration.failed,
            "aligned": describe_pictures(self.align.warp(pictures, registration)),
            "grey": _measure_grey(pictures),
        }


def _inspect(path):
    inspection = inspect_image(path)
    known = (
        vars(inspection.header) | vars(inspection) | {"notes": "; ".join(inspection.header.notes)}
    )
    return {name: known[name] for name in _FACTS}


def _measure_grey(pictures):
    pixels = (1, 2)
    return np.column_stack(
        [
            pictures.mean(axis=pixels),
            pictures.std(axis=pixels),
            (pictures <= _DARKEST).mean(axis=pixels),
            (pictures >= _BRIGHTEST).mean(axis=pixels),
        ]
    )

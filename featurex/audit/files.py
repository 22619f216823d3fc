"""One pass over the files: the facts of each, whether it can be read, and a small picture."""

from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd

from featurex.errors import ImageError
from featurex.images import inspect_image, read_image
from featurex.images.grey import to_eight_bits
from featurex.parallel import chunks, run_jobs

# Pixels a side of the small picture: enough for borders, corners and the framing of the chest.
THUMBNAIL = 96
_CHUNK = 32


@dataclass(frozen=True)
class FileSurvey:
    """What is known of every file of a data set.

    Parameters
    ----------
    facts : pandas.DataFrame, shape (n_images, 13)
        path, reason and detail ("" where the image could be read), format, rows, columns, bits,
        channels, notes (what had to be assumed), n_bytes, checksum, exif, quantisation; all from
        format on are missing where the image could not be read.
    thumbnails : uint8 array, shape (n_images, 96, 96)
        Squashed to a square; black where `reason` is set.
    """

    facts: pd.DataFrame
    thumbnails: np.ndarray

    @property
    def readable(self):
        """True where the image could be read: bool array, shape (n_images,)."""
        return (self.facts["reason"] == "").to_numpy()


def survey_files(dataset, n_jobs, progress):
    """Read every file of a data set once.

    Parameters
    ----------
    dataset : Dataset
        The files.
    n_jobs : int
        Threads.
    progress : Progress
        Receives the stage.

    Returns
    -------
    survey : FileSurvey
    """
    paths = dataset.table["path"].to_numpy()
    thumbnails = np.zeros((len(paths), THUMBNAIL, THUMBNAIL), np.uint8)

    def job(part):
        return [
            _survey(path, thumbnail)
            for path, thumbnail in zip(paths[part], thumbnails[part], strict=True)
        ]

    jobs = chunks(len(paths), _CHUNK)
    with progress.stage("Reading files", len(jobs)) as advance:
        results, _ = run_jobs(job, jobs, n_jobs, advance)
    columns = ["path", "reason", "detail", *_FACTS]
    return FileSurvey(
        pd.DataFrame([facts for part in results for facts in part], columns=columns), thumbnails
    )


def survey_read(paths, checksums, thumbnails):
    """Make the survey of files that were read for another purpose.

    Parameters
    ----------
    paths : sequence of n str
        The files.
    checksums : sequence of n str
        See `checksum_of`.
    thumbnails : uint8 array, shape (n, 96, 96)
        See `make_thumbnail`.

    Returns
    -------
    survey : FileSurvey
        Facts are path, reason and checksum alone.
    """
    return FileSurvey(
        pd.DataFrame({"path": paths, "reason": "", "checksum": checksums}), thumbnails
    )


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


def _survey(path, thumbnail):
    """Facts of one file; fills its thumbnail."""
    try:
        image = read_image(path, size=THUMBNAIL)
        inspection = inspect_image(path)
    except ImageError as error:
        return {"path": path, "reason": error.reason, "detail": error.detail}
    thumbnail[:] = make_thumbnail(image)
    known = (
        vars(inspection.header) | vars(inspection) | {"notes": "; ".join(inspection.header.notes)}
    )
    return {"path": path, "reason": "", "detail": "", **{name: known[name] for name in _FACTS}}

"""Shortcuts: what may predict a label without showing a lung."""

import os
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from featurex.challenges.surroundings import border_ring, outside_lungs, upper_corners
from featurex.images import parse_location, read_header
from featurex.lungs import Registration


@dataclass(frozen=True)
class Source:
    """What shortcuts are computed from.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As decoded or resized, not aligned.
    registration : Registration
        Where the mean chest lies in these images.
    files : pandas.DataFrame or None
        One row an image, with the columns n_bytes, rows and columns, and as far as they are known
        bits, channels, exif and quantisation (see `featurex.images.inspect_image`); None where
        images have no files of their own.
    training : bool array, shape (n,)
        False for the images of the test split.
    """

    images: object
    registration: Registration
    files: pd.DataFrame | None
    training: np.ndarray


class Shortcut(NamedTuple):
    """Something that may predict a label without showing a lung.

    Parameters
    ----------
    description : str
        What it is, in a few words.
    values : callable (Source) -> array of shape (n, n_columns), or None
        Its values; None where the source does not hold what they are computed from.
    remedy : str
        What to do where it predicts the label.
    """

    description: str
    values: callable
    remedy: str


def compute_shortcuts(source, names=None):
    """Compute the values of shortcuts.

    Parameters
    ----------
    source : Source
        The images, and what is known of them.
    names : sequence of str or None
        Keys of `SHORTCUTS`; None takes all.

    Returns
    -------
    values : dict of str to float32 array of shape (n, n_columns)
        In the order of the names, without the shortcuts that this source does not hold.
    """
    values = {name: SHORTCUTS[name].values(source) for name in names or SHORTCUTS}
    return {
        name: np.asarray(columns, np.float32)
        for name, columns in values.items()
        if columns is not None and columns.shape[1] > 0
    }


def list_file_facts(paths):
    """List the size of every file in bytes, and in pixels from its header.

    Parameters
    ----------
    paths : sequence of n str
        See `featurex.images.parse_location`.

    Returns
    -------
    files : pandas.DataFrame or None
        n_bytes, rows and columns; None where an image is a member of an array.
    """
    locations = [parse_location(path) for path in paths]
    if any(location.array is not None for location in locations):
        return None
    headers = [read_header(path) for path in paths]
    return pd.DataFrame(
        {
            "n_bytes": [os.path.getsize(location.path) for location in locations],
            "rows": [header.rows for header in headers],
            "columns": [header.columns for header in headers],
        }
    )


def _files(*needed, compute=lambda files: files):
    """Make the `values` function of a shortcut that is computed from columns of `Source.files`."""

    def values(source):
        if source.files is None or not set(needed) <= set(source.files.columns):
            return None
        return compute(source.files[list(needed)]).to_numpy(np.float64)

    return values


def _aspect(files):
    return (files["columns"] / files["rows"]).to_frame()


def _bytes_per_pixel(files):
    return (files["n_bytes"] / (files["rows"] * files["columns"])).to_frame()


def _add_ratios(files):
    return pd.concat([files, _aspect(files), _bytes_per_pixel(files)], axis=1)


def _registration_numbers(source):
    """Return the map of every image from the mean chest: zoom, rotation, shear, shift; (n, 6)."""
    return source.registration.matrices.reshape(len(source.registration), 6)


_RESAVE = "save all images by one program with one setting, and never use it as a feature"
_RESIZE = "resize all images alike, and never use it as a feature"
_FRAME = "align the images to the mean chest, crop the border, and choose models by framing swap"
_REGION = "restrict the features to the lung region, and choose models by framing swap"

SHORTCUTS = {
    "file size": Shortcut("bytes of the file", _files("n_bytes"), _RESAVE),
    "bytes per pixel": Shortcut(
        "bytes of the file per pixel",
        _files("n_bytes", "rows", "columns", compute=_bytes_per_pixel),
        _RESAVE,
    ),
    "quantisation": Shortcut("sum of the JPEG quantisation table", _files("quantisation"), _RESAVE),
    "metadata": Shortcut(
        "EXIF presence, bits, colour channels", _files("exif", "bits", "channels"), _RESAVE
    ),
    "width": Shortcut("columns of the image", _files("columns"), _RESIZE),
    "height": Shortcut("rows of the image", _files("rows"), _RESIZE),
    "width and height": Shortcut("both together", _files("columns", "rows"), _RESIZE),
    "aspect": Shortcut("columns / rows", _files("columns", "rows", compute=_aspect), _RESIZE),
    "file": Shortcut(
        "bytes, width, height, aspect ratio and bytes per pixel of the file",
        _files("n_bytes", "columns", "rows", compute=_add_ratios),
        _RESAVE,
    ),
    "border mean": Shortcut(
        "mean grey value of the outermost 8 % of the image",
        lambda source: border_ring(source.images).mean(axis=1, keepdims=True),
        _FRAME,
    ),
    "border ring": Shortcut(
        "the outermost 8 % of the image, on a grid of 48 x 48 squares",
        lambda source: border_ring(source.images),
        _FRAME,
    ),
    "corners": Shortcut(
        "the two upper corners, where markers stand",
        lambda source: upper_corners(source.images),
        _FRAME,
    ),
    "outside the lungs": Shortcut(
        "the aligned image without lungs, heart and all between, on a grid of 32 x 32 squares",
        lambda source: outside_lungs(source.images, source.registration, source.training),
        _REGION,
    ),
    "registration": Shortcut(
        "the six numbers that align an image to the mean chest", _registration_numbers, _FRAME
    ),
}

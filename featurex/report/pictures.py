"""Pictures as data URIs, so that a page is one file."""

import base64
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

# Bytes of all pictures of a page, before base64 adds a third: a report must fit into a mail. A run
# folder may come from a stranger: larger files are not read.
BUDGET, MOST_BYTES = 3_000_000, 4_000_000

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Picture(NamedTuple):
    """A picture on a page.

    Parameters
    ----------
    source : str
        Data URI.
    width, height : int
        Pixels.
    """

    source: str
    width: int
    height: int


class RunPictures:
    """Pictures of a run folder, embedded until a budget is spent.

    Parameters
    ----------
    folder : str or path-like
        Folder of the run.
    budget : int
        Bytes that all embedded pictures may take together.
    first : iterable of str
        Pictures that are embedded before all others, so that the page always has them.
    """

    def __init__(self, folder, budget=BUDGET, first=()):
        self.folder = Path(folder)
        self._left = budget
        self._kept = {}
        for name in first:
            self._kept[name] = self.embed(name)

    def embed(self, name):
        """Embed a PNG of the folder, as JPEG where that is smaller.

        Parameters
        ----------
        name : str
            Path of the picture, relative to the folder.

        Returns
        -------
        picture : Picture or None
            None if the file is missing, outside the folder, not a PNG, or larger than what is
            left of the budget.
        """
        if name in self._kept:
            return self._kept[name]
        content = read_picture(self.folder, name, MOST_BYTES)
        pixels = None if content is None else _decode(content)
        if pixels is None:
            return None
        encoded = _encode_jpeg(pixels)
        kind = "jpeg" if len(encoded) < len(content) else "png"
        content = encoded if kind == "jpeg" else content
        if len(content) > self._left:
            return None
        self._left -= len(content)
        return Picture(_make_uri(kind, content), pixels.shape[1], pixels.shape[0])


def read_picture(folder, name, limit):
    """Read a PNG of the run folder.

    A run folder may come from a stranger: a name that leads out of it is not followed.

    Parameters
    ----------
    folder : str or path-like
        Folder of the run.
    name : str
        Path of the picture, relative to the folder.
    limit : int
        Largest size, in bytes.

    Returns
    -------
    content : bytes or None
        None for a file that must not be shown; see `RunPictures.embed`.
    """
    folder = Path(folder).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > limit:
        return None
    content = path.read_bytes()
    return content if content.startswith(_SIGNATURE) else None


def embed_jpeg(picture):
    """Embed an array as JPEG, a tenth of the size of PNG; nothing is measured on a page.

    Parameters
    ----------
    picture : uint8 array, shape (rows, columns, 3) or (rows, columns)
        Red, green, blue; or grey levels.

    Returns
    -------
    embedded : Picture
    """
    pixels = picture[:, :, ::-1] if picture.ndim == 3 else picture
    return Picture(_make_uri("jpeg", _encode_jpeg(pixels)), picture.shape[1], picture.shape[0])


def _decode(content):
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_ANYCOLOR)


def _encode_jpeg(pixels):
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def _make_uri(kind, content):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"

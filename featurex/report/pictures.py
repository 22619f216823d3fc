"""Pictures as data URIs, so that a page is one file."""

import base64
from pathlib import Path

import cv2

# Bytes of all pictures of a page, before base64 adds a third: a report must fit into a mail.
BUDGET = 3_000_000

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class RunPictures:
    """Pictures of a run folder, embedded until a budget is spent.

    Parameters
    ----------
    folder : str or path-like
        Folder of the run.
    budget : int
        Bytes that all embedded pictures may take together.
    """

    def __init__(self, folder, budget=BUDGET):
        self.folder = Path(folder)
        self._left = budget

    def embed(self, name):
        """Embed a PNG of the folder.

        Parameters
        ----------
        name : str
            Path of the picture, relative to the folder.

        Returns
        -------
        source : str or None
            Data URI. None if the file is missing, outside the folder, not a PNG, or larger than
            what is left of the budget.
        """
        content = read_picture(self.folder, name, self._left)
        if content is None:
            return None
        self._left -= len(content)
        return _make_uri("png", content)


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
    picture : uint8 array, shape (rows, columns, 3)
        Red, green, blue.

    Returns
    -------
    source : str
        Data URI.
    """
    options = [cv2.IMWRITE_JPEG_QUALITY, 85]
    return _make_uri("jpeg", cv2.imencode(".jpg", picture[:, :, ::-1], options)[1].tobytes())


def embed_png(picture):
    """Embed an array as PNG.

    Parameters
    ----------
    picture : uint8 array, shape (rows, columns)
        Grey levels.

    Returns
    -------
    source : str
        Data URI.
    """
    return _make_uri("png", cv2.imencode(".png", picture)[1].tobytes())


def _make_uri(kind, content):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"

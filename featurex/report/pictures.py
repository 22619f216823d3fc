"""Pictures as data URIs, so that a page is one file."""

import base64
from pathlib import Path

import cv2

# Of all pictures of a page, before base64 adds a third: a report must fit into a mail.
BUDGET = 3_000_000

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def embed_jpeg(picture):
    """A picture, uint8 array (rows, columns, 3) of red, green, blue, as a data URI.

    As JPEG, since films take a tenth of what they take as PNG and nothing is measured on a page.
    """
    content = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode('ascii')}"


def embed_examples(examples, folder):
    """Replace the file of every panel by a data URI.

    Parameters
    ----------
    examples : list of dict
        Of run.json.
    folder : pathlib.Path
        Of the run.

    Returns
    -------
    embedded : list of dict
        The same, each panel with "source": None where the picture is missing, outside the folder,
        not a PNG, or more than the page can hold.
    left : int
        Bytes that other pictures may take.
    """
    embedded, left = [], BUDGET
    for example in examples:
        panels = []
        for panel in example["panels"]:
            source, left = embed_picture(folder, panel["file"], left)
            panels.append({**panel, "source": source})
        embedded.append({**example, "panels": panels})
    return embedded, left


def embed_picture(folder, name, left):
    """A PNG of the run folder as a data URI.

    Parameters
    ----------
    folder : pathlib.Path
    name : str
    left : int
        Bytes that pictures may still take.

    Returns
    -------
    source : str or None
        None for one that may not be shown; see `read_picture`.
    left : int
        Bytes that are left then.
    """
    content = read_picture(folder, name, left)
    if content is None:
        return None, left
    return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}", left - len(content)


def read_picture(folder, name, limit):
    """Read a PNG of the run folder; None where there is none that may be shown.

    A run folder may come from someone else: a name that leads out of it is not followed.

    Parameters
    ----------
    folder : pathlib.Path
    name : str
        Relative to the folder.
    limit : int
        Bytes.
    """
    folder = Path(folder).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > limit:
        return None
    content = path.read_bytes()
    return content if content.startswith(_SIGNATURE) else None

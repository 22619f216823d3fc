"""How an image is named in a text: a path, a member of a .npz file, or a URI for a path that is
not valid Unicode.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

_MEMBER = re.compile(r"(?P<file>.*\.npz)#(?P<array>.+)/(?P<index>\d+)", re.IGNORECASE | re.DOTALL)
_URI = "file://"


class StrictPath(str):
    """The path of an image that is read strictly, wherever paths go.

    Examples
    --------
    >>> StrictPath("a.jpeg"), StrictPath("a.jpeg").strict
    ('a.jpeg', True)
    """

    strict = True


class Location(NamedTuple):
    """Where the bytes of an image are.

    Parameters
    ----------
    name : str
        As the user, or a data set, wrote it; valid Unicode, so that any message or table can hold
        it.
    path : str
        For the operating system.
    array : str or None
        Name of the array in a .npz file that holds the image.
    index : int or None
        Position of the image along the first axis of `array`.
    """

    name: str
    path: str
    array: str | None = None
    index: int | None = None


def parse_location(text):
    """Read the name of an image.

    Parameters
    ----------
    text : str or path-like
        A path, a ``file:`` URI, or either with ``#array/index`` after a name that ends in .npz.

    Returns
    -------
    location : Location
    """
    text = os.fsdecode(text)
    name = format_location(text)
    member = _MEMBER.fullmatch(text)
    if member is None:
        return Location(name, _path(text))
    return Location(name, _path(member["file"]), member["array"], int(member["index"]))


def format_location(path, array=None, index=None):
    """Write the name of an image so that tables, CSV, JSON and terminals can hold it.

    Parameters
    ----------
    path : str or path-like
        File names are bytes on POSIX systems. Those that are not valid UTF-8 become a ``file:`` URI
        (RFC 8089), whose escapes are reversible; all others, line breaks included, stay as they
        are.
    array : str or None
        Name of the array in a .npz file; None for any other file.
    index : int or None
        A member of a .npz file.

    Returns
    -------
    text : str
        Valid Unicode; `parse_location` gives the path back.
    """
    text = os.fsdecode(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = Path(text).absolute().as_uri()
    return text if array is None else f"{text}#{array}/{index}"


def _path(text):
    return os.fsdecode(unquote_to_bytes(text[len(_URI) :])) if text.startswith(_URI) else text

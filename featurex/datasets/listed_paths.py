"""From a path as a list has it to a file: folders, Windows, and names without an ending."""

import os
import re
from pathlib import PureWindowsPath

from featurex.datasets.folders import ENDINGS
from featurex.images.location import format_location
from featurex.wording import agree, count

_HERE = re.compile(r"(?<![^/])\./+")


class PathFinder:
    """Finds the files that a list names.

    Parameters
    ----------
    root : path-like
        The folder from which relative paths are taken.
    """

    def __init__(self, root):
        self.root = os.fspath(root)
        self._from_windows = self._without_ending = 0

    def find(self, text):
        """Find the file of a listed path.

        Parameters
        ----------
        text : str
            A path or a ``file:`` URI, as in the list.

        Returns
        -------
        path : str
            As in `Dataset.table`: the file as it is named, if none is there.
        """
        if text.startswith("file://"):
            return text
        # As `find .` writes them: one image would have two names.
        path = os.path.join(self.root, _HERE.sub("", text))
        if ("\\" in text or PureWindowsPath(text).drive) and not os.path.exists(path):
            below = self._find_from_windows(text)
            self._from_windows += below is not None
            path = below or path
        if not os.path.splitext(path)[1] and not os.path.exists(path):
            ending = next((end for end in ENDINGS if end and os.path.isfile(path + end)), "")
            self._without_ending += bool(ending)
            path += ending
        return format_location(path)

    def notes(self):
        """Return sentences on how paths were read, where they were not simply joined."""
        notes = []
        if self._from_windows:
            read = f"{count(self._from_windows, 'path')} {agree(self._from_windows, 'is/are')} read"
            notes.append(
                f"{read} as on Windows: backslashes separate folders, and of a path with a drive "
                "the longest end that there is here counts"
            )
        if self._without_ending:
            notes.append(
                f"{self._without_ending:,} paths have no ending; the image of that name is taken"
            )
        return notes

    def _find_from_windows(self, text):
        """Return the file of a Windows path below the root; None where there is none.

        Of an absolute path only the last folders can exist here: the longest end that does.
        """
        windows = PureWindowsPath(text)
        parts = windows.parts[bool(windows.anchor) :]
        for start in range(len(parts) if windows.anchor else 1):
            path = os.path.join(self.root, *parts[start:])
            if os.path.exists(path):
                return path
        return None

"""Finds images by paths that may come from another machine."""


class PathIndex:
    r"""Images of one set or several, to be found by paths that may come from another machine.

    An image is found by a path that ends in its name (the path below the folder that holds all
    images of its set), or whose whole is the end of the image's path: ``/gpu/data/train/a.png`` and
    ``a.png`` both find ``train/a.png``, ``test/a.png`` does not. Of several images those are found
    whose paths have the longest end in common.

    Parameters
    ----------
    paths, names : sequence of n str
        The images' paths, and their names.

    Examples
    --------
    >>> index = PathIndex(["/data/train/a.png", "/data/test/a.png"], ["train/a.png", "test/a.png"])
    >>> index.find(r"C:\copy\train\a.png"), index.find("a.png"), index.find("b.png")
    (([0], 2), ([0, 1], 1), ([], 0))
    """

    def __init__(self, paths, names):
        self._parts = [split_path(path) for path in paths]
        self._tails, self._names = {}, {}
        for number, name in enumerate(names):
            parts = self._parts[number]
            self._names.setdefault(split_path(name), []).append(number)
            for length in range(1, len(parts) + 1):
                self._tails.setdefault(parts[-length:], []).append(number)

    def find(self, path):
        """Find the images that a path may mean.

        Parameters
        ----------
        path : str
            With folders separated as on any system.

        Returns
        -------
        images : list of int
            None, one, or several that it may mean alike.
        length : int
            How many parts of the path are also the end of theirs.
        """
        parts = split_path(path)
        found = list(self._tails.get(parts, ()))
        for length in range(1, len(parts)):
            found += self._names.get(parts[-length:], ())
        lengths = {number: _count_common(parts, self._parts[number]) for number in found}
        longest = max(lengths.values(), default=0)
        return sorted(number for number in lengths if lengths[number] == longest), longest


def split_path(path):
    """Split a path into its parts, with folders separated as on any system: tuple of str."""
    parts = str(path).replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in ("", "."))


def _count_common(first, second):
    """How many parts at the end are the same."""
    pairs = zip(reversed(first), reversed(second), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))

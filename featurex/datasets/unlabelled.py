"""Images without labels: files, folders of them, patterns, and texts with a path in each line."""

import glob
from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.folders import list_images
from featurex.errors import DataError
from featurex.images.location import format_location
from featurex.wording import agree, count

# A text with a path in each line; lists with a header are read by `read_manifest`.
TEXT = ".txt"
_NAME = "images"


def read_unlabelled(paths, *, root=None):
    """List images of which nothing is known but where they are.

    Parameters
    ----------
    paths : sequence of str or path-like
        Images, which are taken whatever they are called; folders, which are searched at every
        depth; patterns, as ``"films/*.png"`` or ``"films/**/*.dcm"``; and .txt files with a path in
        each line, without a header.
    root : str, path-like or None
        The folder from which the relative paths of .txt files are taken; None is that of each
        file.

    Returns
    -------
    dataset : Dataset
        Every image once, without label, subtype and split.

    Raises
    ------
    DataError
        If a path does not exist, a pattern fits no file, or there is no image at all.

    Examples
    --------
    >>> read_unlabelled(["chest_xray/test", "chest_xray/train/NORMAL/*"]).describe()
    'images: 4 images without labels'
    """
    files, notes = [], []
    for given in paths:
        files += _find(Path(given), root, notes)
    unique = list(dict.fromkeys(files))
    twice = len(files) - len(unique)
    if twice:
        notes.append(
            f"{count(twice, 'image')} {agree(twice, 'was/were')} named twice, and taken once"
        )
    if not unique:
        raise DataError(
            f"no images below {', '.join(map(str, paths))}; name files, or folders that hold some"
        )
    single = Path(paths[0])
    name = single.resolve().name if len(paths) == 1 and single.exists() else _NAME
    return make_dataset(name, [(path, "", "", path, "", name) for path in unique], notes)


def _find(path, root, notes):
    """Find the images that one of the user's paths means: list of str."""
    if path.is_dir():
        return sorted(map(format_location, list_images(path, notes)))
    if path.suffix.lower() == TEXT and path.is_file():
        return _read_lines(path, root)
    if not path.exists() and glob.has_magic(str(path)):
        found = [Path(name) for name in sorted(glob.glob(str(path), recursive=True))]
        files = [format_location(name) for name in found if not name.is_dir()]
        if not files:
            raise DataError(f"no file fits the pattern {format_location(path)}")
        return files
    if not path.exists() and "#" not in path.name:
        raise DataError(
            f"there is no {format_location(path)}; give a folder of radiographs, images, a pattern "
            f"in quotation marks, or a list"
        )
    return [format_location(path)]


def _read_lines(path, root):
    """Read the paths of a text, one a line; empty lines do not count."""
    folder = path.parent if root is None else Path(root)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read the list {path}: {error}") from error
    names = [line.strip() for line in lines if line.strip()]
    return [format_location(folder / name) for name in names]

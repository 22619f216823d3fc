"""MedMNIST's .npz files, read without the medmnist package, which would bring PyTorch."""

from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.findings_list import label_findings
from featurex.datasets.names import NORMAL, PNEUMONIA
from featurex.errors import DataError, ImageError
from featurex.images import format_location
from featurex.images.npz import list_arrays, read_array

_SPLITS = ("train", "val", "test")
# https://medmnist.com, PneumoniaMNIST.
_PNEUMONIA = {0: (NORMAL, "normal"), 1: (PNEUMONIA, "")}
# ChestMNIST, whose images have any number of NIH's findings.
_CHEST = (
    "Atelectasis",
    "Cardiomegaly",
    "Effusion",
    "Infiltration",
    "Mass",
    "Nodule",
    "Pneumonia",
    "Pneumothorax",
    "Consolidation",
    "Edema",
    "Emphysema",
    "Fibrosis",
    "Pleural_Thickening",
    "Hernia",
)
_NO_FINDING = "No Finding"


def find_files(path):
    """Find MedMNIST's files: a path that ends in .npz, or those that a folder holds.

    Parameters
    ----------
    path : pathlib.Path
        A file or folder.

    Returns
    -------
    files : list of pathlib.Path
        In a folder those called as MedMNIST's are, as ``pneumoniamnist_64.npz``.
    """
    return (
        sorted(path.glob("*mnist*.npz"))
        if path.is_dir()
        else [path] * (path.suffix.lower() == ".npz")
    )


def read_medmnist(path):
    """Read the list of images of PneumoniaMNIST, or of another 2-D set of MedMNIST.

    Parameters
    ----------
    path : str or path-like
        ``pneumoniamnist.npz`` (28 px), ``pneumoniamnist_64.npz``, ``_128`` or ``_224``, and so for
        the other sets, which get their class numbers as labels; colour images are read as grey. A
        folder that holds one such file is that file.

    Returns
    -------
    dataset : Dataset
        Paths name members, as ``pneumoniamnist.npz#train_images/17``. Each image counts as one
        patient: the set does not name them, and its train and val parts divide patients. Of sets
        with several labels an image (ChestMNIST), the column findings holds them as A|B; the label
        is PNEUMONIA, NORMAL (no finding) or OTHER, which takes no part.

    Raises
    ------
    DataError
        If the file is no such .npz, or holds volumes, as those of a 3-D set; or a folder holds
        several.
    """
    files = find_files(Path(path)) or [Path(path)]
    if len(files) > 1:
        names = " and ".join(file.name for file in files[:2])
        raise DataError(f"{format_location(path)} holds several data sets, {names}; name one")
    (path,) = files
    try:
        arrays = list_arrays(path)
        labels = {split: read_array(path, f"{split}_labels") for split in _SPLITS}
    except ImageError as error:
        raise DataError(f"{path} is no MedMNIST file: {error.detail}") from error
    for split, values in labels.items():
        shape, _ = arrays.get(f"{split}_images", ((0,), None))
        _check_shapes(path, split, shape, values.shape)
    several = any(values.ndim == 2 and values.shape[1] > 1 for values in labels.values())
    name_row = _name_findings if several else _name_class
    rows = [
        _row(path, split, index, name_row(path, values[index].ravel()))
        for split, values in labels.items()
        for index in range(len(values))
    ]
    note = (
        "MedMNIST does not name patients: its train and val parts share some, and each image "
        "counts as one patient"
    )
    if several:
        return make_dataset(path.stem, rows, [note], further=("findings",), task="pneumonia")
    return make_dataset(path.stem, rows, [note])


def _check_shapes(path, split, images, labels):
    """Refuse what are no images, or no labels of them."""
    if len(images) > 4 or (len(images) == 4 and images[3] not in (1, 3)):
        raise DataError(
            f"{path}: {split}_images of shape {images} are no images but volumes; featurex reads "
            f"2-D sets"
        )
    if len(labels) not in (1, 2) or labels[0] != images[0]:
        raise DataError(
            f"{path}: {split}_labels of shape {labels} do not give labels to each of {images[0]} "
            f"images"
        )


def _name_class(path, values):
    """Return label and subtype of an image of one class."""
    number = int(values[0])
    known = _PNEUMONIA if path.name.lower().startswith("pneumoniamnist") else {}
    return known.get(number, (str(number), ""))


def _name_findings(path, values):
    """Return label, subtype and findings of an image of any number of findings."""
    names = _CHEST if path.name.lower().startswith("chestmnist") else range(len(values))
    found = [str(name) for name, value in zip(names, values, strict=True) if value]
    found = found or [_NO_FINDING]
    return *label_findings(found, "Pneumonia", _NO_FINDING), "|".join(found)


def _row(path, split, index, known):
    location = format_location(path, f"{split}_images", index)
    label, subtype, *findings = known
    return location, label, subtype, location, split, "medmnist", *findings

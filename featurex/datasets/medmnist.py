"""MedMNIST's .npz files, read without the medmnist package, which would bring PyTorch."""

from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.names import NORMAL, PNEUMONIA
from featurex.errors import DataError, ImageError
from featurex.images import format_location
from featurex.images.npz import list_arrays, read_array

_SPLITS = ("train", "val", "test")
# https://medmnist.com, PneumoniaMNIST.
_PNEUMONIA = {0: (NORMAL, "normal"), 1: (PNEUMONIA, "")}


def read_medmnist(path):
    """Read the list of images of PneumoniaMNIST, or of another MedMNIST set with one label an
    image.

    Parameters
    ----------
    path : str or path-like
        ``pneumoniamnist.npz`` (28 px), ``pneumoniamnist_64.npz``, ``_128`` or ``_224``; others get
        their class numbers as labels.

    Returns
    -------
    dataset : Dataset
        Paths name members, as ``pneumoniamnist.npz#train_images/17``. Each image counts as one
        patient: the set does not name them, and its train and val parts divide patients.

    Raises
    ------
    DataError
        If the file is no such .npz.
    """
    path = Path(path)
    try:
        arrays = list_arrays(path)
        labels = {split: read_array(path, f"{split}_labels") for split in _SPLITS}
    except ImageError as error:
        raise DataError(f"{path} is no MedMNIST file: {error.detail}") from error
    for split, values in labels.items():
        shape, _ = arrays.get(f"{split}_images", ((0,), None))
        if values.shape not in ((shape[0],), (shape[0], 1)):
            raise DataError(
                f"{path}: {split}_labels of shape {values.shape} do not give one label to each of "
                f"{shape[0]} images"
            )
    names = _PNEUMONIA if path.name.lower().startswith("pneumoniamnist") else {}
    rows = [
        _row(path, split, index, names.get(int(value), (str(int(value)), "")))
        for split, values in labels.items()
        for index, value in enumerate(values.ravel())
    ]
    note = (
        "MedMNIST does not name patients: its train and val parts share some, and each image "
        "counts as one patient"
    )
    return make_dataset(path.stem, rows, [note])


def _row(path, split, index, known):
    location = format_location(path, f"{split}_images", index)
    return location, *known, location, split, "medmnist"

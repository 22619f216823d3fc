"""NIH ChestX-ray14 (Wang et al. 2017, doi:10.1109/CVPR.2017.369)."""

from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.facts import read_age, read_sex
from featurex.datasets.findings_list import FURTHER, label_findings
from featurex.datasets.folders import list_images
from featurex.datasets.tables import read_columns
from featurex.errors import DataError
from featurex.images.location import format_location

# The header of this list is broken (OriginalImage[Width,Height] holds commas), but its first
# columns are sound.
LISTS = "Data_Entry_2017*.csv"
# The list of Kaggle's sample of 5 %.
_SAMPLE = "sample_labels.csv"
_COLUMNS = ["Image Index", "Finding Labels", "Patient ID"]
_FACTS = ["Patient Age", "Patient Gender", "View Position"]
_SPLITS = {"train_val_list.txt": "train", "test_list.txt": "test"}
_NO_FINDING = "No Finding"


def read_nih(folder, *, finding="Pneumonia"):
    """Read the list of NIH ChestX-ray14.

    Parameters
    ----------
    folder : str or path-like
        Holds ``Data_Entry_2017*.csv`` (or ``sample_labels.csv``), the images anywhere below, and
        for the official split, which is by patient, ``train_val_list.txt`` and ``test_list.txt``.
    finding : str
        One of the set's 14; images with it, alone or with others, are labelled PNEUMONIA.

    Returns
    -------
    dataset : Dataset
        Labels PNEUMONIA (`finding`), NORMAL ("No Finding"), and OTHER, which takes no part;
        all findings as A|B in the column findings; age (years), sex and view where the list has
        them. Images that are not there (the archives come one by one) are left out, with a note.

    Raises
    ------
    DataError
        If there is no list, `finding` never occurs, or no image is there.

    Notes
    -----
    The labels were mined from reports: about one in ten is wrong (Oakden-Rayner 2020,
    doi:10.1016/j.acra.2019.10.006).
    """
    folder = Path(folder)
    lists = find_lists(folder)
    if not lists:
        raise DataError(f"{folder} holds no {LISTS}, the list of NIH ChestX-ray14")
    table = read_columns(lists[-1], _COLUMNS, _FACTS)
    findings = table["Finding Labels"].str.split("|")
    if not findings.map(lambda names: finding in names).any():
        raise DataError(f"{lists[-1]}: no image has the finding {finding!r}")
    notes = ["labels were mined from reports by software, and are wrong for about one image in ten"]
    images = {path.name: path for path in list_images(folder, notes)}
    splits = _read_splits(folder)
    rows = [
        (
            format_location(images[name]),
            *label_findings(names, finding, _NO_FINDING),
            f"nih-{patient}",
            splits.get(name, ""),
            "nih",
            "|".join(names),
            read_age(age),
            read_sex(sex),
            view,
        )
        for (name, _, patient, age, sex, view), names in zip(
            table.itertuples(index=False, name=None), findings, strict=True
        )
        if name in images
    ]
    if len(rows) < len(table):
        notes.append(
            f"{len(table) - len(rows):,} of {len(table):,} listed images are not there and are "
            f"left out"
        )
    return make_dataset("nih-chestxray14", rows, notes, further=FURTHER, task="pneumonia")


def find_lists(folder):
    """Return the lists of NIH ChestX-ray14 in a folder, the newest last: list of paths."""
    return sorted(folder.glob(LISTS)) or sorted(folder.glob(_SAMPLE))


def _read_splits(folder):
    return {
        name: split
        for file, split in _SPLITS.items()
        if (folder / file).is_file()
        for name in (folder / file).read_text(encoding="utf-8").split()
    }

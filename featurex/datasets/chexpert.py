"""CheXpert (Irvin et al. 2019, doi:10.1609/aaai.v33i01.3301590)."""

from pathlib import Path

from featurex.checks import check_choice
from featurex.datasets.dataset import make_dataset
from featurex.datasets.manifest import read_table
from featurex.datasets.names import NORMAL, OTHER, PNEUMONIA
from featurex.errors import DataError
from featurex.images.location import format_location

# List -> split: the validation part is small and read by radiologists.
LISTS = {"train.csv": "train", "valid.csv": "val"}
_COLUMNS = ["Path", "Frontal/Lateral", "No Finding"]
_POLICIES = ("omit", "negative", "positive")


def is_chexpert(folder):
    """Return whether a folder holds a list with CheXpert's columns."""
    for name in LISTS:
        if (folder / name).is_file():
            with open(folder / name, "rb") as stream:
                return b"Frontal/Lateral" in stream.readline(2**12)
    return False


def read_chexpert(folder, *, finding="Pneumonia", uncertain="omit"):
    """Read the lists of CheXpert.

    Parameters
    ----------
    folder : str or path-like
        ``CheXpert-v1.0`` or ``CheXpert-v1.0-small``: holds train.csv, and usually valid.csv.
    finding : str
        One of the set's 14 observations; where it is 1, the image is labelled PNEUMONIA.
    uncertain : str
        What -1 means: "omit" leaves the image out, "negative" counts it as 0, "positive" as 1.

    Returns
    -------
    dataset : Dataset
        Frontal radiographs only. Labels PNEUMONIA (`finding`), NORMAL ("No Finding" is 1) and
        OTHER, which no task uses.

    Raises
    ------
    DataError
        If there is no list, or none of the images is there.
    ParameterError
        If `uncertain` is none of the three.
    """
    check_choice("uncertain", uncertain, _POLICIES)
    folder = Path(folder)
    rows, missing, omitted = [], 0, 0
    for name, split in LISTS.items():
        if not (folder / name).is_file():
            continue
        table = read_table(folder / name)
        _check_columns(folder / name, table, finding)
        table = table[table["Frontal/Lateral"] == "Frontal"]
        for text, value, normal in zip(
            table["Path"], table[finding], table["No Finding"], strict=True
        ):
            known = _label(_number(value), _number(normal), uncertain)
            # Paths begin with the name of the folder, whatever it is called here.
            path = folder.joinpath(*Path(text).parts[1:])
            if known is None:
                omitted += 1
            elif not path.is_file():
                missing += 1
            else:
                rows.append(
                    (format_location(path), *known, f"chexpert-{path.parts[-3]}", split, "chexpert")
                )
    if not rows:
        raise DataError(
            f"{folder}: none of the {missing:,} images that train.csv and valid.csv list is there"
        )
    notes = [
        f"lateral radiographs are left out; uncertain labels: {uncertain} ({omitted:,} left out)"
    ]
    if missing:
        notes.append(f"{missing:,} listed images are not there and are left out")
    return make_dataset("chexpert", rows, notes)


def _check_columns(path, table, finding):
    for column in (*_COLUMNS, finding):
        if column not in table.columns:
            raise DataError(f"{path} has no column {column!r}; it has {', '.join(table.columns)}")


def _number(text):
    """Return 1, 0 or -1; None where nothing was mentioned."""
    return int(float(text)) if text else None


def _label(value, normal, uncertain):
    """Return label and subtype; None to leave the image out."""
    if value == -1 and uncertain == "omit":
        return None
    if value == 1 or (value == -1 and uncertain == "positive"):
        return PNEUMONIA, ""
    return (NORMAL, "normal") if normal == 1 else (OTHER, "")

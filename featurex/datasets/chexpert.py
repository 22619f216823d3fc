"""CheXpert (Irvin et al. 2019, doi:10.1609/aaai.v33i01.3301590)."""

from pathlib import Path

from featurex.checks import check_choice
from featurex.datasets.dataset import make_dataset
from featurex.datasets.facts import read_age, read_sex
from featurex.datasets.findings import POLICIES
from featurex.datasets.manifest import read_table
from featurex.datasets.names import NORMAL, OTHER, PNEUMONIA
from featurex.errors import DataError
from featurex.images.location import format_location

# List -> split: the validation part is small and read by radiologists.
LISTS = {"train.csv": "train", "valid.csv": "val"}
# The full set comes in four archives, the first with the lists, the others with the images.
_ARCHIVES = "CheXpert-v1.0 batch *"
_COLUMNS = ["Path", "Frontal/Lateral", "No Finding"]
# All other columns are observations.
_FACTS = ("Path", "Sex", "Age", "Frontal/Lateral", "AP/PA")
# Columns after those of the observations.
_FURTHER = ("age", "sex", "view")


def is_chexpert(folder):
    """Return whether a folder holds a list with CheXpert's columns, or an archive that does."""
    return _find_lists(folder) is not None


def read_chexpert(folder, *, finding="Pneumonia", uncertain="omit"):
    """Read the lists of CheXpert.

    Parameters
    ----------
    folder : str or path-like
        ``CheXpert-v1.0`` or ``CheXpert-v1.0-small``: holds train.csv, and usually valid.csv. Of the
        full set, the folder of its four archives, or the first of them.
    finding : str
        One of the set's 14 observations; where it is 1, the image is labelled PNEUMONIA.
    uncertain : str
        What -1 means: "omit" gives the image no label, "negative" counts it as 0, "positive" as 1.

    Returns
    -------
    dataset : Dataset
        Frontal radiographs only. Labels PNEUMONIA (`finding`), NORMAL ("No Finding" is 1) and
        OTHER, which takes no part. A further column for each of the 14 observations: 1, 0 (also
        where the report does not mention it, a blank in the list), or -1 where it is uncertain;
        then age (years), sex and view.

    Raises
    ------
    DataError
        If there is no list, or none of the images is there.
    ParameterError
        If `uncertain` is none of the three.
    """
    check_choice("uncertain", uncertain, POLICIES)
    folder = _find_lists(Path(folder)) or Path(folder)
    archives = [folder, *sorted(folder.parent.glob(_ARCHIVES))]
    rows, missing, omitted, observations = [], 0, 0, ()
    for name, split in LISTS.items():
        if not (folder / name).is_file():
            continue
        table = read_table(folder / name)
        _check_columns(folder / name, table, finding)
        table = table[table["Frontal/Lateral"] == "Frontal"]
        observations = observations or tuple(c for c in table.columns if c not in _FACTS)
        wanted = dict.fromkeys((*_FACTS, *observations))
        for known in table.reindex(columns=list(wanted), fill_value="").to_dict("records"):
            label = _label(_number(known[finding]), _number(known["No Finding"]), uncertain)
            if (path := _find_image(archives, Path(known["Path"]).parts)) is None:
                missing += 1
                continue
            omitted += label[0] == ""
            patient = f"chexpert-{path.parts[-3]}"
            values = (str(_number(known[observation]) or 0) for observation in observations)
            facts = read_age(known["Age"]), read_sex(known["Sex"]), known["AP/PA"]
            rows.append(
                (format_location(path), *label, patient, split, "chexpert", *values, *facts)
            )
    if not rows:
        raise DataError(
            f"{folder}: none of the {missing:,} images that train.csv and valid.csv list is there"
        )
    notes = [
        f"lateral radiographs are left out; uncertain labels: {uncertain} ({omitted:,} without a "
        "label); what a report does not mention counts as absent"
    ]
    if missing:
        notes.append(f"{missing:,} listed images are not there and are left out")
    further = (*observations, *_FURTHER)
    return make_dataset("chexpert", rows, notes, further=further, task="pneumonia")


def _find_lists(folder):
    """Return the folder that holds the lists: itself, or one of the full set's archives."""
    if not folder.is_dir():
        return None
    for source in (folder, *sorted(folder.glob(_ARCHIVES))):
        for name in LISTS:
            if (source / name).is_file():
                with open(source / name, "rb") as stream:
                    if b"Frontal/Lateral" in stream.readline(2**12):
                        return source
    return None


def _find_image(archives, parts):
    """Return the file of a listed path, whose first folder is the set's, or missing; else None.

    The archives of the full set hold folders of patients, without one for the split.
    """
    folder, *others = archives
    paths = [folder.joinpath(*parts[1:]), folder.joinpath(*parts)]
    paths += [archive.joinpath(*parts[-3:]) for archive in others]
    return next((path for path in paths if path.is_file()), None)


def _check_columns(path, table, finding):
    for column in (*_COLUMNS, finding):
        if column not in table.columns:
            raise DataError(f"{path} has no column {column!r}; it has {', '.join(table.columns)}")


def _number(text):
    """Return 1, 0 or -1; None where nothing was mentioned."""
    return int(float(text)) if text else None


def _label(value, normal, uncertain):
    """Return label and subtype."""
    if value == -1 and uncertain == "omit":
        return "", ""
    if value == 1 or (value == -1 and uncertain == "positive"):
        return PNEUMONIA, ""
    return (NORMAL, "normal") if normal == 1 else (OTHER, "")

"""The COVID-19 image data collection (Cohen et al. 2020, doi:10.59275/j.melba.2020-48g7)."""

from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.facts import read_age, read_sex
from featurex.datasets.findings_list import FRONTAL, FURTHER, Rows
from featurex.datasets.tables import read_table
from featurex.errors import DataError
from featurex.images.location import format_location

LIST = "metadata.csv"
_COLUMNS = {"patientid", "finding", "view", "modality", "folder", "filename"}
_SUBTYPES = {"Viral": "virus", "Bacterial": "bacteria"}
_UNKNOWN = ("todo", "Unknown", "")


def is_covid_chestxray(folder):
    """Return whether a folder holds the collection's list."""
    if not (folder / LIST).is_file():
        return False
    with open(folder / LIST, "rb") as stream:
        header = stream.readline(2**12).decode("utf-8-sig", "replace")
    return {name.strip() for name in header.split(",")} >= _COLUMNS


def read_covid_chestxray(folder):
    """Read the list of the COVID-19 image data collection (covid-chestxray-dataset).

    Parameters
    ----------
    folder : str or path-like
        Holds ``metadata.csv`` and the folder ``images``.

    Returns
    -------
    dataset : Dataset
        Frontal radiographs; CT, lateral views and images without a finding are left out, with a
        note. Labels PNEUMONIA (findings as "Pneumonia/Viral/COVID-19"; the subtype is virus or
        bacteria where it is named), NORMAL ("No Finding"), and OTHER, which takes no part; the
        finding's parts as A|B in the column findings.

    Raises
    ------
    DataError
        If there is no list, or none of its images.
    """
    folder = Path(folder)
    if not is_covid_chestxray(folder):
        raise DataError(f"{folder} holds no {LIST} with the columns of covid-chestxray-dataset")
    table = read_table(folder / LIST)
    rows = Rows("covid-chestxray", "Pneumonia", "No Finding")
    for row in table.to_dict("records"):
        if row["modality"] != "X-ray" or row["view"].split(" ")[0] not in FRONTAL:
            rows.left_out["not frontal, or no radiographs"] += 1
        elif row["finding"] in _UNKNOWN:
            rows.left_out["without a finding"] += 1
        else:
            path = folder / row["folder"] / row["filename"]
            path = format_location(path) if path.is_file() else None
            findings = row["finding"].split("/")
            known = {name: row.get(name, "") for name in ("age", "sex", "view")}
            known |= {"age": read_age(known["age"]), "sex": read_sex(known["sex"])}
            named = [_SUBTYPES[name] for name in findings if name in _SUBTYPES]
            rows.add(path, findings, row["patientid"], subtype="".join(named[:1]), **known)
    return make_dataset(
        "covid-chestxray", rows.rows, rows.notes(), further=FURTHER, task="pneumonia"
    )

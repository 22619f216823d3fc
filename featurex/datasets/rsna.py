"""RSNA pneumonia detection challenge, stage 2 (Shih et al. 2019, doi:10.1148/ryai.2019180041)."""

from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.folders import list_images
from featurex.datasets.manifest import read_table
from featurex.datasets.names import NORMAL, OTHER, PNEUMONIA
from featurex.errors import DataError
from featurex.images.location import format_location

LIST = "stage_2_train_labels.csv"
_DETAILS = "stage_2_detailed_class_info.csv"
_KNOWN = {NORMAL: (NORMAL, "normal"), PNEUMONIA: (PNEUMONIA, ""), OTHER: (OTHER, "")}


def read_rsna(folder):
    """Read the list of the RSNA pneumonia challenge.

    Parameters
    ----------
    folder : str or path-like
        Holds ``stage_2_train_labels.csv`` (one row a box), the DICOM files anywhere below, and
        preferably ``stage_2_detailed_class_info.csv``.

    Returns
    -------
    dataset : Dataset
        One row a patient: PNEUMONIA (an opacity is marked), NORMAL, and OTHER (no opacity, yet not
        normal), which takes no part. Without the detailed list every image without opacity is
        NORMAL, and a note says so.

    Raises
    ------
    DataError
        If there is no list or no image.
    """
    folder = Path(folder)
    path = folder / LIST
    if not path.is_file():
        raise DataError(f"{folder} holds no {LIST}, the list of the RSNA challenge")
    boxes = read_table(path, usecols=["patientId", "Target"])
    labels = dict.fromkeys(boxes["patientId"], NORMAL)
    labels |= dict.fromkeys(boxes["patientId"][boxes["Target"] == "1"], PNEUMONIA)
    notes = []
    if (folder / _DETAILS).is_file():
        details = read_table(folder / _DETAILS, usecols=["patientId", "class"])
        neither = details["patientId"][details["class"].str.startswith("No Lung Opacity")]
        labels |= dict.fromkeys(neither, OTHER)
    else:
        notes.append(f"without {_DETAILS} images with other diseases count as NORMAL")
    images = {path.stem: path for path in list_images(folder, notes)}
    rows = [
        (format_location(images[patient]), *_KNOWN[label], f"rsna-{patient}", "", "rsna")
        for patient, label in labels.items()
        if patient in images
    ]
    if len(rows) < len(labels):
        notes.append(
            f"{len(labels) - len(rows):,} of {len(labels):,} listed images are not there and are "
            f"left out"
        )
    return make_dataset("rsna-pneumonia", rows, notes, task="pneumonia")

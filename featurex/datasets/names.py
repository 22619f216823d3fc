"""What the names of files and folders say: class, subtype and patient."""

import re
from pathlib import PurePath
from typing import NamedTuple

NORMAL, PNEUMONIA, OTHER = "NORMAL", "PNEUMONIA", "OTHER"

# Names of class folders and labels, in lower case with spaces -> (Kermany's class, subtype).
_LABELS = {
    "normal": (NORMAL, "normal"),
    "no finding": (NORMAL, "normal"),
    "healthy": (NORMAL, "normal"),
    "pneumonia": (PNEUMONIA, ""),
    "bacteria": (PNEUMONIA, "bacteria"),
    "bacterial": (PNEUMONIA, "bacteria"),
    "bacterial pneumonia": (PNEUMONIA, "bacteria"),
    "virus": (PNEUMONIA, "virus"),
    "viral": (PNEUMONIA, "virus"),
    "viral pneumonia": (PNEUMONIA, "virus"),
}

# Kermany's names: version 2 on Mendeley, which Kaggle copies, and version 3. The patient's number
# counts within a subtype and a series: person12_bacteria and person12_virus, IM-0115 and
# NORMAL2-IM-0115 are different children (their images are no more alike than those of random
# pairs).
_KERMANY = (
    re.compile(r"person(?P<number>\d+)_(?P<subtype>bacteria|virus)_\d+", re.IGNORECASE),
    re.compile(r"(?P<series>NORMAL2-|)IM-(?P<number>\d+)-\d+", re.IGNORECASE),
    re.compile(r"(?P<subtype>NORMAL|BACTERIA|VIRUS)-(?P<number>\d+)-\d+", re.IGNORECASE),
)


class Identity(NamedTuple):
    """What is known of an image beside its path.

    Parameters
    ----------
    label, subtype : str
        As in `Dataset.table`.
    patient : str
        Empty where the name does not say.
    """

    label: str
    subtype: str
    patient: str


def identify(label, path):
    """Read label, subtype and patient from the name of a class and the name of a file.

    Parameters
    ----------
    label : str
        The class folder or the label in a list, as "Normal" or "Viral Pneumonia"; it stays as it
        is written.
    path : str or path-like
        Only the last part counts.

    Returns
    -------
    identity : Identity
        A file name that contradicts the label, as IM-0115-0001 under PNEUMONIA, tells nothing:
        other software writes such names, too.

    Examples
    --------
    >>> identify("PNEUMONIA", "person12_virus_30.jpeg")
    Identity(label='PNEUMONIA', subtype='virus', patient='virus-12')
    >>> identify("Normal", "scan.png")
    Identity(label='Normal', subtype='normal', patient='')
    """
    words = " ".join(label.replace("_", " ").replace("-", " ").lower().split())
    kind, subtype = _LABELS.get(words, (label, ""))
    match = _match(PurePath(path).name)
    if match is None:
        return Identity(label, subtype, "")
    named = (match.get("subtype") or "normal").lower()
    if kind != (NORMAL if named == "normal" else PNEUMONIA) or subtype not in ("", named):
        return Identity(label, subtype, "")
    series = "".join(part for part in (match.get("series") or "").lower() if part.isalnum())
    return Identity(label, named, f"{named}{series.removeprefix('normal')}-{int(match['number'])}")


def _match(name):
    for pattern in _KERMANY:
        match = pattern.match(name)
        if match is not None:
            return match.groupdict()
    return None

"""What lists and texts of public sets tell of a patient, in one spelling: age and sex."""

import re

# DICOM's ages, and those of people: "027Y", "6 months", "45yrs", "58".
_AGE = re.compile(r"\s*(?P<number>\d{1,3})(\.0+)?\s*(?P<unit>y|m|w|d|)[a-z.]*\s*", re.IGNORECASE)
_IN_A_YEAR = {"": 1, "y": 1, "m": 12, "w": 52, "d": 365}
_OLDEST = 120
_SEXES = {"f": "F", "female": "F", "m": "M", "male": "M"}


def read_age(text):
    """Read an age as years.

    Parameters
    ----------
    text : str
        A number of years, or one with a unit: years, months, weeks or days, as in DICOM ("027Y").

    Returns
    -------
    age : str
        Completed years; "" where the text tells none, or more than 120.

    Examples
    --------
    >>> [read_age(text) for text in ("027Y", "45yrs", "18 months", "68", "414", "unknown")]
    ['27', '45', '1', '68', '', '']
    """
    match = _AGE.fullmatch(text)
    years = int(match["number"]) // _IN_A_YEAR[match["unit"].lower()] if match else _OLDEST + 1
    return str(years) if years <= _OLDEST else ""


def read_sex(text):
    """Read a sex as "F" or "M"; "" where the text tells neither.

    Parameters
    ----------
    text : str
        A word or a letter, in upper or lower case.

    Returns
    -------
    sex : str

    Examples
    --------
    >>> [read_sex(text) for text in ("Female", "m", "Unknown")]
    ['F', 'M', '']
    """
    return _SEXES.get(text.strip().lower(), "")

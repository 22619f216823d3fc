"""What the lists of public sets have in common: findings, views, images that are not there."""

from collections import Counter

from featurex.datasets.names import NORMAL, OTHER, PNEUMONIA

# Columns that the sets read here have after those of every data set; findings as "A|B".
FURTHER = ("findings", "age", "sex", "view")
# The last column of the sets that name it.
DEVICE = "device"
FRONTAL = ("PA", "AP")


class Rows:
    """Gathers the rows of a public set, and counts what is left out by its reason.

    Parameters
    ----------
    source : str
        The name of the set, which begins the keys of patients.
    finding : str
        Images with it, alone or with others, are labelled PNEUMONIA.
    normal : str
        How the set calls images without a finding, which are labelled NORMAL; all others OTHER.
    """

    def __init__(self, source, finding, normal):
        self.source, self.finding, self.normal = source, finding, normal
        self.rows, self.left_out = [], Counter()

    def add(self, path, findings, patient, split="", subtype="", age="", sex="", view="", **more):
        """Add an image.

        Parameters
        ----------
        path : str or None
            None where the image is not there: it is counted as left out.
        findings : list of str
            As the set names them.
        patient : str
            Its key within the set.
        split, subtype, age, sex, view : str
            "" where unknown.
        **more : str
            Values of columns after `FURTHER`, in their order.
        """
        if path is None:
            self.left_out["not there"] += 1
            return
        label, known_subtype = label_findings(findings, self.finding, self.normal)
        known = (
            path,
            label,
            subtype or known_subtype,
            f"{self.source}-{patient}",
            split,
            self.source,
        )
        self.rows.append((*known, "|".join(findings), age, sex, view, *more.values()))

    def notes(self):
        """Return the sentence on what was left out, if anything was: list of str."""
        if not self.left_out:
            return []
        parts = ", ".join(f"{count:,} {reason}" for reason, count in self.left_out.items())
        total = len(self.rows) + self.left_out.total()
        return [f"{self.left_out.total():,} of {total:,} listed images are left out: {parts}"]


def label_findings(findings, finding, normal):
    """Return label and subtype of an image.

    Parameters
    ----------
    findings : list of str
        All that are named.
    finding : str
        The one that is asked for.
    normal : str
        How the set calls images without a finding.

    Returns
    -------
    label, subtype : str
        PNEUMONIA, NORMAL (where nothing but `normal` is named) or OTHER.

    Examples
    --------
    >>> label_findings(["Edema", "Pneumonia"], "Pneumonia", "No Finding")
    ('PNEUMONIA', '')
    >>> label_findings(["No Finding"], "Pneumonia", "No Finding")
    ('NORMAL', 'normal')
    """
    if finding in findings:
        return PNEUMONIA, ""
    return (NORMAL, "normal") if list(findings) == [normal] else (OTHER, "")

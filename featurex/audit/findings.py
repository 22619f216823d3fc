"""From tables to sentences: what is wrong with a data set, how bad it is, and what to do."""

from typing import NamedTuple

from featurex.audit.duplicates import list_crossing
from featurex.audit.shortcuts import SERIOUS, SUSPECT
from featurex.wording import agree, count

# From harmless to harmful.
SEVERITIES = ("note", "warning", "serious")
# Fraction of files, fraction of images, number of images: from where on a problem is reported.
_MANY_UNREADABLE, _RARE_CLASS, _TINY_VAL = 0.01, 0.1, 50

# Column in which equal images differ -> how bad that is, and what to do.
_CROSSINGS = {
    "label": ("serious", "one label is wrong: look at them, or remove both"),
    "split": ("serious", "remove them from training: they are in the test split, too"),
    "patient": ("warning", "treat these patients as one"),
}


class Finding(NamedTuple):
    """One problem of a data set, or a fact that a user should know.

    Parameters
    ----------
    severity : str
        One of `SEVERITIES`.
    title : str
        What was found, in a sentence.
    remedy : str
        What to do about it.
    """

    severity: str
    title: str
    remedy: str


def list_findings(audit):
    """List every finding of an audit, the most serious first.

    Parameters
    ----------
    audit : Audit
        Its tables and notes.

    Returns
    -------
    findings : list of Finding
    """
    return _in_order(
        *list_file_findings(
            audit.files,
            audit.duplicates,
            audit.near_duplicates,
            audit.shared_patients,
            audit.counts,
        ),
        *_assumed(audit.files),
        *_quality(audit.quality),
        *_shortcuts(audit.shortcuts),
        *_labels(audit.labels),
        *(Finding("note", note, "check that this is as you expect") for note in audit.notes),
    )


def list_file_findings(files, duplicates, near_duplicates, shared_patients, counts):
    """List what is wrong with files, copies, patients and counts, the most serious first.

    Parameters
    ----------
    files : pandas.DataFrame
        path, and the reason why it could not be read ("" where it could).
    duplicates, near_duplicates, shared_patients, counts : pandas.DataFrame
        As in `Audit`.

    Returns
    -------
    findings : list of Finding
    """
    return _in_order(
        *_unreadable(files),
        *_duplicates(duplicates),
        *_near_duplicates(near_duplicates),
        *_patients(shared_patients),
        *_counts(counts),
    )


def group_by_remedy(findings):
    """Group findings by what to do, which is said once.

    Parameters
    ----------
    findings : list of Finding
        In any order, which the groups keep.

    Returns
    -------
    groups : list of (str, str, list of str)
        Severity, remedy, and the titles.
    """
    groups = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.remedy), []).append(finding.title)
    return [(*group, titles) for group, titles in groups.items()]


def _in_order(*findings):
    return sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity))


def _unreadable(files):
    bad = files[files["reason"] != ""]
    if bad.empty:
        return
    severity = "serious" if len(bad) > _MANY_UNREADABLE * len(files) else "warning"
    reasons = ", ".join(
        f"{number} {reason}" for reason, number in bad["reason"].value_counts().items()
    )
    yield Finding(
        severity,
        f"{len(bad)} of {count(len(files), 'file')} cannot be read ({reasons})",
        "fetch them anew",
    )


def _assumed(files):
    for note, rows in files[files["notes"].fillna("") != ""].groupby("notes"):
        yield Finding(
            "note",
            f"{count(len(rows), 'file')}, such as {rows['path'].iloc[0]}: {note}",
            "look at these images",
        )


def _duplicates(duplicates):
    if duplicates.empty:
        return
    n_groups = duplicates["group"].nunique()
    yield Finding(
        "note",
        f"{len(duplicates)} files in {count(n_groups, 'group')} are equal byte by byte",
        "keep one of each",
    )
    for column, (severity, remedy) in _CROSSINGS.items():
        groups = list_crossing(duplicates, column)
        if groups:
            example = duplicates.loc[duplicates["group"] == groups[0], "path"].iloc[0]
            yield Finding(
                severity,
                f"{count(len(groups), 'group')} of equal files "
                f"{agree(len(groups), 'differs/differ')} in {column}, such as {example}",
                remedy,
            )


def _near_duplicates(pairs):
    if pairs.empty:
        return
    yield Finding(
        "note",
        f"{count(len(pairs), 'pair')} of images {agree(len(pairs), 'is/are')} nearly the same",
        "look at them, and keep one of each",
    )
    for column, (severity, remedy) in _CROSSINGS.items():
        differ = pairs[pairs[f"{column}_a"] != pairs[f"{column}_b"]]
        if len(differ):
            example = differ.iloc[0]
            verb = agree(len(differ), "differs/differ")
            title = f"{count(len(differ), 'pair')} of nearly the same image {verb} in {column}"
            yield Finding(
                severity, f"{title}, such as {example['path_a']} and {example['path_b']}", remedy
            )


def _patients(shared):
    for splits, rows in shared.groupby("splits"):
        severity = "serious" if "test" in splits else "warning"
        title = f"{count(len(rows), 'patient')} {agree(len(rows), 'has/have')} images in {splits}"
        yield Finding(
            severity,
            title,
            "move all images of a patient to one split, if the names mean the same patients",
        )


def _quality(quality):
    flags = quality.assign(flag=quality["flags"].str.split("; ")).explode("flag")
    for flag, rows in flags[flags["flag"] != ""].groupby("flag"):
        title = f"{len(rows)} of {count(len(quality), 'image')} {agree(len(rows), 'is/are')} {flag}"
        severity = "warning" if flag == "inverted" or "turned" in flag else "note"
        yield Finding(
            severity,
            f"{title}, such as {rows['path'].iloc[0]}",
            "look at them, the worst first (quality.csv)",
        )


def _shortcuts(shortcuts):
    for row in shortcuts.itertuples():
        if row.cv_auc >= SUSPECT:
            severity = "serious" if row.cv_auc >= SERIOUS else "warning"
            title = (
                f"{row.name} alone predicts the label: AUC {row.cv_auc:.3f} ({row.low:.3f} to "
                f"{row.high:.3f})"
            )
            yield Finding(severity, f"{title}: {row.description}", row.remedy)


def _labels(labels):
    if len(labels):
        title = (
            f"{count(len(labels), 'label')} {agree(len(labels), 'is/are')} doubted by a model that "
            "has not seen the patients"
        )
        yield Finding(
            "note",
            f"{title}, such as {labels['path'].iloc[0]}",
            "look at them, the most doubtful first (labels.csv)",
        )


def _counts(counts):
    by_label = counts.groupby("label")["images"].sum()
    rarest = by_label.idxmin()
    if len(by_label) > 1 and by_label[rarest] < _RARE_CLASS * by_label.sum():
        number = by_label[rarest]
        title = f"only {number:,} of {by_label.sum():,} images {agree(number, 'is/are')} {rarest}"
        yield Finding("warning", title, "judge by AUC and sensitivity, not by accuracy")
    validation = counts.loc[counts["split"] == "val", "images"].sum()
    if 0 < validation < _TINY_VAL:
        title = f"the val split has only {count(validation, 'image')}"
        yield Finding(
            "note", title, "do not choose by it: validate by patient-grouped folds of train and val"
        )

"""The page of an audit: what would mislead a model, what to do about it, and images to check."""

import os
from pathlib import Path

import featurex
from featurex.audit import MOST_PICTURES, SEVERITIES
from featurex.audit.duplicates import list_crossing
from featurex.audit.findings import group_by_remedy
from featurex.audit.shortcuts import SERIOUS, SUSPECT
from featurex.report.auc_chart import AucChart
from featurex.report.names import decimal, describe_interval, listing
from featurex.report.page import render_page, write_page
from featurex.report.pictures import embed_jpeg
from featurex.report.svg import Figure
from featurex.wording import count

_PROPERTIES = ("format", "rows", "columns", "bits", "channels")
# Number of values of a property that the page lists.
_MOST_VALUES = 4


def write_audit_page(audit, folder):
    """Write audit.html, one file that works offline.

    Parameters
    ----------
    audit : Audit
        As from `featurex.audit.audit_dataset`.
    folder : str or path-like
        Folder for the page; it is created if it does not exist.

    Returns
    -------
    path : pathlib.Path
        Path of audit.html.

    Raises
    ------
    DataError
        If the page cannot be written.
    """
    return write_page(Path(folder) / "audit.html", render_audit(audit))


def render_audit(audit):
    """Fill the page of an audit.

    Parameters
    ----------
    audit : Audit
        As from `featurex.audit.audit_dataset`.

    Returns
    -------
    page : str
        HTML.
    """
    return render_page(
        "audit.html",
        featurex.__version__,
        audit=audit,
        title=_count_findings(audit.findings),
        actions=group_by_remedy(audit.findings),
        conclusion=_describe_shortcuts(audit.shortcuts),
        properties=_list_properties(audit.files),
        shortcuts=_draw_shortcuts(audit.shortcuts) if len(audit.shortcuts) else None,
        doubted_images=_show_doubted_images(audit),
        doubted_labels=_show_doubted_labels(audit),
        pairs=_show_pairs(audit),
        copies=_show_copies(audit),
    )


def _count_findings(findings):
    counts = {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in SEVERITIES
    }
    words = count(counts["serious"], "serious finding")
    if counts["warning"]:
        words += f", {count(counts['warning'], 'warning')}"
    return words[0].upper() + words[1:]


def _describe_shortcuts(shortcuts):
    """Describe what the AUCs of the shortcuts mean, in one or two sentences."""
    serious = shortcuts[shortcuts["cv_auc"] >= SERIOUS]
    if len(serious):
        strongest = serious.iloc[0]
        words = (
            f"A model can reach an AUC of {decimal(strongest['cv_auc'])} on these images from the "
            f"shortcut {strongest['name']} alone, without information from the lungs. "
            "Cross-validation on these images therefore proves nothing by itself."
        )
        if shortcuts["test_auc"].notna().any():
            lasting = serious.loc[serious["test_auc"] >= SERIOUS, "name"]
            if len(lasting):
                words += f" Shortcuts that are also strong in the test split: {listing(lasting)}."
            else:
                words += " None of the strong shortcuts is strong in the test split, too."
        return words
    if (shortcuts["cv_auc"] >= SUSPECT).any():
        return (
            "Some shortcuts predict the label to some degree. Compare the scores of every model "
            "with the strongest shortcut."
        )
    return "None of the shortcuts that were tested predicts the label."


def _list_properties(files):
    """List properties of the readable files: dict of name to the most frequent values."""
    readable = files[files["reason"] == ""]
    return {name: _list_values(name, readable[name].dropna()) for name in _PROPERTIES}


def _list_values(name, values):
    if name in ("rows", "columns") and values.nunique() > _MOST_VALUES:
        low, middle, high = values.quantile([0, 0.5, 1]).astype(int)
        return f"{low:,} to {high:,}, median {middle:,}"
    counts = values.value_counts().head(_MOST_VALUES)
    return ", ".join(f"{_write_value(value)} ({number:,})" for value, number in counts.items())


def _write_value(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _draw_shortcuts(shortcuts):
    """Draw the AUC of every shortcut with its interval, and its AUC on the test split: Figure."""
    rows = list(shortcuts.itertuples())
    tested = bool(shortcuts["test_auc"].notna().any())
    chart = AucChart(value for row in rows for value in (row.low, row.test_auc))
    if tested:
        chart.add_legend(("square", False, "test split"))
    chart.add_values_title("cross-validation")
    for row in rows:
        markers = [(row.test_auc, "square", False, "test split")]
        chart.add_row(
            row.name,
            decimal(row.cv_auc),
            _style(row.cv_auc),
            markers if row.test_auc == row.test_auc else (),
            bar=row.cv_auc,
            interval=(row.low, row.high),
        )
    description = "; ".join(
        f"{row.name}: {decimal(row.cv_auc)}, {describe_interval(row.low, row.high)}" for row in rows
    )
    caption = (
        "Gradient-boosted trees predict the label from each shortcut alone, in patient-grouped "
        "cross-validation. The thin line is the 95 % interval over patients. An AUC of 0.5 is that "
        "of a coin toss."
    )
    svg = chart.draw("shortcuts-figure", "AUC of each shortcut", f"{description}.")
    return Figure("How well each shortcut predicts the label", svg, caption)


def _style(auc):
    return "learnt" if auc >= SERIOUS else "third" if auc >= SUSPECT else "control"


def _show_doubted_images(audit):
    """Show images that do not look like a usual frontal radiograph, the most unusual first."""
    flagged = audit.quality[audit.quality["flags"] != ""].head(MOST_PICTURES)
    return [
        _panel(audit, row.path, row.flags, f"similarity to the mean chest {row.likeness:.2f}")
        for row in flagged.itertuples()
    ]


def _show_doubted_labels(audit):
    """Show images with a doubted label, the most doubtful first."""
    return [
        _panel(
            audit,
            row.path,
            f"{row.label}, or {row.suggested}?",
            f"probability of the given label {row.probability:.2g}",
        )
        for row in audit.labels.head(MOST_PICTURES).itertuples()
    ]


def _show_pairs(audit):
    """Show nearly equal images side by side, the most similar first."""
    pairs = []
    for row in audit.near_duplicates.head(MOST_PICTURES // 2).itertuples():
        second = f"patient {row.patient_b}{', mirrored' * row.mirrored}"
        pairs.append(
            (
                _panel(audit, row.path_a, row.label_a, f"patient {row.patient_a}"),
                _panel(audit, row.path_b, row.label_b, second),
            )
        )
    return pairs


def _show_copies(audit):
    """Show equal files that differ in label, split or patient."""
    crossed = {
        group
        for column in ("label", "split", "patient")
        for group in list_crossing(audit.duplicates, column)
    }
    rows = audit.duplicates[audit.duplicates["group"].isin(crossed)].head(MOST_PICTURES)
    return [
        _panel(audit, row.path, row.label, f"patient {row.patient}, {row.split}")
        for row in rows.itertuples()
    ]


def _panel(audit, path, title, caption):
    return {
        "picture": embed_jpeg(audit.pictures[path]),
        "title": title,
        "caption": caption,
        "name": os.path.basename(path),
        "path": path,
    }

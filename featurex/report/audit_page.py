"""The page of an audit: what would fool a model, what to do about it, and the films to look at."""

import base64
import math
import os

import cv2
from markupsafe import Markup

import featurex
from featurex.audit import MOST_PICTURES, SEVERITIES
from featurex.audit.duplicates import crossing
from featurex.audit.shortcuts import SERIOUS, SUSPECT
from featurex.files import check_writable, replacing
from featurex.report.axes import Scale, auc_scale, marker
from featurex.report.names import decimal, listing
from featurex.report.shell import fill
from featurex.report.svg import Figure, drawing, element, shorten, text

_LEFT, _RIGHT, _ROW = 10.0, 294.0, 38.0
_FACTS = ("format", "rows", "columns", "bits", "channels")


def write_audit_page(audit, folder):
    """Write audit.html: one file that works offline.

    Parameters
    ----------
    audit : Audit
    folder : str or path-like
        Made if need be.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    DataError
        If it cannot be written.
    """
    path = check_writable(folder) / "audit.html"
    with replacing(path) as temporary:
        temporary.write_text(render_audit(audit), encoding="utf-8")
    return path


def render_audit(audit):
    """The page of an audit: str."""
    return fill(
        "audit.html",
        featurex.__version__,
        audit=audit,
        title=_title(audit),
        findings=audit.findings,
        verdict=_verdict(audit.shortcuts),
        properties=_properties(audit.files),
        shortcuts=_draw_shortcuts(audit.shortcuts) if len(audit.shortcuts) else None,
        films=_films(audit),
        doubted=_doubted(audit),
        pairs=_pairs(audit),
        copies=_copies(audit),
    )


def _title(audit):
    counts = {
        severity: sum(finding.severity == severity for finding in audit.findings)
        for severity in SEVERITIES
    }
    serious = (
        _count(counts["serious"], "serious finding") if counts["serious"] else "Nothing serious"
    )
    return f"{serious}, {_count(counts['warning'], 'warning')}" if counts["warning"] else serious


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _verdict(shortcuts):
    """What the shortcuts mean, in a sentence or two."""
    serious = shortcuts[shortcuts["cv_auc"] >= SERIOUS]
    if len(serious):
        row = serious.iloc[0]
        verdict = (
            f"A model can score an AUC of {decimal(row['cv_auc'])} on these images from "
            f"{row['name']} alone, without a "
            "look at a lung. Cross-validation on them proves nothing by itself."
        )
        lasting = serious.loc[serious["test_auc"] >= SERIOUS, "name"]
        if shortcuts["test_auc"].notna().any():
            where = listing(lasting) if len(lasting) else "none of them"
            verdict += f" In the test split still as strong: {where}."
        return verdict
    if (shortcuts["cv_auc"] >= SUSPECT).any():
        return (
            "Some of what is no lung tells a little of the label: compare every score with the "
            "best of them."
        )
    return "Nothing that was looked at beside the lungs tells the label."


def _properties(files):
    """What the files are: rows of (name, value)."""
    readable = files[files["reason"] == ""]
    found = {}
    for name in _FACTS:
        values = readable[name].dropna()
        if name in ("rows", "columns") and values.nunique() > 4:
            low, middle, high = values.quantile([0, 0.5, 1]).astype(int)
            found[name] = f"{low:,} to {high:,}, median {middle:,}"
        else:
            shares = values.value_counts()
            found[name] = ", ".join(
                f"{_plain(value)} ({count:,})" for value, count in shares.head(4).items()
            )
    return found


def _plain(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _draw_shortcuts(shortcuts):
    """AUC of every shortcut, with its interval, and in the test split: Figure."""
    least = shortcuts[["low", "test_auc"]].min().min()
    scale = Scale(min(0.5, 0.1 * math.floor(10 * least)), 1.0, _LEFT, _RIGHT)
    parts = [text(350, 12, "cross-validated", anchor="end", style="tick")]
    if shortcuts["test_auc"].notna().any():
        parts += [
            marker(14.0, 8.0, "square", "neutral hollow"),
            text(23, 12, "test split", style="tick"),
        ]
    y, said = 22.0, []
    for row in shortcuts.itertuples():
        parts.append(_bar(row, y, scale))
        said.append(f"{row.name}: {decimal(row.cv_auc)}, {decimal(row.low)} to {decimal(row.high)}")
        y += _ROW
    parts.append(auc_scale(scale, 24.0, y + 2))
    svg = drawing("shortcuts", "AUC of what is no lung", f"{'; '.join(said)}.", 360, y + 34, *parts)
    caption = (
        "Each alone predicts the label by gradient-boosted trees, in patient-grouped "
        "cross-validation; the line is the "
        "95 % interval over patients. 0.5 is a coin toss."
    )
    return Figure("What is no lung, and how well it predicts the label", svg, caption)


def _bar(row, y, scale):
    kind = "learnt" if row.cv_auc >= SERIOUS else "third" if row.cv_auc >= SUSPECT else "control"
    low, middle, high = (float(scale(value)) for value in (row.low, row.cv_auc, row.high))
    parts = [
        text(_LEFT, y + 12, shorten(f"{row.name}: {row.description}", 56), style="label"),
        element("rect", x=_LEFT, y=y + 18, width=_RIGHT - _LEFT, height=7, rx=3.5, class_="track"),
        element(
            "rect",
            x=_LEFT,
            y=y + 18,
            width=max(middle - _LEFT, 1.0),
            height=7,
            rx=3.5,
            class_=f"bar {kind}",
        ),
        element("line", x1=low, x2=high, y1=y + 21.5, y2=y + 21.5, class_="leader"),
        text(350, y + 26, decimal(row.cv_auc), anchor="end", style="value"),
    ]
    if not math.isnan(row.test_auc):
        parts.append(
            marker(
                float(scale(row.test_auc)),
                y + 21.5,
                "square",
                f"{kind} hollow",
                decimal(row.test_auc),
            )
        )
    return Markup("").join(parts)


def _films(audit):
    """Films that look as none should, the worst first."""
    flagged = audit.quality[audit.quality["flags"] != ""].head(MOST_PICTURES)
    return [
        _panel(audit, row.path, row.flags, f"likeness to the mean chest {decimal(row.likeness, 2)}")
        for row in flagged.itertuples()
    ]


def _doubted(audit):
    """Images whose label is doubted, the most doubtful first."""
    return [
        _panel(
            audit,
            row.path,
            f"{row.label}, or {row.suggested}?",
            f"probability of the label {row.probability:.2g}",
        )
        for row in audit.labels.head(MOST_PICTURES).itertuples()
    ]


def _pairs(audit):
    """Nearly equal images side by side, the most alike first."""
    return [
        (
            _panel(audit, row.path_a, row.label_a, f"patient {row.patient_a}"),
            _panel(
                audit,
                row.path_b,
                row.label_b,
                f"patient {row.patient_b}" + ", mirrored" * row.mirrored,
            ),
        )
        for row in audit.near_duplicates.head(MOST_PICTURES // 2).itertuples()
    ]


def _copies(audit):
    """Equal files that differ in label, split or patient."""
    crossed = {
        group
        for column in ("label", "split", "patient")
        for group in crossing(audit.duplicates, column)
    }
    rows = audit.duplicates[audit.duplicates["group"].isin(crossed)].head(MOST_PICTURES)
    return [
        _panel(audit, row.path, row.label, f"patient {row.patient}, {row.split}")
        for row in rows.itertuples()
    ]


def _panel(audit, path, title, caption):
    content = cv2.imencode(".png", audit.pictures[path])[1].tobytes()
    return {
        "source": f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}",
        "title": title,
        "caption": caption,
        "name": os.path.basename(path),
        "path": path,
    }

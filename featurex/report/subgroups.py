"""Section: scores of the chosen model in groups of test images."""

from featurex.report.names import MISSING, decimal, full_name, hundredths, interval
from featurex.report.section import Section, explain_missing
from featurex.wording import count


def make_section(record):
    """Show the scores of the chosen classical model in each group.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Groups of test images", "Groups"
    subgroups = record.info.subgroups
    if subgroups is None:
        otherwise = "This run holds no scores of groups of test images."
        missing = explain_missing(record, "subgroups", otherwise)
        return Section("subgroups", title, menu, missing=missing)
    binary = len(record.classes) == 2
    measures = [("AUC", "auc", decimal)]
    if binary:
        measures += [
            ("Sens. %", "sensitivity", hundredths),
            ("Spec. %", "specificity", hundredths),
        ]
    else:
        measures += [("Acc. %", "accuracy", hundredths)]
    threshold = ", at the same frozen threshold" if binary else ""
    values = {
        "caption": f"{full_name(subgroups.key)}{threshold}",
        "headings": [heading for heading, *_ in measures],
        "groups": [_write_group(group, measures) for group in subgroups.groups if group.images],
        "has_subtypes": any(group.kind == "subtype" for group in subgroups.groups),
    }
    return Section("subgroups", title, menu, values=values, wide=True)


def _write_group(group, measures):
    """Write one line of the table: dict of str, and cells with a value and an interval."""
    cells = []
    for _, name, write in measures:
        limits = interval(getattr(group, f"{name}_low"), getattr(group, f"{name}_high"), write)
        cells.append((write(getattr(group, name)), "" if limits == MISSING else limits))
    return {
        "kind": group.kind,
        "name": group.name,
        "size": f"{count(group.images, 'image')}, {count(group.patients, 'patient')}",
        "cells": cells,
    }

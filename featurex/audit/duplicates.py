"""The same file under several names, and the same patient on both sides of a split."""

import pandas as pd


def find_duplicates(dataset, survey):
    """List files that are equal byte by byte.

    Parameters
    ----------
    dataset : Dataset
        The images, their labels, patients and splits.
    survey : FileSurvey
        What is known of its files.

    Returns
    -------
    duplicates : pandas.DataFrame
        group (from 0), path, label, subtype, patient, split: one row a file that has an equal.
    """
    table = dataset.table.assign(checksum=survey.facts["checksum"])[survey.readable]
    equal = table[table["checksum"].duplicated(keep=False)].sort_values(["checksum", "path"])
    groups = pd.factorize(equal["checksum"])[0]
    return equal.assign(group=groups)[
        ["group", "path", "label", "subtype", "patient", "split"]
    ].reset_index(drop=True)


def list_crossing(duplicates, column):
    """List the groups of duplicates that differ in a column.

    Parameters
    ----------
    duplicates : pandas.DataFrame
        As from `find_duplicates`.
    column : str
        label, patient or split.

    Returns
    -------
    groups : list of int
        Numbers of these groups.
    """
    values = duplicates.groupby("group")[column].nunique()
    return values.index[values > 1].tolist()


def find_shared_patients(dataset):
    """List patients with images in more than one split.

    Parameters
    ----------
    dataset : Dataset
        The images, their patients and splits.

    Returns
    -------
    shared : pandas.DataFrame
        patient, splits (joined by "+"), images.
    """
    groups = dataset.table.groupby("patient")["split"]
    shared = groups.agg(splits=lambda values: "+".join(sorted(set(values))), images="size")
    return shared[groups.nunique() > 1].reset_index()

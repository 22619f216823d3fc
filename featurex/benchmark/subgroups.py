"""The groups of test images in which the chosen model is scored once more."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from featurex.benchmark.scored import Skipped
from featurex.checks import fail
from featurex.datasets.dataset import COLUMNS
from featurex.errors import DataError
from featurex.evaluation.subgroups import score_group
from featurex.evaluation.thresholds import decide
from featurex.images import parse_location, read_header
from featurex.runs.answers import SubgroupRow, Subgroups

# Values of a column that are groups of their own; numbers of more values are put into quarters.
MOST_VALUES = 8
_QUARTERS = ("smallest", "second", "third", "largest")


class Group(NamedTuple):
    """Some of the test images.

    Parameters
    ----------
    kind : str
        "all", "subtype", "size", "alignment", "site" or "column".
    name : str
        In words, as it stands in the report.
    members : bool array, shape (n_test,)
        Which test images belong to it.
    rivals : bool array, shape (n_test,), or None
        See `featurex.evaluation.subgroups.score_group`.
    """

    kind: str
    name: str
    members: np.ndarray
    rivals: np.ndarray | None = None


def list_groups(samples, failed, columns=()):
    """List the groups: all test images, and those of each subtype, quarter of image sizes, outcome
    of the alignment, site, and value of further columns.

    Parameters
    ----------
    samples : Samples
        Labels, subtypes and paths.
    failed : bool array, shape (n,)
        Whether an image could not be registered to the mean chest.
    columns : sequence of str
        Further columns of the table.

    Returns
    -------
    groups : list of Group
        Subtypes where a class has several, sizes where they differ.
    """
    failed = failed[samples.testing]
    groups = [Group("all", "all test images", np.ones(len(failed), bool))]
    groups += _list_subtypes(samples.labels[samples.testing], samples.strata[samples.testing])
    paths = samples.table["path"].to_numpy()[samples.testing]
    if all(parse_location(path).array is None for path in paths):
        groups += _list_quarters(np.array([_count_pixels(path) for path in paths]))
    if failed.any():
        groups.append(Group("alignment", "alignment found", ~failed))
    groups.append(Group("alignment", "alignment failed", failed))
    wanted = dict.fromkeys([*(["site"] if samples.sites is not None else []), *columns])
    for column in wanted:
        groups += _list_values(column, samples.table[column].to_numpy()[samples.testing])
    return groups


def check_subgroups(columns):
    """Return names of columns as a tuple; none are allowed.

    Parameters
    ----------
    columns : sequence of str
        As the user gives them.

    Raises
    ------
    ParameterError
        If it is no list of names.
    """
    if isinstance(columns, str) or not all(isinstance(name, str) for name in columns or ()):
        fail("subgroups", "a list of names of columns, as [sex, age]", columns)
    return tuple(columns or ())


def check_columns(table, columns, name):
    """Refuse columns that a data set lacks.

    Parameters
    ----------
    table : pandas.DataFrame
        As in `Dataset.table`.
    columns : sequence of str
        That make groups.
    name : str
        Of the data set.

    Raises
    ------
    DataError
        If it has no such column, or no value in it; the message lists those that it has.
    """
    further = [column for column in table if column not in COLUMNS]
    for column in columns:
        if column not in further:
            raise DataError(
                f"subgroups: {name} has no column {column!r} that could make groups; it has "
                f"{', '.join(further) or 'none'}"
            )
        if not (table[column] != "").any():
            raise DataError(f"subgroups: the column {column!r} of {name} holds no value")


def score_subgroups(run):
    """Score the chosen classical model in every group of test images.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.

    Returns
    -------
    subgroups : Subgroups or Skipped
        Skipped without a classical model.
    """
    if run.classical is None:
        return Skipped("No classical model took part.")
    samples, protocol = run.samples, run.protocol
    scores = run.scored[run.classical].scores.test
    decisions = decide(scores, run.threshold(run.classical))
    labels, patients = samples.labels[samples.testing], samples.patients[samples.testing]
    rows = []
    for group in list_groups(samples, samples.films.registration.failed, run.subgroups):
        score = score_group(
            labels,
            scores,
            decisions,
            patients,
            group.members,
            group.rivals,
            n_resamples=protocol.resamples,
            seed=protocol.seed,
        )
        measures = {}
        for name in score._fields[2:]:
            measures.update(_flat(name, getattr(score, name)))
        rows.append(
            SubgroupRow(
                kind=group.kind,
                name=group.name,
                images=score.images,
                patients=score.patients,
                **measures,
            )
        )
    return Subgroups(run.classical.key, tuple(rows))


def _list_subtypes(labels, strata):
    """Subtypes of classes that have several, each against all images of the other classes."""
    groups = []
    for label in np.unique(labels):
        names = np.unique(strata[labels == label])
        if len(names) > 1:
            groups += [
                Group("subtype", name, (labels == label) & (strata == name), labels != label)
                for name in names
            ]
    return groups


def _list_quarters(pixels):
    """Quarters of the images by size; equal sizes are in one quarter, and an empty one is left
    out.
    """
    quarter = np.searchsorted(np.quantile(pixels, (0.25, 0.5, 0.75)), pixels)
    if len(np.unique(quarter)) == 1:
        return []
    groups = []
    for index in np.unique(quarter):
        sizes = pixels[quarter == index] * 1e-6
        low, high = sizes.min(), sizes.max()
        name = f"{_QUARTERS[index]} quarter of images, {low:.3g} to {high:.3g} megapixels"
        groups.append(Group("size", name, quarter == index))
    return groups


def _list_values(column, values):
    """Groups by a column of texts: quarters of numbers, else the most frequent values."""
    kind, known = "site" if column == "site" else "column", values != ""
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(float)
    if np.isfinite(numbers[known]).all() and len(set(numbers[known])) > MOST_VALUES:
        quarter = np.searchsorted(np.quantile(numbers[known], (0.25, 0.5, 0.75)), numbers)
        groups = []
        for index in np.unique(quarter[known]):
            members = known & (quarter == index)
            low, high = numbers[members].min(), numbers[members].max()
            groups.append(Group(kind, f"{column}: {low:g} to {high:g}", members))
    else:
        names, counts = np.unique(values[known].astype(str), return_counts=True)
        shown = sorted(names[np.argsort(-counts, kind="stable")][:MOST_VALUES])
        groups = [Group(kind, f"{column}: {name}", values == name) for name in shown]
        rest = known & ~np.isin(values, shown)
        if rest.any():
            groups.append(Group(kind, f"{column}: {len(names) - len(shown)} others", rest))
    if (~known).any():
        groups.append(Group(kind, f"{column}: not known", ~known))
    return groups


def _count_pixels(path):
    header = read_header(path)
    return header.rows * header.columns


def _flat(name, interval):
    names = (name, f"{name}_low", f"{name}_high")
    return dict(zip(names, interval or (None, None, None), strict=True))

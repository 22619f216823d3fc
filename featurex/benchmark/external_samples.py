"""External sets: what the user names, and its images in memory, matched to a run's own."""

import os
from dataclasses import dataclass, replace
from urllib.parse import quote

import numpy as np
import pandas as pd

from featurex.benchmark.films import Chosen, Films, read_films
from featurex.benchmark.overlap import find_overlap
from featurex.checks import check_boolean, check_choice, check_named, fail
from featurex.datasets import Dataset, add_masks, image_paths, load_dataset
from featurex.datasets.masks import MASK
from featurex.datasets.matching import Match, match_classes
from featurex.errors import DataError, ImageError
from featurex.files import find_common_folder, name_below
from featurex.scorers.typical import ADAPTATIONS
from featurex.wording import agree, count

# Below the folder of the work.
EXTERNAL = "external"
_KEYS = ("data", "masks", "classes", "same_patients", "adapt")


@dataclass(frozen=True)
class ExternalSamples:
    """Images and labels of one external set.

    Parameters
    ----------
    name : str
        As the user named it.
    dataset : Dataset
        All that the set holds.
    table : pandas.DataFrame, shape (n, ...)
        The data set's columns for the images that are scored.
    films : Films
        What was read, at the working size.
    rows : int array, shape (n,)
        Which of the films these are.
    labels : int array, shape (n,)
        Index into the run's classes.
    match : Match
        How labels became classes.
    errors : list of ImageError
        Of the files that could not be used.
    n_identical, n_shared, n_other : int
        Images that were counted out; see `featurex.runs.external.ExternalSet`.
    notes : tuple of str
        What was taken for granted.
    adapt : str
        "site" where columns are standardised within the set; otherwise empty.
    """

    name: str
    dataset: Dataset
    table: pd.DataFrame
    films: Films
    rows: np.ndarray
    labels: np.ndarray
    match: Match
    errors: list[ImageError]
    n_identical: int
    n_shared: int
    n_other: int
    notes: tuple[str, ...]
    adapt: str = ""

    @property
    def images(self):
        """The images at the working size, on disk: Chosen."""
        return Chosen(self.films.images, self.rows)

    @property
    def names(self):
        """The path of every image below the folder that holds them all."""
        paths = self.table["path"].tolist()
        root = find_common_folder(paths)
        return np.array([name_below(path, root) for path in paths], dtype=object)

    @property
    def patients(self):
        """The patient of every image."""
        return self.table["patient"].to_numpy()


def check_external(external):
    """Check what the user says of external sets.

    Parameters
    ----------
    external : dict of str to (str, path-like, Dataset or dict), or None
        By name. A mapping has the key data, and may have masks (their folder), classes (class of
        the run -> labels of the set), same_patients, and adapt: "site" standardises the columns
        within the set, without its labels.

    Returns
    -------
    external : dict of str to dict
        Each with the keys data, masks, classes, same_patients and adapt.

    Raises
    ------
    ParameterError
        If a name or a value is of another form.

    Examples
    --------
    >>> check_external({"other": "elsewhere"})["other"]["data"]
    'elsewhere'
    """
    named = check_named("external", external, _KEYS, "an external set", "data sets")
    return {name: _check_one(f"external.{name}", given) for name, given in named.items()}


def _check_one(where, given):
    given = {key: given.get(key) for key in _KEYS}
    if not isinstance(given["data"], str | os.PathLike | Dataset) or not given["data"]:
        fail(f"{where}.data", "a folder or list of images", given["data"])
    if given["masks"] is not None and not isinstance(given["masks"], str | os.PathLike):
        fail(f"{where}.masks", "a folder of masks", given["masks"])
    if given["classes"] is not None and not isinstance(given["classes"], dict):
        fail(f"{where}.classes", "a mapping of classes to labels", given["classes"])
    if given["same_patients"] is not None:
        check_boolean(f"{where}.same_patients", given["same_patients"])
    if given["adapt"] is not None:
        check_choice(f"{where}.adapt", given["adapt"], ADAPTATIONS)
    return given


def load_external(name, given, task, samples, preprocess, align, work):
    """Read an external set, match its labels, and count out what the run has itself.

    Parameters
    ----------
    name : str
        Of the set.
    given : dict
        As from `check_external`.
    task : Task
        The question.
    samples : Samples
        The run's own images.
    preprocess : Preprocess
        Brings every image to the working size.
    align : Align
        What registers the run's own images.
    work : Work
        Reads them, and keeps them below its folder; its progress is told what was taken for
        granted.

    Returns
    -------
    external : ExternalSamples

    Raises
    ------
    DataError
        If the labels cannot be matched, or no image is left.
    """
    dataset = _load(name, given, samples)
    progress = work.progress
    progress.say(f"External set {name}: {dataset.describe()}")
    match = match_classes(replace(dataset, name=name), task, samples.classes, given["classes"])
    labels = dataset.table[match.column].map(match.index)
    known = labels.notna().to_numpy()
    table = dataset.table[known].reset_index(drop=True)
    films = read_films(image_paths(table), preprocess, align, work, name_folder(name))
    kept = _check_usable(name, films, len(table))
    _check_masks(name, samples.images, films.images)
    table = table.iloc[kept].reset_index(drop=True)
    overlap = find_overlap(
        name, samples.table, samples.images, table, films.images, given["same_patients"]
    )
    left = _count_out(name, overlap)
    notes = _list_notes(name, samples.classes, match, overlap, labels[known].iloc[kept][left])
    notes += _note_adapting(name, given["adapt"])
    for note in notes:
        progress.say(note)
    return ExternalSamples(
        name,
        dataset,
        table[left].reset_index(drop=True),
        films,
        np.flatnonzero(left),
        labels[known].to_numpy(np.intp)[kept][left],
        match,
        films.errors,
        int(overlap.identical.sum()),
        int(overlap.shared.sum()),
        int((~known).sum()),
        (*dataset.notes, *notes),
        given["adapt"] or "",
    )


def _load(name, given, samples):
    """The data set that the user named, with masks where the run's own images have them."""
    data, masks = given["data"], given["masks"]
    try:
        dataset = data if isinstance(data, Dataset) else load_dataset(data)
    except DataError as error:
        raise DataError(f"external set {name}: {error}") from error
    if masks is not None and not samples.masked:
        raise DataError(
            f"{name}: its masks were named, but the run's own images have none; name theirs with "
            "--masks, too, or leave external masks out"
        )
    if masks is None and (not samples.masked or MASK not in dataset.table or dataset.masked):
        return dataset
    return add_masks(dataset, masks, samples.mask_labels)


def _check_usable(name, films, n_listed):
    """Which of the images could be used: int array; at least one."""
    if len(films.kept) == 0:
        raise DataError(
            f"{name}: none of {n_listed} images could be used; the first: {films.errors[0]}"
        )
    return films.kept


def _count_out(name, overlap):
    """Which of the images the run has not itself: bool array, True at least once."""
    left = ~(overlap.identical | overlap.shared)
    if not left.any():
        raise DataError(
            f"{name}: every image is in the run's own data, too; an external set "
            f"must hold other images. {overlap.note}".rstrip()
        )
    return left


def _note_adapting(name, adapt):
    if not adapt:
        return []
    return [
        f"Columns are standardised within {name}, without its labels (adapt: {adapt}): its "
        "decisions are not those that its images would get one by one."
    ]


def name_folder(name, what="films"):
    """Name the folder of what is made of a set, below that of the work."""
    return f"{EXTERNAL}/{quote(name, safe='')} {what}"


def _check_masks(name, own, images):
    """Refuse images without masks where models learn from images with masks, and the reverse."""
    learnt, given = (any(map(np.ma.isMaskedArray, stack)) for stack in (own, images))
    if learnt != given:
        with_masks, without = ("the run's", f"those of {name}")[:: 1 if learnt else -1]
        raise DataError(
            f"{name}: {with_masks} images have masks in files, and {without} have none; give both "
            f"their masks (--masks FOLDER, --external-masks {name}=FOLDER, or a column mask of a "
            "list), or neither"
        )


def _list_notes(name, classes, match, overlap, labels):
    """What is to be said of a set, in sentences."""
    notes = [note for note in (match.note, overlap.note) if note]
    if overlap.identical.any():
        number = overlap.identical.sum()
        notes.append(
            f"{count(number, 'image')} of {name} {agree(number, 'is/are')} in the run's own data, "
            f"too (the same, perhaps saved again), and {agree(number, 'is/are')} counted out."
        )
    lacking = [label for index, label in enumerate(classes) if not (labels == index).any()]
    if lacking:
        notes.append(
            f"{name} has no image of {', '.join(lacking)}: there is no AUC, but all that the "
            "other classes tell."
        )
    return notes

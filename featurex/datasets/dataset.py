"""The one table of images that every source becomes, with notes for people."""

import hashlib
import os
from dataclasses import dataclass

import pandas as pd

from featurex.datasets.spelling import unify
from featurex.errors import DataError
from featurex.files import find_common_folder, name_below
from featurex.images.location import parse_location
from featurex.wording import count

# A folder that holds this file is synthetic, whatever it is called.
SYNTHETIC_MARKER = "SYNTHETIC.txt"
COLUMNS = ("path", "label", "subtype", "patient", "split", "source")
SPLITS = ("train", "val", "test", "")
# Labels that a sentence lists; folders of patients, taken for classes, would fill pages.
_LISTED = 20


@dataclass(frozen=True)
class Dataset:
    """A list of images with what is known of each; the images themselves stay on disk.

    Parameters
    ----------
    name : str
        What reports call the data set, usually the name of its folder.
    table : pandas.DataFrame, shape (n_images, 6 or more)
        Texts, sorted by path: path (see `featurex.images.format_location`), label (as the source
        names it; "" where nothing is known), subtype ("normal", "bacteria", "virus" or ""), patient
        (a key), split ("train", "val", "test" or ""), source. Further columns follow, as a list has
        them: age, sex, site.
    notes : tuple of str
        Sentences for people, about what was assumed or left out.
    synthetic : bool
        Whether the images were drawn and show no patient.
    task : str or None
        The question of this source, a key of `featurex.datasets.TASKS`, where its labels alone
        would pose another.

    Raises
    ------
    DataError
        If a column is missing, no image is left, a path appears twice, or a split has another name.
    """

    name: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    task: str | None = None

    def __post_init__(self):
        if tuple(self.table.columns[: len(COLUMNS)]) != COLUMNS:
            raise DataError(
                f"{self.name}: the table needs the columns {', '.join(COLUMNS)} first, "
                f"but it has {', '.join(map(str, self.table.columns))}"
            )
        if self.table.empty:
            raise DataError(f"{self.name}: there is no image in it")
        repeated = self.table.columns[self.table.columns.duplicated()]
        if len(repeated):
            raise DataError(f"{self.name}: there are two columns {repeated[0]!r}; rename one")
        key = ["path", *self.table.columns.intersection(["mask_label"])]
        twice = self.table.duplicated(key)
        if twice.any():
            raise DataError(
                f"{self.name}: {self.table['path'][twice].iloc[0]} is listed twice; list it once"
            )
        unknown = set(self.table["split"]) - set(SPLITS)
        if unknown:
            raise DataError(
                f"{self.name}: split must be train, val, test or empty, but {min(unknown)!r} was "
                f"given"
            )

    def __len__(self):
        return len(self.table)

    @property
    def labelled(self):
        """Whether any image has a label."""
        return bool((self.table["label"] != "").any())

    @property
    def masked(self):
        """Whether masks decide what counts of the images; see `featurex.datasets.add_masks`."""
        return "mask_label" in self.table

    @property
    def known(self):
        """The table without columns that say nothing, of images without labels: pandas.DataFrame.

        The path is always there, and so are all columns where any image has a label.
        """
        if self.labelled:
            return self.table
        says = {
            name: name not in ("patient", "source") and (self.table[name] != "").any()
            for name in self.table
        }
        says["patient"] = (self.table["patient"] != self.table["path"]).any()
        return self.table[[name for name, useful in says.items() if useful]]

    def counts(self):
        """Count images and patients by split, label and subtype.

        Returns
        -------
        counts : pandas.DataFrame
            Columns split, label, subtype, images, patients.
        """
        groups = self.table.groupby(["split", "label", "subtype"], sort=True)["patient"]
        return groups.agg(images="size", patients="nunique").reset_index()

    def describe(self):
        """Describe the data set in one sentence: images and patients by split and label."""
        kind = "synthetic image" if self.synthetic else "image"
        images = f"{self.name}: {len(self):,} {kind}{'s' * (len(self) != 1)}"
        if not self.labelled:
            return f"{images} without labels"
        order = sorted(set(self.table["split"]), key=SPLITS.index)
        splits, labels = self.table["split"], self.table["label"]
        parts = [
            f"{split or 'no split'}: {_list_counts(labels[splits == split])}" for split in order
        ]
        patients = self.table["patient"].nunique()
        return f"{images} of {count(patients, 'patient')} ({'; '.join(parts)})"

    def digest(self):
        """Digest of the list of images: names below their common folder, sizes, labels, splits.

        Moving the folder does not change it; renaming, adding, removing or replacing (by another
        size) does.

        Returns
        -------
        digest : str
            SHA-256, hexadecimal.
        """
        locations = [parse_location(path) for path in self.table["path"]]
        if self.masked:
            locations += [parse_location(mask) for mask in self.table["mask"]]
        files = {location.path for location in locations}
        sizes = {path: _size(path) for path in files}
        root = find_common_folder([os.path.abspath(path) for path in files])
        digest = hashlib.sha256()
        labels = (self.table[name].tolist() for name in ("label", "split"))
        known = [*zip(*labels, strict=True)]
        if self.masked:
            known += [("mask", label) for label in self.table["mask_label"]]
        for location, (label, split) in zip(locations, known, strict=True):
            name = name_below(os.path.abspath(location.path), root)
            fields = (name, location.array, location.index, sizes[location.path], label, split)
            digest.update(repr(fields).encode(errors="surrogateescape"))
        return digest.hexdigest()


def make_dataset(name, rows, notes=(), synthetic=False, further=(), task=None):
    """Build a data set from rows in any order.

    Parameters
    ----------
    name : str
        As in `Dataset`.
    rows : iterable of tuples of str
        In the order of `COLUMNS` and `further`. Labels that differ in case, blanks, underscores
        and hyphens alone become one, with a note.
    notes : sequence of str
        As in `Dataset`.
    synthetic : bool
        As in `Dataset`.
    further : sequence of str
        Names of the columns after those that every data set has.
    task : str or None
        As in `Dataset`.

    Returns
    -------
    dataset : Dataset

    Raises
    ------
    DataError
        As `Dataset`.
    """
    table = pd.DataFrame(sorted(rows), columns=[*COLUMNS, *further], dtype="str")
    spellings = unify(table["label"])
    table["label"] = table["label"].map(spellings).astype("str")
    return Dataset(name, table, (*notes, *_note_spellings(spellings)), synthetic, task)


def _list_counts(labels):
    """List how often each label occurs, the first of many."""
    counts = labels.value_counts(sort=False).sort_index()
    listed = [f"{count:,} {label or 'without label'}" for label, count in counts.items()]
    more = len(listed) - _LISTED
    return ", ".join(listed[:_LISTED] + [f"and {more:,} further labels"] * (more > 0))


def _note_spellings(spellings):
    """Say which labels were taken for one."""
    return [
        f"the label {name!r} is taken for {taken!r}, from which it differs in spelling alone"
        for name, taken in spellings.items()
        if name != taken
    ]


def _size(path):
    """Return the size of a file; -1 where it cannot be asked, as reading it will say why."""
    try:
        return os.path.getsize(path)
    except OSError:
        return -1

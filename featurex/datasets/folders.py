"""Folders of images: split folders of class folders, as on Kaggle, or class folders alone."""

import os
import re
from pathlib import Path

from featurex.datasets.dataset import SYNTHETIC_MARKER, make_dataset
from featurex.datasets.names import identify
from featurex.datasets.spelling import is_negative
from featurex.errors import DataError
from featurex.images.location import format_location
from featurex.wording import agree, count

# Names of split folders, in lower case -> split.
SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validate": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
# How notes say that patients are a guess; the report repeats it where it matters.
UNKNOWN_PATIENTS = "do not name the patient"
# What is taken for an image file until its content says otherwise; none is common for DICOM.
ENDINGS = (".jpeg", ".jpg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".dcm", ".dicom", "")
# Folders of masks, which some sets store beside the images, have one of these words in their names.
_MASKS = ("mask", "masks", "segmentation", "segmentations", "annotation", "annotations")
# A mask beside its image has the image's name and one of these endings.
_MASK_ENDING = re.compile("[ _.-](masks?|segmentation)$", re.IGNORECASE)
_WORDS = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LAYOUT = (
    "one folder for each class, as NORMAL and PNEUMONIA, either directly or in folders "
    "named train and test; or a list of images with their labels"
)


def read_folder(folder):
    """List the images of a folder in the Kaggle layout, or of class folders without a split.

    Parameters
    ----------
    folder : str or path-like
        Holds train, test and optionally val with class folders in each, or class folders. It may
        lie one or more levels deeper, as in the Kaggle archive; ``__MACOSX``, hidden files and the
        archive's second copy are ignored. Folders of sites may lie above the class folders, and
        become the column site.

    Returns
    -------
    dataset : Dataset
        Patients as in Kermany's names; otherwise one patient a file, with a note. Folders of masks
        and images outside of class folders are left out, with a note. Where train and test lie
        inside of the class folders, they are the splits.

    Raises
    ------
    DataError
        If the folder is missing, empty, not readable, or holds no class folders.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}; give the folder that holds {_LAYOUT}")
    notes = []
    base = _descend(folder, notes)
    sites = _find_sites(base)
    if sites:
        notes.append(
            f"the folders {', '.join(site.name for site in sites)} hold the same class folders, "
            "and are taken for sites"
        )
    images = [image for site in sites or [base] for image in _list_labelled(site, notes)]
    if not images:
        raise DataError(f"{folder} holds no images in class folders; needed is {_LAYOUT}")
    name = folder.resolve().name
    rows = [_row(path, label, split, base, name) for path, label, split in images]
    if sites:
        rows = [
            _at_site(row, path.relative_to(base).parts[0])
            for row, (path, *_) in zip(rows, images, strict=True)
        ]
    synthetic = (folder / SYNTHETIC_MARKER).is_file()
    further = ("site",) if sites else ()
    return make_dataset(name, rows, [*notes, *note_patients(rows)], synthetic, further)


def has_classes(folder):
    """Return whether a folder holds images in two class folders or more, and none beside them.

    Parameters
    ----------
    folder : pathlib.Path
        May be missing.

    Returns
    -------
    has_classes : bool
    """
    if not folder.is_dir():
        return False
    base = _descend(folder, [])
    return not _note_outside(base) and len({label for _, label, _ in _list_labelled(base, [])}) > 1


def _find_sites(base):
    """Return the folders above class folders that stand for sites; none where there are not two.

    Sites hold folders called alike, of which one is called normal or alike; no site is.
    """
    sites = [path for path in list_subfolders(base) if not is_mask_folder(path)]
    if len(sites) < 2 or any(path.name.lower() in SPLIT_FOLDERS for path in sites):
        return []
    inner = [[path.name for path in list_subfolders(site)] for site in sites]
    every = [name for names in inner for name in names]
    alike = all(names and any(every.count(name) > 1 for name in names) for names in inner)
    classes = any(is_negative(name, every) for name in every)
    return sites if alike and classes and not any(is_negative(p.name) for p in sites) else []


def _list_labelled(base, notes):
    """List images in class folders as (path, label, split); `notes` grows."""
    splits = {path: SPLIT_FOLDERS.get(path.name.lower()) for path in list_subfolders(base)}
    splits = {path: split for path, split in splits.items() if split} or {base: ""}
    if "" not in splits.values():
        notes += _note_copies(base, splits)
    images = []
    for part, split in splits.items():
        notes += _note_outside(part)
        for label in list_subfolders(part):
            if is_mask_folder(label):
                notes.append(_mask_note(label))
                continue
            paths = list_images(label, notes)
            if not paths:
                notes.append(f"{format_location(label)} holds no image")
            images += [(path, label.name, split or _inner_split(label, path)) for path in paths]
    return images


def list_images(folder, notes):
    """List the files below a folder that may be images, in any order.

    Parameters
    ----------
    folder : pathlib.Path
        Searched at every depth.
    notes : list of str
        Grows by what was left out: other endings, masks, symbolic links that lead back.

    Returns
    -------
    paths : list of pathlib.Path

    Raises
    ------
    DataError
        If a folder cannot be listed.
    """
    paths, others = [], set()
    start = Path(os.path.realpath(folder))
    pending = [(folder, {start, *start.parents})]
    while pending:
        current, ancestors = pending.pop()
        for path in _entries(current):
            if path.is_dir():
                real = Path(os.path.realpath(path))
                if real in ancestors:
                    notes.append(
                        f"{format_location(path)} is a symbolic link that leads back: not followed"
                    )
                elif is_mask_folder(path):
                    notes.append(_mask_note(path))
                else:
                    pending.append((path, ancestors | {real}))
            elif (
                path.suffix.lower() in ENDINGS or path.suffix[1:].isdigit()
            ):  # named by a DICOM UID
                paths.append(path)
            else:
                others.add(path)
    if others:
        endings = ", ".join(sorted({path.suffix.lower() for path in others}))
        notes.append(
            f"{format_location(folder)}: {count(len(others), 'file')} that "
            f"{agree(len(others), 'ends/end')} in {endings} {agree(len(others), 'is/are')} left out"
        )
    return _leave_masks_out(folder, paths, notes)


def is_mask_folder(folder):
    """Return whether a folder's name says that it holds masks, as "lung masks" or "ManualMask"."""
    words = [word.lower() for word in _WORDS.findall(folder.name)]
    return any(word in _MASKS for word in words) or "".join(words) == "groundtruth"


def _leave_masks_out(folder, paths, notes):
    """Leave out a.mask.png and a_mask.png where there is an image a.png, and say so."""
    stems = {path.parent / path.stem for path in paths}
    kept = [
        path
        for path in paths
        if not _MASK_ENDING.search(path.stem)
        or path.parent / _MASK_ENDING.sub("", path.stem) not in stems
    ]
    masks = len(paths) - len(kept)
    if masks:
        notes.append(
            f"{format_location(folder)}: {count(masks, 'file')} {agree(masks, 'is/are')} taken for "
            f"{agree(masks, 'a mask/masks')} of the image beside, by name, and left out"
        )
    return kept


def list_files(paths):
    """List every file that may be an image, whatever the folders are called.

    Parameters
    ----------
    paths : sequence of str or path-like
        Files are taken as they are; folders are searched at every depth.

    Returns
    -------
    files : list of str
        Each once; those of a folder in alphabetical order. A file named by the user is always in
        it.

    Raises
    ------
    DataError
        If a folder cannot be listed, or there is no file at all.
    """
    files = []
    for path in map(Path, paths):
        files += (
            sorted(map(format_location, list_images(path, [])))
            if path.is_dir()
            else [format_location(path)]
        )
    if not files:
        raise DataError(
            f"no images below {', '.join(map(str, paths))}; name files, or folders that hold some"
        )
    return list(dict.fromkeys(files))


def note_patients(rows):
    """Return notes on rows whose patient is the path, because nothing else is known."""
    single = sum(path == patient for path, _, _, patient, *_ in rows)
    if single == 0:
        return []
    return [
        f"{single:,} of {len(rows):,} file names {UNKNOWN_PATIENTS}: each image counts "
        "as another patient, so that scores are too good if patients have several images"
    ]


def _mask_note(folder):
    return f"{format_location(folder)} is taken for masks and left out"


def _note_outside(folder):
    """Say how many images lie beside the class folders, where they have no label."""
    beside = [path for path in _entries(folder) if path.suffix.lower() in ENDINGS[:-1]]
    number = sum(not path.is_dir() for path in beside)
    where = f"{agree(number, 'lies/lie')} directly in {format_location(folder)}, in no class folder"
    left = f"and {agree(number, 'is/are')} left out"
    return [f"{count(number, 'image')} {where}, {left}"] if number else []


def _inner_split(label, path):
    """Return the split that the first folder inside of a class folder names, or ""."""
    return SPLIT_FOLDERS.get(path.relative_to(label).parts[0].lower(), "")


def _row(path, label, split, base, source):
    location = format_location(path)
    label, subtype, patient = identify(label, path)
    return location, label, subtype, patient or location, split, source


def _at_site(row, site):
    """A row with its site, which numbers its patients by itself."""
    path, label, subtype, patient, *rest = row
    return path, label, subtype, patient if patient == path else f"{site}/{patient}", *rest, site


def _descend(folder, notes):
    """Go down while there is but one folder beside those of masks, which holds folders itself and
    is no split.
    """
    while True:
        masks = [path for path in list_subfolders(folder) if is_mask_folder(path)]
        inside = [path for path in list_subfolders(folder) if path not in masks]
        if (
            len(inside) != 1
            or inside[0].name.lower() in SPLIT_FOLDERS
            or not list_subfolders(inside[0])
        ):
            return folder
        notes += map(_mask_note, masks)
        folder = inside[0]


def _note_copies(base, splits):
    """Say that folders beside the splits are ignored, unless masks: in Kaggle's archive, a second
    copy of all.
    """
    others = [
        path for path in list_subfolders(base) if path not in splits and not is_mask_folder(path)
    ]
    return [
        f"{format_location(path)} lies beside the split folders and is ignored" for path in others
    ]


def list_subfolders(folder):
    """List the folders in a folder by name, but hidden ones and what macOS adds to archives."""
    return [path for path in _entries(folder) if path.is_dir()]


def _entries(folder):
    """The folder's content by name, without hidden files and what macOS adds to archives."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise DataError(
            f"cannot list the folder {format_location(folder)}: {error.strerror}"
        ) from error
    return [folder / name for name in names if not name.startswith(".") and name != "__MACOSX"]

"""Lungs of files on disk: masks, a table, and an overview of their outlines."""

import csv
import functools
import os
import zlib
from collections import Counter
from typing import NamedTuple

import cv2
import numpy as np
import pandas as pd

from featurex.engine import error_table
from featurex.errors import DataError, ImageError
from featurex.files import check_writable, find_common_folder, name_below, replacing
from featurex.images import read_image
from featurex.images.grey import to_eight_bits
from featurex.lungs import find_lungs

# Grey levels of the right and the left lung in a mask: black is neither.
RIGHT, LEFT = 128, 255
_PLACE = ("path", "mask", "field")
_FACTS = (
    "doubt",
    "contrast",
    "likeness",
    "right_share",
    "left_share",
    "right_field_share",
    "left_field_share",
    "cardiothoracic_ratio",
    "heart_width",
    "thorax_width",
    "heart_doubt",
)
# Folders of the masks of the whole lungs, and of the visible field.
_FOLDERS = ("masks", "field")
# Images on the sheet, images in a row, and the side of each, pixels.
_MAX_PANELS, _ROW, _SIDE = 40, 8, 160
# What common file systems allow for a name.
_MAX_BYTES = 255
# Outlines, as OpenCV orders channels: blue, green, red.
_COLOURS = {RIGHT: (60, 190, 255), LEFT: (255, 170, 70)}
_FIELD_COLOUR = (90, 220, 90)


class Outlined(NamedTuple):
    """What was found of the lungs of many files.

    Parameters
    ----------
    n_images : int
        Rows of lungs.csv.
    doubts : collections.Counter
        How many of them look doubtful, by the reason.
    n_hidden : int
        How many have no cardiothoracic ratio.
    errors : pandas.DataFrame
        A row for each file that could not be read: path, reason and detail.
    """

    n_images: int
    doubts: Counter
    n_hidden: int
    errors: pd.DataFrame


def write_lungs(paths, folder, engine):
    """Find the lungs of every file, and write masks, tables and an overview.

    Parameters
    ----------
    paths : sequence of str
        Images; see `featurex.images.read_image`.
    folder : str or path-like
        Receives masks/NAME.png (the whole lungs: the right one grey, the left white),
        field/NAME.png (the visible field, likewise), lungs.csv, errors.csv and sheet.png (the
        outlines on the first 40 images).
    engine : Engine
        Does the work.

    Returns
    -------
    outlined : Outlined

    Raises
    ------
    DataError
        If the folder cannot be written.

    Notes
    -----
    lungs.csv has a row for each image: path, mask, field, doubt, contrast and likeness (see
    `Lungs`), right_share, left_share, right_field_share and left_field_share (each lung's fraction
    of the image's pixels), cardiothoracic_ratio, heart_width and thorax_width (fractions of the
    image's width), and heart_doubt (see `Heart`): where it is not empty, cardiothoracic_ratio is.
    """
    folder = check_writable(folder)
    for kind in _FOLDERS:
        check_writable(folder / kind)
    root = find_common_folder([os.path.abspath(path) for path in paths])
    names = _MaskNames(root, paths)
    compute = functools.partial(_outline, folder, names)
    with engine.work(paths, compute, {"folder of the images": root}, "Finding lungs") as films:
        rows = _Rows(paths, names, films)
        with (
            replacing(folder / "lungs.csv") as temporary,
            open(temporary, "w", encoding="utf-8", newline="") as file,
        ):
            table = csv.writer(file, lineterminator="\n")
            table.writerow([*_PLACE, *_FACTS])
            table.writerows(rows)
        errors = error_table(films.errors)
        with replacing(folder / "errors.csv") as temporary:
            errors.to_csv(temporary, index=False)
        if rows.first:
            _write_png(folder / "sheet.png", _draw_sheet(folder, rows.first))
        return Outlined(len(films.kept), rows.doubts, rows.n_hidden, errors)


class _Rows:
    """The rows of lungs.csv, which are counted as they are written."""

    def __init__(self, paths, names, films):
        self._paths, self._names, self._films = paths, names, films
        self.first, self.doubts, self.n_hidden = [], Counter(), 0

    def __iter__(self):
        for index, facts in self._films.each(*_FACTS):
            if isinstance(facts, ImageError):
                continue
            path = self._paths[index]
            name = self._names.name(path)
            row = [path, *(f"{kind}/{name}" for kind in _FOLDERS)]
            if len(self.first) < _MAX_PANELS:
                self.first.append(row)
            known = dict(zip(_FACTS, facts, strict=True))
            self.doubts.update([str(known["doubt"])] if known["doubt"] else [])
            self.n_hidden += known["heart_doubt"] != ""
            yield [*row, *("" if fact != fact else fact for fact in facts)]


class _MaskNames:
    """Names of masks: the image's path below the folder that holds all images. They are unique,
    also where the system takes Film.jpeg and film.JPEG for one name.
    """

    def __init__(self, root, paths):
        self._root = root
        counts = Counter(self._name_image(path).casefold() for path in paths)
        self._shared = {name for name, count in counts.items() if count > 1}

    def name(self, path):
        """Name one: by a checksum, too, where only upper and lower case tell it from another, or
        where the system takes no name of that length.
        """
        name = self._name_image(path)
        ending = f"-{zlib.crc32(os.fsencode(name)):08x}.png"
        folders, slash, last = name.rpartition("/")
        if len(os.fsencode(last)) + len(ending) > _MAX_BYTES:
            last = os.fsencode(last)[: _MAX_BYTES - len(ending)].decode(errors="ignore")
        elif name.casefold() not in self._shared:
            ending = ".png"
        return f"{folders}{slash}{last}{ending}"

    def _name_image(self, path):
        return name_below(os.path.abspath(path), self._root)


def _outline(folder, names, paths, images):
    """Write the masks of some images: an array for each of `_FACTS`."""
    rows = []
    for path, image in zip(paths, images, strict=True):
        lungs = find_lungs(image)
        for kind, labels in zip(_FOLDERS, (lungs.labels, lungs.field), strict=True):
            target = folder / kind / names.name(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_png(target, np.choose(labels, np.array([0, RIGHT, LEFT], np.uint8)))
        rows.append(_describe(lungs))
    columns = zip(*rows, strict=True)
    return {name: np.array(facts) for name, facts in zip(_FACTS, columns, strict=True)}


def _describe(lungs):
    """Describe lungs in a row of the table, without its place."""
    shares = [
        round(float((labels == label).mean()), 4)
        for labels in (lungs.labels, lungs.field)
        for label in (1, 2)
    ]
    heart = lungs.heart
    return (
        lungs.doubt,
        round(lungs.contrast, 2),
        round(lungs.likeness, 2),
        *shares,
        np.nan if heart.ratio is None else round(heart.ratio, 3),
        round(heart.width, 4),
        round(heart.thorax, 4),
        heart.doubt,
    )


def _write_png(path, image):
    written, content = cv2.imencode(".png", image)
    if not written:
        raise DataError(f"cannot encode {path} as PNG")
    with replacing(path) as temporary:
        temporary.write_bytes(content.tobytes())


def _draw_sheet(folder, rows):
    """Draw images with the outlines of their lungs, in rows."""
    panels = [_draw_panel(path, [folder / mask for mask in masks]) for path, *masks in rows]
    width = min(_ROW, len(panels))
    panels += [np.zeros_like(panels[0])] * (-len(panels) % width)
    return np.vstack(
        [np.hstack(panels[start : start + width]) for start in range(0, len(panels), width)]
    )


def _draw_panel(path, masks):
    """Draw an image with the outlines of masks; where they agree, those of the first are seen."""
    image = to_eight_bits(
        cv2.resize(read_image(path, size=_SIDE), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    )
    panel = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    for mask in reversed(masks):
        labels = cv2.resize(
            cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE),
            (_SIDE, _SIDE),
            interpolation=cv2.INTER_NEAREST,
        )
        for level, colour in _COLOURS.items():
            outlines, _ = cv2.findContours(
                (labels == level).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
            )
            shade = colour if mask == masks[0] else _FIELD_COLOUR
            cv2.drawContours(panel, outlines, -1, shade, 1)
    return panel

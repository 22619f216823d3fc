"""Lungs of files on disk: masks, a table, and an overview of their outlines."""

import functools
import os

import cv2
import numpy as np
import pandas as pd

from featurex.errors import DataError, ImageError
from featurex.files import check_writable, replacing
from featurex.images import read_image
from featurex.images.grey import to_eight_bits
from featurex.lungs.region import find_lungs
from featurex.parallel import chunks, run_jobs

# Grey levels of the right and the left lung in a mask: black is neither.
RIGHT, LEFT = 128, 255
COLUMNS = (
    "path",
    "mask",
    "field",
    "doubt",
    "contrast",
    "right_share",
    "left_share",
    "right_field_share",
    "left_field_share",
    "cardiothoracic_ratio",
    "heart_width",
    "thorax_width",
    "heart_doubt",
)
_CHUNK = 16
# Folders of the masks of the whole lungs, and of the visible field.
_FOLDERS = ("masks", "field")
# Images on the sheet, images in a row, and the side of each, pixels.
_MAX_PANELS, _ROW, _SIDE = 40, 8, 160
# Outlines, as OpenCV orders channels: blue, green, red.
_COLOURS = {RIGHT: (60, 190, 255), LEFT: (255, 170, 70)}
_FIELD_COLOUR = (90, 220, 90)


def write_lungs(paths, folder, *, n_jobs=1, progress):
    """Find the lungs of every file, and write masks, tables and an overview.

    Parameters
    ----------
    paths : sequence of str
        Images; see `featurex.images.read_image`.
    folder : str or path-like
        Receives masks/NAME.png (the whole lungs: the right one grey, the left white),
        field/NAME.png (the visible field, likewise), lungs.csv, errors.csv and sheet.png (the
        outlines on the first 40 images).
    n_jobs : int
        Worker processes.
    progress : Progress
        Shows how far the work is.

    Returns
    -------
    table : pandas.DataFrame
        A row for each image: path, mask, field, doubt and contrast (see `Lungs`), right_share,
        left_share, right_field_share and left_field_share (each lung's fraction of the image's
        pixels), cardiothoracic_ratio, heart_width and thorax_width (fractions of the image's
        width), and heart_doubt (see `Heart`): where it is not empty, cardiothoracic_ratio is.
    errors : pandas.DataFrame
        A row for each file that could not be read: path, reason and detail.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    folder = check_writable(folder)
    for kind in _FOLDERS:
        check_writable(folder / kind)
    pairs = list(zip(paths, _name_masks(paths), strict=True))
    parts = [pairs[part] for part in chunks(len(pairs), _CHUNK)]
    with progress.stage("Finding lungs", len(parts)) as advance:
        results, _ = run_jobs(
            functools.partial(_write_part, folder), parts, n_jobs, advance, processes=True
        )
    rows = [row for part, _ in results for row in part]
    errors = [(error.path, error.reason, error.detail) for _, part in results for error in part]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    errors = pd.DataFrame(errors, columns=["path", "reason", "detail"])
    for name, frame in (("lungs.csv", table), ("errors.csv", errors)):
        with replacing(folder / name) as temporary:
            frame.to_csv(temporary, index=False)
    if len(table):
        _write_png(folder / "sheet.png", _draw_sheet(folder, table.head(_MAX_PANELS)))
    return table, errors


def _name_masks(paths):
    """Name masks by the images' paths below the folder that holds them all, which are unique."""
    root = os.path.commonpath([os.path.dirname(os.path.abspath(path)) for path in paths])
    return [os.path.relpath(os.path.abspath(path), root) + ".png" for path in paths]


def _write_part(folder, part):
    """Write the masks of some files: rows of the table, and the errors."""
    rows, errors = [], []
    for path, name in part:
        try:
            image = read_image(path)
        except ImageError as error:
            errors.append(error)
            continue
        lungs = find_lungs(image)
        for kind, labels in zip(_FOLDERS, (lungs.labels, lungs.field), strict=True):
            target = folder / kind / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_png(target, np.choose(labels, np.array([0, RIGHT, LEFT], np.uint8)))
        rows.append(_describe(path, name, lungs))
    return rows, errors


def _describe(path, name, lungs):
    """Describe the lungs of a file in a row of the table."""
    shares = [
        round(float((labels == label).mean()), 4)
        for labels in (lungs.labels, lungs.field)
        for label in (1, 2)
    ]
    heart = lungs.heart
    ratio = None if heart.ratio is None else round(heart.ratio, 3)
    return (
        path,
        *(f"{kind}/{name}" for kind in _FOLDERS),
        lungs.doubt,
        round(lungs.contrast, 2),
        *shares,
        ratio,
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


def _draw_sheet(folder, table):
    """Draw images with the outlines of their lungs, in rows."""
    panels = [
        _draw_panel(row.path, [folder / row.mask, folder / row.field]) for row in table.itertuples()
    ]
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

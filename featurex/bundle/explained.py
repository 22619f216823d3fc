"""One image with everything that raised or lowered its score."""

from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd

from featurex.explanation import (
    MAP_SIDE,
    explain,
    family_of,
    group_columns,
    locate_columns,
    map_image,
)
from featurex.images.grey import to_eight_bits
from featurex.images.shrink import fit_size

# Grey levels that hardly vary among the training images are not called unusual for a level or two.
_MIN_DEVIATION = 4.0
# Longer side of the image as read, pixels.
_LONGEST = 512


@dataclass(frozen=True)
class ExplainedImage:
    """Why a model gives one image its score.

    Parameters
    ----------
    path : str
        The image file.
    score : float
        The probability of `target`.
    target : str
        The class whose score is explained: the positive one of two, the decided one of three.
    base : float
        Log-odds of the score without anything known of the image.
    columns : pandas.DataFrame
        name, family, region, value, usual (mean of the training images), deviations (how many
        standard deviations above it) and contribution (to the log-odds); the strongest first. base
        + their sum = log-odds of the score.
    regions : pandas.DataFrame
        name, share (fraction of the prepared image), contribution (of columns with a place),
        brightness (standard deviations above what is usual there).
    original, prepared : uint8 array of shape (rows, columns)
        The image as read, in its own shape and at most 512 pixels long; and as the extractors get
        it.
    labels : uint8 array of the shape of the prepared image
        Its lungs; see `featurex.lungs.Lungs`.
    inside : float
        Fraction of `heat`, whether it raises or lowers the score, that lies in the lungs.
    heat : float array, shape (MAP_SIDE, MAP_SIDE)
        Contributions by place.
    unusual : float array, shape (MAP_SIDE, MAP_SIDE)
        Standard deviations by which the prepared image is brighter than the training images.
    """

    path: str
    score: float
    target: str
    base: float
    columns: pd.DataFrame
    regions: pd.DataFrame
    original: np.ndarray
    prepared: np.ndarray
    labels: np.ndarray
    inside: float
    heat: np.ndarray
    unusual: np.ndarray


def explain_image(model, path, image):
    """Explain the score of one image.

    Parameters
    ----------
    model : Model
        The model that scores it.
    path : str
        The image file, for the page.
    image : array of shape (rows, columns)
        As read.

    Returns
    -------
    explained : ExplainedImage
    """
    scoring = model.scoring
    resized = scoring.first.transform([image])
    prepared, _ = scoring.prepare(resized)
    values = scoring.extract(prepared)
    probabilities = scoring.scorer.predict_proba(values)[0]
    target = 1 if len(model.classes) == 2 else int(probabilities.argmax())
    names = list(model.manifest.columns)
    places = locate_columns(names)
    contributions = explain(
        scoring.scorer, values, scoring.typical.mean, group_columns(names, places), target
    )
    mapped = map_image(prepared[0], contributions.columns[0], places)
    unusual = _unusual(np.ma.getdata(prepared[0]), model.usual)
    return ExplainedImage(
        path=path,
        score=float(probabilities[target]),
        target=model.classes[target],
        base=contributions.base,
        columns=_column_table(
            names, places, values[0], scoring.typical, contributions.columns[0], mapped.regions
        ),
        regions=_region_table(mapped.regions, mapped.heat, unusual),
        original=_shrink(image),
        prepared=mapped.grey,
        labels=mapped.labels,
        inside=mapped.inside,
        heat=mapped.heat,
        unusual=unusual,
    )


def _shrink(image):
    image = np.ma.getdata(image)
    if max(image.shape) > _LONGEST:
        size = fit_size(image.shape, _LONGEST)
        image = cv2.resize(np.ascontiguousarray(image), size, interpolation=cv2.INTER_AREA)
    return to_eight_bits(image)


def _column_table(names, places, values, typical, contributions, regions):
    deviation = np.where(typical.deviation > 0, typical.deviation, np.inf)
    table = pd.DataFrame(
        {
            "name": names,
            "family": [family_of(name) for name in names],
            "region": _main_regions(places, regions),
            "value": values,
            "usual": typical.mean,
            "deviations": (values - typical.mean) / deviation,
            "contribution": contributions,
        }
    )
    return table.sort_values(
        "contribution", key=np.abs, ascending=False, ignore_index=True, kind="stable"
    )


def _main_regions(places, regions):
    """The region at the middle of each column's rectangle; "" where it is the whole image, or no
    place.
    """
    numbers = np.zeros((MAP_SIDE, MAP_SIDE), int)
    for number, mask in enumerate(regions.values()):
        numbers[mask] = number
    names = list(regions)
    main = []
    for top, left, bottom, right in places:
        if np.isnan(top) or bottom - top > 0.5:
            main.append("")
            continue
        row, column = (
            int((low + high) / 2 * MAP_SIDE) for low, high in ((top, bottom), (left, right))
        )
        main.append(names[numbers[row, column]])
    return main


def _region_table(regions, heat, unusual):
    rows = [
        (name, mask.mean(), heat[mask].sum(), unusual[mask].mean() if mask.any() else 0.0)
        for name, mask in regions.items()
    ]
    return pd.DataFrame(rows, columns=["name", "share", "contribution", "brightness"])


def _unusual(prepared, usual):
    side = usual.shape[1]
    small = cv2.resize(prepared.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    scale = np.iinfo(prepared.dtype).max / 255 if prepared.dtype.kind == "u" else 1 / 255
    deviations = (small - usual[0]) / np.maximum(usual[1], _MIN_DEVIATION * scale)
    return cv2.resize(deviations, (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_LINEAR)

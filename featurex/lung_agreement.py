"""How well the lungs that were found agree with masks of one's own."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from featurex.datasets.masks import find_masks
from featurex.errors import DataError, ImageError
from featurex.files import replacing
from featurex.images import MaskedPath, read_image
from featurex.images.mask import read_masked

AGREEMENT = "agreement.csv"
# Of lungs.csv: the files of both outlines; and what comes before their measures.
_OUTLINES = {"mask": "", "field": "field_"}
_NAMES = ("dice", "jaccard")
_MEASURES = ("dice", "jaccard", "field_dice", "field_jaccard")


class Agreement(NamedTuple):
    """Lungs that were found beside masks of one's own.

    Parameters
    ----------
    table : pandas.DataFrame
        A row for each image with a mask: path, mask, dice and jaccard (of the whole lungs),
        field_dice and field_jaccard (of the visible field), and the reason where the mask could not
        be used.
    n_without : int
        Images without a mask, or with several that fit as well.
    """

    table: pd.DataFrame
    n_without: int

    def summarise(self):
        """Say how many images were compared, and the mean and the 5th percentile of each outline's
        coefficients: list of str.
        """
        used = self.table[self.table["reason"] == ""]
        lines = [
            f"{len(used)} compared with masks; {self.n_without} without a mask, "
            f"{len(self.table) - len(used)} with one that cannot be used"
        ]
        for outline, prefix in (("whole lungs", ""), ("visible field", "field_")):
            parts = [f"{name.capitalize()} {_tell(used[prefix + name])}" for name in _NAMES]
            lines += [f"{outline}: {', '.join(parts)}"] * bool(len(used))
        return lines


def compare_with_masks(folder, masks, label=None):
    """Compare lungs that were found with masks of one's own, and write agreement.csv.

    Parameters
    ----------
    folder : str or path-like
        As `featurex.lung_files.write_lungs` has filled it.
    masks : str or path-like
        A folder of masks, which are called as the images; see `featurex.datasets.add_masks`.
    label : int, "any" or None
        Which value of a mask is inside; see `featurex.images.MaskedPath`.

    Returns
    -------
    agreement : Agreement

    Raises
    ------
    DataError
        If there is no such folder, or no image has a mask there.
    """
    folder = Path(folder)
    found = pd.read_csv(folder / "lungs.csv", keep_default_na=False)
    own, _ = find_masks(found["path"].tolist(), masks)
    rows = [
        _compare(folder, row, MaskedPath(row["path"], mask, label))
        for row, mask in zip(found.to_dict("records"), own, strict=True)
        if mask
    ]
    if not rows:
        raise DataError(
            f"none of {len(found):,} images has a mask in {masks}; masks are called as their "
            "images, as a.png or a_mask.png for a.jpeg"
        )
    table = pd.DataFrame(rows)
    with replacing(folder / AGREEMENT) as temporary:
        table.to_csv(temporary, index=False)
    return Agreement(table, len(found) - len(rows))


def measure_overlap(inside, other):
    """Measure how well two regions agree.

    Parameters
    ----------
    inside, other : bool array of one shape
        True inside; at least one of them is somewhere.

    Returns
    -------
    dice, jaccard : float
        Dice's coefficient and Jaccard's index, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> measure_overlap(np.array([1, 1, 0, 0], bool), np.array([0, 1, 1, 1], bool))
    (0.4, 0.25)
    """
    both, total = int((inside & other).sum()), int(inside.sum()) + int(other.sum())
    return 2 * both / total, both / (total - both)


def _tell(values):
    return f"{values.mean():.3f} (5th percentile {values.quantile(0.05):.3f})"


def _compare(folder, row, path):
    """Compare both outlines of an image with its mask: a row of the table."""
    known = {"path": str(path), "mask": path.mask}
    try:
        measures = {}
        for column, prefix in _OUTLINES.items():
            outline = read_image(str(folder / row[column]))
            own = ~np.ma.getmaskarray(read_masked(path, outline, read_image))
            dice, jaccard = measure_overlap(outline > 0, own)
            measures |= {f"{prefix}dice": round(dice, 4), f"{prefix}jaccard": round(jaccard, 4)}
    except ImageError as error:
        return {**known, **dict.fromkeys(_MEASURES, np.nan), "reason": error.detail}
    return {**known, **measures, "reason": ""}

"""Images that are nearly the same: saved again, brightened, cropped a little, or mirrored."""

import cv2
import numpy as np
import pandas as pd

# Pixels a side, and the blur that is subtracted, in pixels: what remains are ribs, vessels and
# organs, not brightness.
_SIDE, _BLUR = 32, 4
# Among the 5,216 radiographs of 224 px in Kermany's training set equal ones reach 1, and the most
# alike of two patients .961 (.936 when one is mirrored).
_ALIKE = 0.98
# Rows of the correlation matrix at a time: 1,024 x 100,000 take 400 MB.
_ROWS = 1024


def find_near_duplicates(dataset, survey):
    """List pairs of images whose pictures correlate almost perfectly, though their files differ.

    Parameters
    ----------
    dataset : Dataset
        The images, their labels, patients and splits.
    survey : FileSurvey
        What is known of its files, with their small pictures.

    Returns
    -------
    pairs : pandas.DataFrame
        path_a, path_b, correlation (0.98 to 1), mirrored, and label, patient and split of both
        (label_a, label_b ...); the most alike first.
    """
    table = dataset.table.assign(checksum=survey.facts["checksum"])[survey.readable].reset_index(
        drop=True
    )
    pictures = survey.thumbnails[survey.readable]
    plain, mirrored = describe_pictures(pictures), describe_pictures(pictures[:, :, ::-1])
    alike = [
        (first, second, float(value), is_mirrored)
        for is_mirrored, others in ((False, plain), (True, mirrored))
        for first, second, value in _pairs_alike(plain, others)
        if table["checksum"][first] != table["checksum"][second]
    ]
    columns = ["path", "label", "patient", "split"]
    first, second = (
        table.loc[[pair[side] for pair in alike], columns].reset_index(drop=True).add_suffix(suffix)
        for side, suffix in ((0, "_a"), (1, "_b"))
    )
    pairs = pd.concat([first, second], axis=1)
    pairs["correlation"] = np.array([pair[2] for pair in alike], np.float64)
    pairs["mirrored"] = np.array([pair[3] for pair in alike], bool)
    return pairs.sort_values("correlation", ascending=False, ignore_index=True)


def describe_pictures(pictures):
    """Compute the middle frequencies of pictures, as unit vectors: their products are correlations.

    Parameters
    ----------
    pictures : sequence of n uint8 arrays of shape (rows, columns)
        Of any sizes.

    Returns
    -------
    vectors : float32 array, shape (n, 1024)
        Zero for a picture of one grey level.
    """
    vectors = np.empty((len(pictures), _SIDE * _SIDE), np.float32)
    for vector, picture in zip(vectors, pictures, strict=True):
        small = cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        small -= cv2.GaussianBlur(small, (0, 0), _BLUR)
        vector[:] = (small - small.mean()).ravel()
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-6)


def _pairs_alike(vectors, others):
    """Yield (first, second, correlation) with first < second."""
    for start in range(0, len(vectors), _ROWS):
        correlations = vectors[start : start + _ROWS] @ others[start:].T
        for row, column in zip(*np.nonzero(correlations > _ALIKE), strict=True):
            if row < column:
                yield start + row, start + column, correlations[row, column]

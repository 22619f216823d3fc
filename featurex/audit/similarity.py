"""Images that are nearly the same: saved again, brightened, cropped a little, or mirrored."""

import cv2
import numpy as np
import pandas as pd

from featurex.parallel import chunks

# Pixels a side, and the blur that is subtracted, in pixels: what remains are ribs, vessels and
# organs, not brightness.
_SIDE, _BLUR = 32, 4
# Among the 5,216 radiographs of 224 px in Kermany's training set equal ones reach 1, and the most
# alike of two patients .961 (.936 when one is mirrored).
_ALIKE = 0.98
# Rows and columns of the correlation matrix, and pictures, at a time.
_ROWS, _READ = 2048, 512


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
    alike = [
        (first, second, float(value), is_mirrored)
        for first, second, value, is_mirrored in _pairs_alike(survey)
        if table["checksum"][first] != table["checksum"][second]
    ]
    # Plain pairs first, as where an image is its own mirror image.
    alike.sort(key=lambda pair: (pair[3], pair[0], pair[1]))
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
        Of any sizes; some are read at a time, as they may lie on disk. Masks do not count.

    Returns
    -------
    vectors : float32 array, shape (n, 1024)
        Zero for a picture of one grey level.
    """
    vectors = np.empty((len(pictures), _SIDE * _SIDE), np.float32)
    for part in chunks(len(pictures), _READ):
        for vector, picture in zip(vectors[part], pictures[part], strict=True):
            small = cv2.resize(np.ma.getdata(picture), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
            small = small.astype(np.float32)
            small -= cv2.GaussianBlur(small, (0, 0), _BLUR)
            vector[:] = (small - small.mean()).ravel()
        vectors[part] /= np.maximum(np.linalg.norm(vectors[part], axis=1, keepdims=True), 1e-6)
    return vectors


def _pairs_alike(survey):
    """Yield (first, second, correlation, mirrored) with first < second; two blocks of images are in
    memory at a time.
    """
    blocks = chunks(len(survey.pictures), _ROWS)
    for number, rows in enumerate(blocks):
        some = {
            False: survey.looks[rows],
            True: describe_pictures(survey.pictures[rows][:, :, ::-1]),
        }
        for columns in blocks[number:]:
            others = survey.looks[columns]
            for is_mirrored, vectors in some.items():
                correlations = vectors @ others.T
                for row, column in zip(*np.nonzero(correlations > _ALIKE), strict=True):
                    first, second = rows.start + row, columns.start + column
                    if first < second:
                        yield first, second, correlations[row, column], is_mirrored

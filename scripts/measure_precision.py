"""Measure every claim of agreement with scikit-image on radiographs of full size.

    python scripts/measure_precision.py FOLDER --images 8

Prints the table of docs/principles.md: what is claimed, and the largest difference that was met.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from skimage import feature

from featurex import read_image
from featurex.compat import skimage as ours
from featurex.datasets import list_files

ANGLES = (0, np.pi / 4, np.pi / 2, 3 * np.pi / 4)


def measure_hog(image, cell):
    """The largest difference over all norms, of one size of cells."""
    options = {"pixels_per_cell": (cell, cell), "cells_per_block": (2, 2)}
    return max(
        np.abs(
            ours.hog(image, block_norm=norm, **options)
            - feature.hog(image, block_norm=norm, **options)
        ).max()
        for norm in ("L1", "L2", "L2-Hys")
    )


def measure_patterns(image):
    """The largest difference of codes, of a usual and an odd radius."""
    return max(
        np.abs(
            ours.local_binary_pattern(image, points, radius, "uniform")
            - feature.local_binary_pattern(image, points, radius, "uniform")
        ).max()
        for points, radius in ((8, 1), (16, 2.1))
    )


def measure_counts(image):
    """The largest difference of counts of pairs of levels."""
    matrices = (
        module.graycomatrix(image, [1, 2], ANGLES, 256, symmetric=True)
        for module in (ours, feature)
    )
    first, second = (np.asarray(matrix, np.int64) for matrix in matrices)
    return np.abs(first - second).max()


def measure_properties(image):
    """The largest relative difference of properties of a normalised matrix."""
    matrix = feature.graycomatrix(image, [1], ANGLES, 256, symmetric=True, normed=True)
    names = "contrast", "dissimilarity", "homogeneity", "ASM", "energy", "correlation"
    pairs = ((ours.graycoprops(matrix, name), feature.graycoprops(matrix, name)) for name in names)
    return max(np.abs(found / expected - 1).max() for found, expected in pairs)


CLAIMS = {
    "`hog`, cells of 16 pixels, 8 bits": (2e-6, lambda image: measure_hog(image, 16)),
    "`hog`, cells of 16 pixels, divided by 255": (2e-6, lambda image: measure_hog(image / 255, 16)),
    "`hog`, cells of 128 pixels, 8 bits": (2e-5, lambda image: measure_hog(image, 128)),
    "`local_binary_pattern`, codes": (0, measure_patterns),
    "`graycomatrix`, counts": (0, measure_counts),
    "`graycoprops`, relative": (1e-9, measure_properties),
}


def main():
    """Measure, and print a table; 1 where a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=8, help="evenly over the folder")
    arguments = parser.parse_args()
    paths = list_files([arguments.folder])
    chosen = np.linspace(0, len(paths) - 1, min(arguments.images, len(paths))).astype(int)
    images = [read_image(paths[index]) for index in chosen]
    print("| what | claimed | largest |\n|---|---|---|")
    held = True
    for what, (claimed, measure) in CLAIMS.items():
        largest = float(max(map(measure, images)))
        held = held and largest <= claimed
        print(
            f"| {what} | {claimed:.0e} | {largest:.1e} |"
            if claimed
            else f"| {what} | 0 | {largest:g} |"
        )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

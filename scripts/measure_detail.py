"""Print how strong detail is at every scale in the radiographs of one hospital and the next.

Usage: python scripts/measure_detail.py FOLDER [FOLDER ...] [--most 500]

A line for each folder: the standard deviation of each octave as a fraction of the coarsest one's,
from fine to coarse, of aligned and equalised images (geometric means). docs/elsewhere.md has
results.
"""

import click
import numpy as np

from featurex import Align, Equalize, Preprocess
from featurex.datasets import list_files
from featurex.harmonize import split_octaves
from featurex.images import read_image


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False))
@click.option("--most", type=click.IntRange(1), help="Most radiographs of one folder, by chance.")
def main(folders, most):
    """Print a line for each folder."""
    for folder in folders:
        paths = list_files([folder])
        chosen = np.random.default_rng(0).permutation(len(paths))[:most]
        fractions = np.stack([measure_octaves(read_image(paths[index])) for index in chosen])
        means = np.exp(np.log(np.maximum(fractions, 1e-6)).mean(axis=0))
        click.echo(f"{folder}: {len(chosen)} images, {' '.join(f'{mean:.3f}' for mean in means)}")


def measure_octaves(image):
    """Measure the octaves of one image, from fine to coarse: float array."""
    images = [image]
    for step in (Preprocess(224), Align(), Equalize()):
        images = step.fit_transform(images)
    bands, base = split_octaves(images[0].astype(np.float32))
    return np.array([band.std() for band in bands]) / base.std()


if __name__ == "__main__":
    main()

"""Fit the landmark cascade that finds lungs, and score it on patients it has not seen.

Usage: python scripts/train_lungs.py IMAGES MASKS --out cascade.npz [--held-out 0.3]

IMAGES is a data set as for `featurex benchmark`. MASKS is a folder with one PNG for each image, of
the same name, in any subfolder; it is black outside the lungs. With --held-out that fraction of the
patients is not learnt from; the Dice coefficient of their images is printed.

featurex/lungs/cascade.npz was made by
    python scripts/train_lungs.py chest_xray lung_masks --out featurex/lungs/cascade.npz
"""

import sys
import time
from pathlib import Path

import click
import cv2
import numpy as np

from featurex.datasets import load_dataset
from featurex.images import read_image
from featurex.lungs import fill_outlines, trace_outlines
from featurex.lungs.inputs import IMAGE_SIDE
from featurex.lungs.training import fit_cascade
from featurex.parallel import serial_libraries


@click.command()
@click.argument("images")
@click.argument("masks", type=click.Path(exists=True, file_okay=False))
@click.option("--out", type=click.Path(dir_okay=False), required=True)
@click.option(
    "--held-out",
    type=click.FloatRange(0, 0.9),
    default=0.0,
    show_default=True,
    help="Fraction of the patients.",
)
@click.option("--seed", default=0, show_default=True)
def main(images, masks, out, held_out, seed):
    """Fit a cascade, write it, and score it on the patients held out."""
    table, radiographs, outlines, regions = read_pairs(images, masks)
    patients = table["patient"].to_numpy()
    names = np.random.default_rng(seed).permutation(np.unique(patients))
    aside = np.isin(patients, names[: round(held_out * len(names))])
    learnt = np.flatnonzero(~aside)
    start = time.perf_counter()
    cascade = fit_cascade(
        [radiographs[i] for i in learnt], outlines[learnt], patients[learnt], seed=seed
    )
    cascade.save(out)
    click.echo(
        f"{out}: {len(learnt)} radiographs in {time.perf_counter() - start:.0f} s, "
        f"{Path(out).stat().st_size:,} bytes"
    )
    if aside.any():
        score(
            cascade,
            [radiographs[i] for i in np.flatnonzero(aside)],
            regions[aside],
            table["subtype"].to_numpy()[aside],
        )


def read_pairs(images, masks):
    """Read every image that has a mask with two lungs.

    Parameters
    ----------
    images : str
        A data set.
    masks : str
        A folder of PNG files.

    Returns
    -------
    table : pandas.DataFrame
        The rows of the data set.
    radiographs : list of arrays
    outlines : array, shape (n, 104, 2)
        Landmarks.
    regions : bool array, shape (n, 224, 224)
        The masks.
    """
    table = load_dataset(images).table
    known = {path.stem: path for path in Path(masks).rglob("*.png")}
    stems = [Path(path).stem for path in table["path"]]
    rows, radiographs, outlines, regions = [], [], [], []
    for row, stem in enumerate(stems):
        if stem not in known:
            continue
        mask = read_image(known[stem])
        outline = trace_outlines(mask)
        if outline is None:
            click.echo(f"{known[stem]} does not show two lungs; left out", err=True)
            continue
        rows.append(row)
        radiographs.append(read_image(table["path"][row], size=IMAGE_SIDE))
        outlines.append(outline)
        regions.append(
            cv2.resize(
                (mask > 0).astype(np.float32),
                (IMAGE_SIDE, IMAGE_SIDE),
                interpolation=cv2.INTER_AREA,
            )
            > 0.5
        )
    if not rows:
        sys.exit(f"no PNG below {masks} has the name of an image of {images}")
    return table.iloc[rows], radiographs, np.stack(outlines), np.stack(regions)


def score(cascade, radiographs, regions, subtypes):
    """Print the Dice coefficient of all images and of each subtype, and the time an image takes."""
    with serial_libraries():
        start = time.process_time()
        predicted = [
            fill_outlines(cascade.find(radiograph), (IMAGE_SIDE, IMAGE_SIDE)) > 0
            for radiograph in radiographs
        ]
    spent = 1e3 * (time.process_time() - start) / len(radiographs)
    dice = np.array(
        [2 * (a & b).sum() / (a.sum() + b.sum()) for a, b in zip(predicted, regions, strict=True)]
    )
    click.echo(
        f"Dice of {len(radiographs)} held-out images: {dice.mean():.4f}, 5th percentile "
        f"{np.percentile(dice, 5):.4f}"
    )
    for subtype in np.unique(subtypes):
        click.echo(f"  {subtype}: {dice[subtypes == subtype].mean():.4f}")
    click.echo(f"{spent:.2f} ms an image")


if __name__ == "__main__":
    main()

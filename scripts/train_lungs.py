"""Fit the landmark cascade that finds lungs, and score it on patients it has not seen.

Usage: python scripts/train_lungs.py --whole IMAGES MASKS COPIES --field IMAGES MASKS COPIES
           --out cascade.npz [--held-out 0.3] [--most 500]

--whole and --field may be given several times: masks of the whole lungs, which count the lung
behind the heart, and masks of the visible field. IMAGES is a folder of radiographs; MASKS one with
a PNG for each of them, of the same name, in any subfolder, black outside the lungs. A table
labels.csv in IMAGES (columns path and patient) says which images are of one patient; without it the
names do, as for `featurex benchmark`, and otherwise each image is a patient. COPIES is how many
copies in other framings are added of each: more give a few films more weight.

The Dice coefficients that are printed are those of four-fold cross-validation, grouped by patient.
With --held-out that fraction of the patients is not learnt from at all; their images are scored
afterwards, as they are and turned, zoomed, shifted, darkened, brightened and with noise. With
--most that many radiographs of each folder are taken at most, by chance: a quick look.

featurex/lungs/cascade.npz was made by
    python scripts/train_lungs.py --whole chest_xray lung_masks 1
        --whole adult_lungs/whole adult_lungs/whole/masks 6
        --field adult_lungs/field adult_lungs/field/masks 5 --out featurex/lungs/cascade.npz
"""

import sys
import time
from pathlib import Path
from typing import NamedTuple

import click
import cv2
import numpy as np
import pandas as pd

from featurex.datasets import list_files, load_dataset
from featurex.errors import DataError
from featurex.images import read_image
from featurex.images.resize import resize
from featurex.lungs import fill_outlines, trace_outlines, warp_image
from featurex.lungs.inputs import IMAGE_SIDE
from featurex.lungs.outline import FIELD, OUTLINES, WHOLE, place_outline
from featurex.lungs.training import fit_cascade
from featurex.parallel import serial_libraries

_SOURCE = (click.Path(exists=True, file_okay=False), click.Path(exists=True), int)
_SHAPE = (IMAGE_SIDE, IMAGE_SIDE)


class Film(NamedTuple):
    """One radiograph at the working size, with its mask: `group` is the folder that it is from."""

    image: np.ndarray
    mask: np.ndarray
    landmarks: np.ndarray
    patient: str
    kind: str
    group: str
    copies: int


@click.command()
@click.option("--whole", type=_SOURCE, multiple=True, help="IMAGES MASKS COPIES: whole lungs.")
@click.option("--field", type=_SOURCE, multiple=True, help="IMAGES MASKS COPIES: visible field.")
@click.option("--out", type=click.Path(dir_okay=False), required=True)
@click.option("--held-out", type=click.FloatRange(0, 0.9), default=0.0, show_default=True)
@click.option("--most", type=click.IntRange(1), help="Most radiographs of one folder.")
@click.option("--seed", default=0, show_default=True)
def main(whole, field, out, held_out, most, seed):
    """Fit a cascade, write it, and print Dice coefficients."""
    if not whole or not field:
        sys.exit("give --whole and --field: the cascade learns both outlines")
    films = [film for source in whole for film in read_films(*source, WHOLE, most)]
    films += [film for source in field for film in read_films(*source, FIELD, most)]
    patients = np.array([film.patient for film in films])
    names = np.random.default_rng(seed).permutation(np.unique(patients))
    aside = np.isin(patients, names[: round(held_out * len(names))])
    learnt = [film for film, held in zip(films, aside, strict=True) if not held]
    start = time.perf_counter()
    fit = fit_cascade(
        [film.image for film in learnt],
        np.stack([film.landmarks for film in learnt]),
        [film.patient for film in learnt],
        [film.copies for film in learnt],
        seed=seed,
    )
    fit.cascade.save(out)
    click.echo(
        f"{out}: {len(learnt)} radiographs in {time.perf_counter() - start:.0f} s, "
        f"{Path(out).stat().st_size:,} bytes"
    )
    click.echo("cross-validated, as they are:")
    print_dice(learnt, fit.unseen)
    kept = [film for film, held in zip(films, aside, strict=True) if held]
    if kept:
        score(fit.cascade, kept, np.random.default_rng(seed))


def read_films(images, masks, copies, kind, most=None):
    """Read the images of a folder that have a mask with two lungs: list of Film, at most `most`."""
    folder, masks = Path(images), Path(masks)
    known = {path.stem: path for path in masks.rglob("*.png")}
    patients = read_patients(folder)
    paths = [Path(name) for name in list_files([str(folder)])]
    paths = [path for path in paths if path.stem in known and masks not in path.parents]
    chosen = np.sort(np.random.default_rng(0).permutation(len(paths))[:most])
    films = []
    for path in (paths[index] for index in chosen):
        mask = read_image(known[path.stem]) > 0
        outline = trace_outlines(mask)
        if outline is None:
            click.echo(f"{known[path.stem]} does not show two lungs; left out", err=True)
            continue
        films.append(
            Film(
                resize(read_image(path), IMAGE_SIDE),
                cv2.resize(mask.astype(np.float32), _SHAPE, interpolation=cv2.INTER_AREA) > 0.5,
                place_outline(outline, kind),
                f"{folder}:{patients.get(path.stem, path.stem)}",
                kind,
                f"{kind}: {folder}",
                copies,
            )
        )
    if not films:
        sys.exit(f"no PNG below {masks} has the name of an image of {images}")
    return films


def read_patients(folder):
    """Read which images of a folder are of one patient: dict of stem to patient."""
    if (folder / "labels.csv").is_file():
        table = pd.read_csv(folder / "labels.csv", dtype=str)
    else:
        try:
            table = load_dataset(folder).table
        except DataError:
            return {}
    if "patient" not in table:
        return {}
    return {Path(row.path).stem: row.patient for row in table.itertuples()}


def print_dice(films, landmarks):
    """Print the Dice coefficients of each group: mean, and 5th percentile."""
    dice = np.array([measure_dice(*pair) for pair in zip(films, landmarks, strict=True)])
    groups = np.array([film.group for film in films])
    for group in np.unique(groups):
        of_group = dice[groups == group]
        click.echo(
            f"  {group}: {len(of_group)} images, Dice {of_group.mean():.4f}, 5th percentile "
            f"{np.percentile(of_group, 5):.4f}"
        )


def measure_dice(film, landmarks):
    """Measure the Dice coefficient of one image, by the outline that its mask shows."""
    found = fill_outlines(landmarks[getattr(OUTLINES, film.kind)], _SHAPE) > 0
    return 2 * (found & film.mask).sum() / (found.sum() + film.mask.sum())


def score(cascade, films, rng):
    """Print the Dice coefficients of films held out, disturbed in several ways; and the time."""
    for name, (matrix, change) in make_disturbances(rng).items():
        disturbed = [
            film._replace(
                image=change(warp_image(film.image, matrix)),
                mask=warp_image(film.mask.astype(np.float32), matrix) > 0.5,
            )
            for film in films
        ]
        with serial_libraries():
            start = time.process_time()
            found = [cascade.find(film.image) for film in disturbed]
            spent = 1e3 * (time.process_time() - start) / len(films)
        click.echo(f"held out, {name} ({spent:.2f} ms an image):")
        print_dice(disturbed, found)


def make_disturbances(rng):
    """Make what films are disturbed by: dict of name to (map, change of grey levels)."""
    turn = np.deg2rad(15)
    linear = {
        "as they are": np.eye(2),
        "turned by 15 degrees": np.array(
            [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
        ),
        "zoomed to 80 %": np.eye(2) / 0.8,
        "zoomed to 120 %": np.eye(2) / 1.2,
    }
    middle = np.array([0.5, 0.5])
    maps = {
        name: np.column_stack([matrix, middle - matrix @ middle]) for name, matrix in linear.items()
    }
    still = maps["as they are"]
    shifted = still + np.array([[0, 0, 0.08], [0, 0, -0.08]])

    def add_noise(image):
        return np.clip(image + rng.normal(0, 15, image.shape), 0, 255).astype(np.uint8)

    return {
        **{name: (matrix, lambda image: image) for name, matrix in maps.items()},
        "shifted by 8 %": (shifted, lambda image: image),
        "gamma 0.5": (still, lambda image: apply_gamma(image, 0.5)),
        "gamma 2": (still, lambda image: apply_gamma(image, 2.0)),
        "noise of 15 levels": (still, add_noise),
    }


def apply_gamma(image, gamma):
    """Raise grey levels of 8 bits to a power."""
    return np.round(255 * (image / 255.0) ** gamma).astype(np.uint8)


if __name__ == "__main__":
    main()

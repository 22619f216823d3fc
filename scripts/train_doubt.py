"""Fit the model by which `find_lungs` doubts that an image shows a chest, and score it.

Usage: python scripts/train_doubt.py --chests IMAGES MASKS COPIES ... --out chest.npz

--chests may be given several times: folders of frontal radiographs with lung masks, as for
scripts/train_lungs.py; COPIES is how many copies in other framings and appearances are added of
each. What is no chest is drawn, and made from these radiographs; see non_chests.py. The fractions
that are printed are of patients, and of whole kinds of other images, that were left out.

featurex/lungs/chest.npz was made by
    python scripts/train_doubt.py --most 1000 --drawings 120 --chests chest_xray lung_masks 1
        --chests adult_lungs/whole adult_lungs/whole/masks 6
        --chests adult_lungs/field adult_lungs/field/masks 4 --out featurex/lungs/chest.npz
"""

import click
import cv2
import numpy as np
from non_chests import DRAWN, SIDE, SPOILT, draw_non_chest, spoil_chest
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from train_lungs import read_films

from featurex.files import replacing
from featurex.lungs.cascade import default_cascade
from featurex.lungs.inputs import compute_inputs, smooth_image
from featurex.lungs.outline import WHOLE

_SOURCE = (click.Path(exists=True, file_okay=False), click.Path(exists=True), int)
_FOLDS = 4
# Principal components of the inputs, and the inverse of the penalty.
_COMPONENTS, _STRENGTH = 150, 0.03
CHEST, COPY = "chest", "chest, disturbed"


@click.command()
@click.option("--chests", type=_SOURCE, multiple=True, required=True, help="IMAGES MASKS COPIES.")
@click.option("--most", default=1500, show_default=True, help="Most radiographs of one folder.")
@click.option("--drawings", default=150, show_default=True, help="Of each kind.")
@click.option("--out", type=click.Path(dir_okay=False), required=True)
@click.option("--seed", default=0, show_default=True)
def main(chests, most, drawings, out, seed):
    """Fit a model, write it, and print what it doubts of what it has not seen."""
    rng = np.random.default_rng(seed)
    examples = []
    for source in chests:
        films = read_films(*source, WHOLE)
        chosen = [films[index] for index in rng.permutation(len(films))[:most]]
        examples += [example for film in chosen for example in _from_film(film, len(chosen), rng)]
    for kind in DRAWN:
        for number in range(drawings):
            examples.append((kind, f"{kind} {number}", draw_non_chest(kind, rng)))
    kinds, patients = (np.array(column) for column in list(zip(*examples, strict=True))[:2])
    inputs = np.stack([_measure(image) for _, _, image in examples])
    weights = fit(inputs, np.isin(kinds, (CHEST, COPY)))
    with replacing(out) as temporary, open(temporary, "wb") as stream:
        np.savez_compressed(stream, weights=weights.astype(np.float16))
    _print_doubted(inputs, kinds, patients, rng)


def _from_film(film, n_films, rng):
    """Examples of one radiograph: it, its copies, and what it makes that is no chest."""
    yield CHEST, film.patient, film.image
    for _ in range(film.copies):
        yield COPY, film.patient, disturb(film.image, rng)
    # About 500 of each kind from each folder at most.
    for kind in SPOILT:
        if rng.random() < 500 / n_films:
            yield kind, film.patient, spoil_chest(kind, film.image, rng)


def disturb(image, rng):
    """Give a radiograph another framing, and another appearance."""
    angle, zoom = rng.normal(0, 0.12), np.exp(rng.normal(0, 0.14))
    linear = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.full(2, SIDE / 2)
    matrix = np.column_stack([linear, middle - linear @ middle + rng.normal(0, 9, 2)])
    border = cv2.BORDER_CONSTANT if rng.random() < 0.6 else cv2.BORDER_REPLICATE
    other = cv2.warpAffine(image, matrix, (SIDE, SIDE), borderMode=border).astype(float)
    other = 255 * (other / max(other.max(), 1)) ** np.exp(rng.normal(0, 0.3))
    if rng.random() < 0.3:
        other = cv2.GaussianBlur(other, (0, 0), rng.uniform(0.5, 1.5))
    if rng.random() < 0.3:
        other += rng.normal(0, rng.uniform(3, 15), other.shape)
    return np.clip(other, 0, 255).astype(np.uint8)


def _measure(image):
    cascade = default_cascade()
    return compute_inputs(smooth_image(image), cascade.fit_pose(1, cascade.find(image)))


def fit(inputs, is_chest):
    """Fit a logistic regression on principal components: the weights of the inputs themselves."""
    components = PCA(_COMPONENTS, svd_solver="randomized", random_state=0).fit(inputs[:, :-1])
    reduced = components.transform(inputs[:, :-1])
    scale = reduced.std(axis=0)[0]
    model = LogisticRegression(C=_STRENGTH, max_iter=500, class_weight="balanced")
    model.fit(reduced / scale, is_chest)
    weights = components.components_.T @ (model.coef_[0] / scale)
    return np.append(weights, model.intercept_[0] - components.mean_ @ weights)


def _print_doubted(inputs, kinds, patients, rng):
    """Print the fraction that is doubted of each kind: other kinds are left out as a whole."""
    is_chest = np.isin(kinds, (CHEST, COPY))
    names, index = np.unique(patients, return_inverse=True)
    folds = (rng.permutation(len(names)) % _FOLDS)[index]
    likeness = np.empty(len(kinds))
    for fold in range(_FOLDS):
        held_out = is_chest & (folds == fold)
        likeness[held_out] = inputs[held_out] @ fit(inputs[folds != fold], is_chest[folds != fold])
    for kind in set(kinds[~is_chest]):
        held_out = kinds == kind
        likeness[held_out] = inputs[held_out] @ fit(inputs[~held_out], is_chest[~held_out])
    for kind in dict.fromkeys(kinds):
        of_kind = likeness[kinds == kind]
        click.echo(
            f"{kind}: {len(of_kind)} images, {(of_kind < 0).mean():.3f} doubted; likeness 1 %, "
            f"median, 99 %: {np.round(np.percentile(of_kind, (1, 50, 99)), 2)}"
        )


if __name__ == "__main__":
    main()

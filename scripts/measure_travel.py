"""Print what inputs, families and models are worth at home, with other appearances, and elsewhere.

Usage: python scripts/measure_travel.py HOME [--there THERE] [--looks OTHER] [--config elsewhere]
           [--input harmonized] [--features zones+hog+glcm+gabor] [--model logistic]
           [--set PATH=VALUE]

HOME and THERE are folders of radiographs with labels, OTHER one of images alone. --input,
--features and --model may be given several times and name what the configuration holds; --set
changes it, as for `featurex benchmark`. A line for each of them has the AUC of cross-validation at
home (--folds, grouped by patient), and with the same models, which have not seen these patients,
the AUC of the same images with the appearance of an image of another class ("swapped") and of a
random image of OTHER ("as other"); and the AUC at THERE of the model that is fitted to all of HOME.
Accuracies are at the threshold with the highest Youden index of cross-validation.

docs/elsewhere.md has results. It is quicker than a benchmark with external sets, and no replacement
for one: it holds all columns in memory, and measures neither framing swap nor controls.
"""

from typing import NamedTuple

import click
import numpy as np
from sklearn.base import clone
from sklearn.metrics import accuracy_score, roc_auc_score

from featurex import Align, Preprocess, load_dataset
from featurex.challenges.appearance import change_appearance, measure_appearance, swap_appearance
from featurex.challenges.framing import choose_partners
from featurex.config import make_chain, read_configuration
from featurex.construct import make_all
from featurex.datasets import list_files
from featurex.evaluation.splits import grouped_folds
from featurex.evaluation.thresholds import youden_threshold
from featurex.images import read_image
from featurex.models import MODELS

OWN, SWAPPED, AS_OTHER, THERE = "CV", "swapped", "as other", "there"
_FOLDER = click.Path(exists=True, file_okay=False)


class Films(NamedTuple):
    """The images of a folder, their labels (1 for any but the normal class), and patients."""

    images: np.ndarray
    labels: np.ndarray
    patients: np.ndarray


@click.command()
@click.argument("home", type=_FOLDER)
@click.option("--there", type=_FOLDER, help="Labelled radiographs of another hospital.")
@click.option("--looks", type=_FOLDER, help="Radiographs whose appearance is taken.")
@click.option("--config", default="elsewhere", show_default=True)
@click.option("--input", "inputs", multiple=True, default=["harmonized"], show_default=True)
@click.option("--features", multiple=True, default=["zones+hog+glcm+gabor"], show_default=True)
@click.option("--model", "models", multiple=True, default=["logistic"], show_default=True)
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE")
@click.option("--folds", default=3, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(home, there, looks, config, inputs, features, models, settings, folds, seed):
    """Print a line for each input, union of families, and model."""
    tree = read_configuration(config, settings)
    estimators = make_all(MODELS, {name: tree["models"][name] for name in models}, "models")
    films = read_films(home)
    sets = render(films, read_images(list_files([looks])) if looks else None, seed)
    elsewhere = read_films(there) if there else None
    if elsewhere:
        sets[THERE] = elsewhere.images
    members = dict.fromkeys(family for union in features for family in union.split("+"))
    for name in inputs:
        columns = extract(tree, name, members, sets)
        for union in features:
            parts = [columns[family] for family in union.split("+")]
            joined = {key: np.hstack([part[key] for part in parts]) for key in sets}
            for model, estimator in estimators.items():
                result = score(estimator, joined, films, elsewhere, folds, seed)
                click.echo(f"{name}, {union}, {model}: {result}")


def read_films(folder):
    """Read the radiographs of a folder, and their labels."""
    table = load_dataset(folder).table
    labels = table["label"].str.lower().ne("normal").to_numpy(int)
    return Films(read_images(table["path"]), labels, table["patient"].to_numpy(str))


def read_images(paths):
    """Read images at the working size: array of shape (n, 224, 224)."""
    return Preprocess(224).transform([read_image(path) for path in paths])


def render(films, others, seed):
    """Render the images with other appearances: dict of name to images, unaligned."""
    registration = Align().register(films.images)
    partners = choose_partners(films.labels, registration, seed)
    sets = {OWN: films.images, SWAPPED: swap_appearance(films.images, registration, partners)}
    if others is not None:
        looks = [
            measure_appearance(*pair)
            for pair in zip(others, Align().register(others).matrices, strict=True)
        ]
        drawn = np.random.default_rng(seed).integers(len(looks), size=len(films.images))
        sets[AS_OTHER] = [
            change_appearance(image, matrix, looks[index])
            for image, matrix, index in zip(films.images, registration.matrices, drawn, strict=True)
        ]
    return sets


def extract(tree, name, members, sets):
    """Compute columns of one input: dict of family to dict of set to array (n, n_columns)."""
    chosen = {family: tree["features"][family] for family in members}
    *steps, (_, union) = make_chain({**tree, "features": chosen}, name).steps
    columns = {family: {} for family in members}
    for key, images in sets.items():
        for _, step in steps:
            images = step.fit_transform(images)
        for family, extractor in union.transformer_list:
            columns[family][key] = np.asarray(extractor.fit_transform(images))
    return columns


def score(estimator, columns, films, elsewhere, n_folds, seed):
    """Score one model on every rendering: a line of AUCs and accuracies."""
    scores = {key: np.empty(len(films.labels)) for key in columns if key != THERE}
    for learnt, held_out in grouped_folds(films.labels, films.patients, n_folds, seed):
        model = clone(estimator).fit(columns[OWN][learnt], films.labels[learnt])
        for key, of_set in scores.items():
            of_set[held_out] = model.predict_proba(columns[key][held_out])[:, 1]
    threshold = youden_threshold(films.labels, scores[OWN])
    truths = dict.fromkeys(scores, films.labels)
    if elsewhere:
        model = clone(estimator).fit(columns[OWN], films.labels)
        scores[THERE] = model.predict_proba(columns[THERE])[:, 1]
        truths[THERE] = elsewhere.labels
    return "; ".join(
        f"{key} {roc_auc_score(truths[key], of_set):.3f} / "
        f"{accuracy_score(truths[key], of_set >= threshold):.3f}"
        for key, of_set in scores.items()
    )


if __name__ == "__main__":
    main()

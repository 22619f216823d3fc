"""Do explanations point at the disease? On phantom films, where the opacities are known.

For every film with pneumonia in the phantom's test split: does the strongest place of what raised
the score lie in an opacity (the pointing game: Zhang et al. 2018, doi:10.1007/s11263-017-1059-x),
and how well does the map tell pixels of opacities from the others (AUC)? The same of a model that
was fitted to shuffled labels, which must be at chance: its map lies somewhere, too.

    python benchmarks/pointing_game.py [--quick] [--images 600] [--model xgboost] [--shuffles 5]
"""

import argparse
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from featurex.bundle import load_model, save_model
from featurex.bundle.explained import MAP_SIDE
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import load_dataset
from featurex.images import read_image
from featurex.lungs import Align
from featurex.phantom import write_phantom

# A hit may be so far from an opacity, share of the image's side: half a zone of the finest grid.
TOLERANCE = 1 / 16


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="few small films: that it runs, not what it says"
    )
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--model", default="xgboost")
    parser.add_argument(
        "--shuffles", type=int, default=5, help="models on shuffled labels: one alone may be lucky"
    )
    options = parser.parse_args()
    n_images, rows = (60, 96) if options.quick else (options.images, 320)
    with tempfile.TemporaryDirectory() as folder:
        data = write_phantom(Path(folder) / "phantom", n_images, 0, rows=rows, n_jobs=2)
        print(f"{n_images} films, {options.model}; AUC by chance: 0.5")
        played = {"true": play(fit(data, Path(folder) / "true", options.model), data)}
        for seed in range(1 if options.quick else options.shuffles):
            model = fit(data, Path(folder) / f"shuffled {seed}", options.model, seed)
            played[f"shuffled, seed {seed}"] = play(model, data)
    table = pd.DataFrame(played).T
    if len(table) > 2:
        table.loc["shuffled, mean"] = table.iloc[1:].mean()
    print(table.round(3).to_string())


def fit(data, folder, name, seed=None):
    """Fit a model to the phantom's training films, as `featurex benchmark` does; with a seed, to
    shuffled labels.
    """
    grid = f"grid=[{{inputs: [aligned], features: [zones+glcm+gabor], models: [{name}]}}]"
    # It is the fit to all training films that is looked at: no score of folds, no interval.
    few = ["folds=2", "resamples=100"]
    tree = read_configuration("default_model", [f"models={{{name}: {{}}}}", grid, *few])
    dataset = load_dataset(data)
    if seed is not None:
        training = dataset.table["split"] == "train"
        labels = dataset.table.loc[training, ["label", "subtype"]]
        order = np.random.default_rng(seed).permutation(len(labels))
        dataset.table.loc[training, ["label", "subtype"]] = labels.to_numpy()[order]
    run = make_benchmark(tree).run(dataset, folder, n_jobs=2)
    save_model(folder / "model.featurex", run)
    return load_model(folder)


def play(model, data):
    """Play on the test films with pneumonia: pandas.Series of films, hits, chance, AUC."""
    hits, chances, areas = [], [], []
    for path in sorted((data / "test" / "PNEUMONIA").glob("*.jpeg")):
        opacity = align_opacity(
            model, path, data / "masks" / "test" / "PNEUMONIA" / f"{path.stem}_opacity.png"
        )
        if not opacity.any() or opacity.all():
            continue
        heat = np.maximum(model.explain(path).heat, 0)
        reach = round(TOLERANCE * MAP_SIDE)
        near = (
            cv2.dilate(opacity.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
            > 0
        )
        strongest = heat == heat.max()
        hits.append(near[strongest].mean())
        chances.append(near.mean())
        areas.append(roc_auc_score(opacity.ravel(), heat.ravel()))
    names = ("films", "hits", "chance", "AUC")
    return pd.Series([len(hits), np.mean(hits), np.mean(chances), np.mean(areas)], names)


def align_opacity(model, path, mask):
    """The opacity on the prepared film: bool array, shape (MAP_SIDE, MAP_SIDE)."""
    scoring = model.scoring
    film = scoring.first.transform([read_image(str(path))])
    opacity = scoring.first.transform([read_image(str(mask))])
    for step in scoring.steps:
        if isinstance(step, Align):
            registration = step.register(film)
            film, opacity = step.warp(film, registration), step.warp(opacity, registration)
    return cv2.resize(opacity[0], (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_AREA) > 127


if __name__ == "__main__":
    main()

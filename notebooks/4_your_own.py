# ---
# jupyter:
#   jupytext:
#     formats: py:percent,ipynb
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4. Your own classes, masks, hospitals and models
#
# Everything here may be yours: the question, the regions that count, the hospital at which models are tested, a network
# to compare with, the features and the classifier. All films are synthetic, so that the scores mean nothing; each section
# ends with the command that does the same with your own.

# %%
# %config InlineBackend.figure_formats = ['jpeg']
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from featurex import load_dataset, read_image
from featurex.phantom import write_phantom

if not Path("phantom").exists():
    write_phantom("phantom", 240, n_jobs=2)

# %% [markdown]
# ## Folders of your own classes
#
# A folder a class, of any name. Two classes make a binary question: the positive class is the one whose name does not mean
# "normal". Three or more make a multi-class one. Here the phantom's films are copied into folders of other names.

# %%
shutil.rmtree("mine", ignore_errors=True)
names = {"NORMAL": "healthy", "bacteria": "focal", "virus": "diffuse"}
# One film of each patient: names of files of your own do not tell the patient, but a list can.
films = load_dataset("phantom").table.drop_duplicates("patient").groupby("subtype").head(30)
for film in films.itertuples():
    kind = next(name for word, name in names.items() if word in film.path)
    for folder in (
        "mine/two/healthy" if kind == "healthy" else "mine/two/opaque",
        f"mine/three/{kind}",
    ):
        Path(folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(film.path, folder)

dataset = load_dataset("mine/two")
print(dataset.describe(), *dataset.notes, sep="\n")
print(load_dataset("mine/three").describe())

# %% [markdown]
# One benchmark for each question, small here: one family of features, one model, two folds.

# %%
from featurex import Align, Benchmark, Equalize, Preprocess, ZoneHistogram
from featurex.models import Logistic


def compare(dataset, out, inputs=None, features=None, models=None, **more):
    inputs = inputs or {"aligned": [Align(), Equalize()]}
    features = features or {"zones": ZoneHistogram(grids=(4,), bins=(8,))}
    models = models or {"logistic": Logistic()}
    grid = [{"inputs": [*inputs], "features": [*features], "models": [*models]}]
    settings = {"preprocess": Preprocess(96), "folds": 2, "holdout": 0.3, "resamples": 200, **more}
    shutil.rmtree(out, ignore_errors=True)
    return Benchmark(inputs, features, models, grid, **settings).run(dataset, out, n_jobs=1)


runs = [
    compare(load_dataset(f"mine/{question}"), f"runs/{question}") for question in ("two", "three")
]
for run in runs:
    print(
        run.info.task, *(["- positive:", run.info.classes[1]] if len(run.info.classes) == 2 else [])
    )
shown = ["input", "features", "model", "cv_auc", "swap_auc", "test_auc", "test_accuracy"]
pd.concat([run.rows[["task", *shown]] for run in runs]).round(3)

# %% [markdown]
# ```
# featurex benchmark mine/two --out runs/two
# featurex benchmark --list films.csv --columns path=file,label=finding,patient=id --out runs/list
# ```
#
# ## Masks of your own
#
# A mask is an image file called as its film: `a.png` or `a_mask.png`. Only pixels inside count, in every family. The
# phantom's masks hold the lungs that were drawn.

# %%
import matplotlib.pyplot as plt

from featurex import IntensityStatistics
from featurex.datasets import add_masks, image_paths

masked = add_masks(dataset, "phantom/masks")
films = [read_image(path) for path in image_paths(masked.table.groupby("label").head(2))]
figure, axes = plt.subplots(1, len(films), figsize=(7, 1.9))
for axis, film in zip(axes, films, strict=True):
    axis.imshow(film.data, cmap="gray")
    axis.contour(~film.mask, levels=[0.5], colors="orange", linewidths=1)
    axis.axis("off")
figure.tight_layout()

# %%
statistics = IntensityStatistics()
whole = statistics.fit_transform([film.data for film in films])
inside = statistics.transform(films)
means = {"whole film": whole[:, 0], "inside the mask": inside[:, 0]}
print(statistics.get_feature_names_out()[0])
pd.DataFrame(means).astype(float).round(1)

# %% [markdown]
# The benchmark of the same question, on whole films and on what lies inside:

# %%
steps, features = {"original": []}, {"intensity": statistics}
both = [
    compare(which, f"runs/{name}", steps, features)
    for name, which in (("whole", dataset), ("inside", masked))
]
pd.concat([run.rows[shown] for run in both], keys=["whole films", "inside the masks"]).round(3)

# %% [markdown]
# Whole films are told apart by their framing too, so that their score falls where framings are swapped (`swap_auc`); what
# lies inside the masks keeps its score.
#
# ```
# featurex benchmark mine/two --masks phantom/masks --out runs/inside
# featurex extract mine/two --masks phantom/masks --out features.csv
# ```
#
# ## Train here, test there
#
# Another hospital: other patients, another device (darker, less sharp), other names of the folders. All is chosen and
# frozen without it; then every model scores it once. `normal` is matched to `healthy`, and the other name to the other;
# in a configuration, `classes` says which is which.

# %%
from PIL import Image

from featurex.challenges.disturbances import disturb

if not Path("elsewhere").exists():
    write_phantom("elsewhere", 60, seed=1, rows=160)
shutil.rmtree("there", ignore_errors=True)
for path in sorted(Path("elsewhere").glob("t*/*/*.jpeg")):
    folder = Path("there") / ("normal" if path.parent.name == "NORMAL" else "infiltrate")
    folder.mkdir(parents=True, exist_ok=True)
    film = disturb(disturb(read_image(path), "gamma", 1.5), "blur", 0.01)
    Image.fromarray(film).save(folder / f"{path.stem}.png")
there = load_dataset("there")
print(there.describe())

# %% [markdown]
# ## A network's scores beside ours
#
# A colleague's network needs no featurex, only a file: a path and a score for each film. Here a tiny CNN plays the network.
# It learns from the training images of the first run and scores its test images, and all of the other hospital's.

# %%
from featurex import load_run
from featurex.models import CNN

predictions = load_run("runs/two").predictions
test = sorted({f"mine/two/{path}" for path in predictions["path"][predictions["split"] == "test"]})
train = dataset.table[~dataset.table["path"].isin(test)]
scored = [*test, *there.table["path"]]


def read(paths):
    return Preprocess(96).transform([read_image(path) for path in paths])


network = CNN(size=48, max_iter=12).fit(
    read(train["path"]), (train["label"] == "opaque").astype(int)
)
scores = pd.DataFrame({"path": scored, "score": network.predict_proba(read(scored))[:, 1]})
scores.to_csv("scores.csv", index=False)
scores.head(3).round(3)

# %% [markdown]
# Both in one run: the rival is a row of the table, and every model has a row for the other hospital.

# %%
run = compare(dataset, "runs/there", external={"there": "there"}, rivals={"network": "scores.csv"})
run.rows[["model", "test_auc", "test_auc_low", "test_auc_high", "test_accuracy"]].round(3)

# %%
at_home = run.rows.set_index("model")["test_auc"].rename("auc at home")
elsewhere = run.external.set_index("model")[["n", "auc", "sensitivity", "specificity", "unlike"]]
elsewhere.join(at_home).round(3)

# %% [markdown]
# The last column of the table is the AUC on test images of the run itself: the distance between both AUCs is what another
# hospital costs. `unlike` is the share of films that lie farther from the training films than nearly all of these do.
#
# ```
# featurex benchmark mine/two --external there=there --rival network=scores.csv --out runs/there
# ```
#
# ## An extractor and a model of your own
#
# An extractor says how its columns are called and fills them; checks, masks and zones come with the base class. A model is
# any classifier of scikit-learn's kind with `predict_proba`.

# %%
from sklearn.naive_bayes import GaussianNB

from featurex import Extractor, Statistic


class Bright(Extractor):
    """Fraction of the pixels above a grey level."""

    family = "bright"
    statistics = (Statistic("fraction", "n(x > level) / n", "this notebook"),)

    def __init__(self, level=150):
        self.level = level

    def _columns(self, shape):
        return (f"bright_fraction_x{self.level:03d}",)

    def _fill(self, plan, image, inside, out):
        out[0] = np.mean((image if inside is None else image[inside]) > self.level)


bright = Bright().fit(films)
print(bright.get_feature_names_out(), bright.transform(films).ravel().round(3))

# %%
steps, models = {"original": []}, {"bayes": GaussianNB()}
run = compare(masked, "runs/own", steps, {"bright": Bright(), "intensity": statistics}, models)
run.rows[shown].round(3)

# %% [markdown]
# The model is saved with the names of these classes, their arguments and what they have learnt, as numbers and arrays. It
# loads only where you allow the classes: a file from a stranger cannot run anything.

# %%
from featurex import load_model, save_model
from featurex.errors import DataError

save_model("own.featurex", run)
try:
    load_model("own.featurex")
except DataError as error:
    print(error)
load_model("own.featurex", allow=[Bright, GaussianNB])

# %% [markdown]
# On the command line they lie in a file, here `mine.py`, and a configuration names them:
# `features: {bright: {class: mine.Bright}}`, `models: {bayes: {class: sklearn.naive_bayes.GaussianNB}}`.
#
# ```
# featurex benchmark mine/two --plugin mine.py --config own.yaml --out runs/own
# featurex predict runs/own mine/two/healthy --masks phantom/masks --plugin mine.py --allow sklearn.naive_bayes.GaussianNB
# ```
#
# ## All of it is scikit-learn
#
# Steps go into `Pipeline` and `GridSearchCV`, and are named as everywhere.

# %%
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from featurex import GLCM, LungRegion

chest = make_pipeline(Preprocess(160), Align(), Equalize(), LungRegion())
lungs = chest.fit_transform([read_image(path) for path in dataset.table["path"]])
search = GridSearchCV(
    make_pipeline(GLCM(), Logistic()),
    {"glcm__levels": [8, 32], "glcm__grid": [1, 4]},
    scoring="roc_auc",
    cv=3,
)
search.fit(lungs, (dataset.table["label"] == "opaque").astype(int))
results = pd.DataFrame(search.cv_results_)
results[["param_glcm__levels", "param_glcm__grid", "mean_test_score", "std_test_score"]].round(3)

# %% [markdown]
# ## A model on new images, and its explanation
#
# `featurex benchmark` saves the model it chose; one trained on real radiographs comes with featurex. On your own files:
# `featurex predict runs/two image.jpeg --explain pages`.

# %%
from featurex.explanation import draw_overlay

save_model("two.featurex", runs[0])
model = load_model("two.featurex")
paths = [path for path in test if "opaque" in path][:2] + [
    path for path in test if "healthy" in path
][:2]
scores = model.predict(paths, n_jobs=1)
scores.assign(path=scores["path"].map(lambda path: Path(path).name)).round(3)

# %%
explained = model.explain(paths[0])
figure, axes = plt.subplots(1, 2, figsize=(5.6, 2.9))
axes[0].imshow(explained.original, cmap="gray")
axes[0].set_title("the image", fontsize=9)
axes[1].imshow(draw_overlay(explained.prepared, explained.heat, explained.labels, 320))
axes[1].set_title(f"what raised and lowered {explained.score:.2f}", fontsize=9)
for axis in axes:
    axis.axis("off")
figure.tight_layout()

# %%
explained.regions.round(2)

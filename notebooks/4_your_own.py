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
# # 4. Your own pipeline, your own images
#
# featurex is made of scikit-learn parts: they go into `Pipeline`, `GridSearchCV` and each other. Here: a search, a lung
# region, an extractor of your own, and a saved model with an explanation.

# %%
# %config InlineBackend.figure_formats = ['jpeg']
import os
from pathlib import Path

from featurex import load_dataset
from featurex.phantom import write_phantom

# Your own radiographs: set FEATUREX_DATA, or write their folder here. Else synthetic ones are drawn, once.
DATA = Path(os.environ.get("FEATUREX_DATA", "phantom"))
if not DATA.exists():
    write_phantom(DATA, 240, n_jobs=2)
dataset = load_dataset(DATA)
print(dataset.describe())

# %%
import numpy as np

from featurex import Align, Equalize, Preprocess, read_image

table = dataset.table[dataset.table["split"] == "train"].iloc[:400]
images = Preprocess(160).transform([read_image(path, size=160) for path in table["path"]])
labels = (table["label"] == "PNEUMONIA").to_numpy().astype(int)
patients = table["patient"].to_numpy()

# %% [markdown]
# ## Search parameters of features and model together
#
# Steps are named as everywhere in scikit-learn; groups keep patients together.

# %%
import pandas as pd
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import make_pipeline

from featurex import GLCM
from featurex.models import Logistic

chain = make_pipeline(Align(), Equalize(), GLCM(), Logistic())
search = GridSearchCV(
    chain,
    {"glcm__levels": [8, 32], "glcm__grid": [1, 4]},
    scoring="roc_auc",
    cv=StratifiedGroupKFold(3, shuffle=True, random_state=0),
)
search.fit(images, labels, groups=patients)
results = pd.DataFrame(search.cv_results_)
results[["param_glcm__levels", "param_glcm__grid", "mean_test_score", "std_test_score"]].round(3)

# %% [markdown]
# ## Only the lungs
#
# `LungRegion` gives a masked stack; every extractor after it counts only what lies inside.

# %%
import matplotlib.pyplot as plt

from featurex import LungRegion

aligned = make_pipeline(Align(), Equalize()).fit(images).transform(images[:4])
masked = LungRegion().fit_transform(aligned)
figure, axes = plt.subplots(1, 4, figsize=(7, 1.9))
for axis, image in zip(axes, masked, strict=True):
    axis.imshow(image.data, cmap="gray")
    axis.contour(~image.mask, levels=[0.5], colors="orange", linewidths=1)
    axis.axis("off")
figure.tight_layout()

# %%
inside = GLCM(grid=1).fit_transform(masked)
whole = GLCM(grid=1).fit_transform(aligned)
print("contrast of the first image, whole and lungs only:", whole[0, 0].round(3), inside[0, 0].round(3))

# %% [markdown]
# ## An extractor of your own
#
# Three methods and a list of statistics; checks, masks and names come with the base class.

# %%
from featurex.checks import check_number
from featurex.features import Extractor, Statistic


class BrightFraction(Extractor):
    """Fraction of the pixels above a grey level.

    Parameters
    ----------
    level : float
        As a fraction of the range of the type, 0 to 1.
    """

    family = "bright"
    statistics = (Statistic("fraction", "n(g > level) / n", "this notebook"),)

    def __init__(self, level=0.6):
        self.level = level

    def _check(self):
        return check_number("level", self.level, 0, 1)

    def _columns(self, shape):
        return (f"bright_fraction_x{round(100 * self.level):03d}",)

    def _fill(self, plan, image, inside, out):
        pixels = image if inside is None else image[inside]
        out[0] = (pixels > plan * np.iinfo(image.dtype).max).mean()


bright = BrightFraction().fit(masked)
print(bright.get_feature_names_out(), bright.transform(masked).ravel().round(3))

# %% [markdown]
# ## A model on new images, and its explanation
#
# `featurex benchmark` saves the model it chose; one trained on real radiographs comes with featurex. On your own files:
# `featurex predict image.jpeg --explain pages`.

# %%
from featurex import load_model

model = load_model()
paths = dataset.table.groupby("label").sample(2, random_state=1)["path"].tolist()
scores = model.predict(paths, n_jobs=1)
scores.assign(path=scores["path"].map(lambda path: Path(path).name)).round(3)

# %%
from featurex.explanation import draw_overlay

explained = model.explain(paths[-1])
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

# %% [markdown]
# The default model was made from real radiographs and these are synthetic, so that its scores mean nothing here. Research
# use only.

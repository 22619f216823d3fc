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
# # 2. Features
#
# From images to a table of named columns: which families there are, what their columns mean, that they are right, and
# that they are fast.

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

# %% [markdown]
# ## The families
#
# An extractor is a scikit-learn transformer from images to columns. Its constructor is its only list of parameters.

# %%
import pandas as pd

from featurex import Align, Equalize, Preprocess, read_image
from featurex.features import EXTRACTORS

paths = dataset.table["path"][:60]
images = Preprocess(size=224).transform([read_image(path, size=224) for path in paths])
rows = []
for family, extractor in EXTRACTORS.items():
    columns = extractor().fit(images[:1]).get_feature_names_out()
    rows.append((family, extractor.__name__, len(columns), columns[0]))
pd.DataFrame(rows, columns=["family", "class", "columns", "first column"]).set_index("family")

# %% [markdown]
# Every column says what it is: family, statistic, parameters, zone. `featurex features glcm` on the command line gives
# formulas and sources.

# %%
from featurex import GLCM

glcm = GLCM(levels=32, distances=(1, 3), grid=2)
print(glcm.fit(images).get_feature_names_out()[:6])
for statistic in GLCM.statistics[:3]:
    print(f"{statistic.name:14} {statistic.formula:40} {statistic.source}")

# %% [markdown]
# ## They are right
#
# Where a reference implementation exists, the values are the same. `featurex.compat.skimage` has
# scikit-image's own signatures, so that a script gets faster by changing one import.

# %%
import numpy as np
import skimage.feature

from featurex.compat import skimage as fast

image = images[0]
settings = {"orientations": 9, "pixels_per_cell": (8, 8), "cells_per_block": (2, 2)}
print("HOG, largest difference:", np.abs(fast.hog(image, **settings) - skimage.feature.hog(image, **settings)).max())
codes = fast.local_binary_pattern(image, 8, 1, "uniform")
print("LBP codes that differ:", int((codes != skimage.feature.local_binary_pattern(image, 8, 1, "uniform")).sum()))

# %% [markdown]
# ## They are fast
#
# One thread, best of several repeats, both in this process. Only the ratios count; `docs/performance.md` has all of them.

# %%
import timeit


def milliseconds(function, turns=5):
    function()  # compiled, or read from the cache
    return 1e3 * min(timeit.repeat(function, number=1, repeat=turns))


pairs = {
    "HOG": (lambda: fast.hog(image, **settings), lambda: skimage.feature.hog(image, **settings)),
    "LBP": (
        lambda: fast.local_binary_pattern(image, 8, 1, "uniform"),
        lambda: skimage.feature.local_binary_pattern(image, 8, 1, "uniform"),
    ),
}
times = {name: [milliseconds(function) for function in pair] for name, pair in pairs.items()}
times = pd.DataFrame(times, index=["featurex, ms", "scikit-image, ms"]).T
times.assign(ratio=times.iloc[:, 1] / times.iloc[:, 0]).round(2)

# %% [markdown]
# ## A table that can be trusted
#
# `extract` streams files through a chain, in parallel, and never holds all images. What cannot be read is named in
# `errors`, not turned into zeros. (On the command line: `featurex extract DATA --out features.parquet`, which also continues
# where it was stopped.)

# %%
from sklearn.pipeline import FeatureUnion, make_pipeline

from featurex import HOG, LungIntensity, ZoneHistogram, extract

families = [("zones", ZoneHistogram(grids=(1, 2, 4), bins=(16, 16, 8))), ("hog", HOG(cell=32)), ("glcm", glcm)]
union = FeatureUnion(families, verbose_feature_names_out=False)
chain = make_pipeline(Preprocess(size=224), Align(), Equalize(), union)
table = extract(dataset, chain, n_jobs=2)
print(table.frame.shape, "errors:", len(table.errors))
table.frame.iloc[:4, :9]

# %% [markdown]
# ## What they show
#
# Opaque lungs are brighter, but equalisation and a single column leave little of that difference. This is why models are given
# hundreds of columns, and why the next notebook asks what they have learnt from them.

# %%
import matplotlib.pyplot as plt

lungs = make_pipeline(Preprocess(size=224), Align(), Equalize(), LungIntensity())
lungs = extract(dataset, lungs, n_jobs=2).frame
figure, axes = plt.subplots(1, 2, figsize=(7, 2.6), sharey=True)
for axis, column in zip(axes, ("lung_mean_right_lower", "lung_mean_left_lower"), strict=True):
    for label, part in lungs.groupby("label"):
        axis.hist(part[column], bins=24, alpha=0.6, label=label, density=True)
    axis.set_title(column, fontsize=9)
    axis.legend(fontsize=8)
figure.tight_layout()

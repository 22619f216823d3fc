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
# # 1. Look at the data
#
# Before any feature: what is in the folder, what would fool a model that is trained on it, and what an extractor sees of
# an image. Everything here runs on synthetic radiographs in a minute; point `DATA` at
# [the real ones](https://www.kaggle.com/datasets/paultimothymooney/chest-xray-pneumonia) and it runs on those.
#
# Research and teaching only: nothing here is a diagnosis.

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
# ## One table of images
#
# Whatever the source (class folders, a CSV, DICOM, MedMNIST), a data set is one table. The patient matters most: images of
# one child must never lie on both sides of a split.

# %%
dataset.table.head()

# %%
dataset.table.groupby(["split", "label", "subtype"]).agg(images=("path", "count"), patients=("patient", "nunique"))

# %% [markdown]
# ## Nine radiographs

# %%
import matplotlib.pyplot as plt

from featurex import read_image

samples = dataset.table.groupby("subtype").sample(3, random_state=0)
figure, axes = plt.subplots(3, 3, figsize=(6.4, 6.4))
for axis, sample in zip(axes.flat, samples.itertuples(), strict=True):
    axis.imshow(read_image(sample.path), cmap="gray", aspect="equal")
    title = sample.label if sample.subtype == sample.label else f"{sample.label}, {sample.subtype}"
    axis.set_title(title, fontsize=8)
    axis.axis("off")
figure.tight_layout()

# %% [markdown]
# ## The shortcuts
#
# Normal radiographs of this collection are taken, cropped and stored otherwise than those of sick children. `audit_dataset`
# measures how well each of these facts alone predicts the label: an AUC far from 0.5 is a score that has nothing to do with
# lungs.

# %%
from featurex import audit_dataset

audit = audit_dataset(dataset, n_jobs=2)
audit.shortcuts[["name", "description", "cv_auc", "low", "high", "test_auc"]].round(3)

# %%
for finding in audit.findings:
    print(f"{finding.severity:8} {finding.title}\n         -> {finding.remedy}")

# %% [markdown]
# The same as a page, with figures: `featurex audit DATA --out audit`.
#
# ## The mean chest, before and after alignment
#
# The mean of all normal images, the mean of all others, and their difference. Before alignment the difference shows
# shoulders and borders: framing. After registration to one mean chest it lies in and between the lungs.

# %%
import numpy as np

from featurex import Align, Equalize, Preprocess

training = dataset.table[dataset.table["split"] != "test"]
images = Preprocess(size=160).transform([read_image(path, size=160) for path in training["path"][:1500]])
normal = (training["label"][:1500] == "NORMAL").to_numpy()
aligned = Equalize().transform(Align().fit(images).transform(images))

figure, axes = plt.subplots(2, 3, figsize=(6.4, 4.5))
for row, (name, stack) in zip(axes, {"as taken": images, "aligned": aligned}.items(), strict=True):
    means = np.mean(stack[normal], axis=0), np.mean(stack[~normal], axis=0)
    for axis, mean, title in zip(row, means, ("normal", "pneumonia"), strict=False):
        axis.imshow(mean, cmap="gray", vmin=0, vmax=255)
        axis.set_title(f"{name}: mean {title}", fontsize=8)
    row[2].imshow(means[1] - means[0], cmap="PuOr_r", vmin=-60, vmax=60)
    row[2].set_title("difference", fontsize=8)
for axis in axes.flat:
    axis.axis("off")
figure.tight_layout()

# %% [markdown]
# ## What an extractor sees
#
# Each family reduces the image in a different way; `draw` shows how.

# %%
from featurex.features import EXTRACTORS

image = aligned[int(np.flatnonzero(~normal)[0])]
families = ("zones", "hog", "lbp", "glcm", "gabor")
figure, axes = plt.subplots(1, 1 + len(families), figsize=(9, 1.9))
axes[0].imshow(image, cmap="gray")
axes[0].set_title("aligned image", fontsize=8)
for axis, family in zip(axes[1:], families, strict=True):
    axis.imshow(EXTRACTORS[family]().draw(image), cmap="gray")
    axis.set_title(family, fontsize=8)
for axis in axes:
    axis.axis("off")
figure.tight_layout()

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
# # 3. Classical models against a CNN
#
# The protocol of `featurex benchmark`, step by step, so that every number of its report can be understood.

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

from featurex import GLCM, Align, Equalize, Preprocess, ZoneHistogram, read_image

SIZE = 160
images = Preprocess(SIZE).transform([read_image(path, size=SIZE) for path in dataset.table["path"]])
labels = (dataset.table["label"] == "PNEUMONIA").to_numpy().astype(int)
patients = dataset.table["patient"].to_numpy()
strata = dataset.table["subtype"].to_numpy()
testing = (dataset.table["split"] == "test").to_numpy()
if not testing.any():
    from featurex.evaluation.splits import grouped_holdout

    testing = grouped_holdout(strata, patients, 0.2)
training = ~testing
print(f"{training.sum()} training and {testing.sum()} test images")

# %% [markdown]
# ## Patients, not images, are assigned to folds

# %%
from featurex.evaluation.splits import grouped_folds

folds = grouped_folds(strata[training], patients[training], 5)
for fit, check in folds:
    shared = set(patients[training][fit]) & set(patients[training][check])
    print(f"{len(fit)} to fit, {len(check)} to check, {len(shared)} patients in both")

# %% [markdown]
# ## Two framings of every image
#
# Register all images to the mean chest. With both registrations known, an image can be warped into the framing of an image
# of *another* class. The scores of a model that looks at lungs stay; those of one that depends on framing fall.

# %%
import matplotlib.pyplot as plt

from featurex.challenges.framing import choose_partners, swap_framing

align = Align().fit(images[training])
registration = align.register(images)
of_training = registration[np.flatnonzero(training)]
partners = choose_partners(labels[training], of_training, seed=0)
swapped = np.stack(swap_framing(images[training], of_training, partners))

figure, axes = plt.subplots(1, 3, figsize=(6.4, 2.4))
shown = int(np.flatnonzero(labels[training] == 0)[0])
panels = (images[training][shown], images[training][partners[shown]], swapped[shown])
titles = ("an image", "its partner", "the image in that framing")
for axis, panel, title in zip(axes, panels, titles, strict=True):
    axis.imshow(panel, cmap="gray")
    axis.set_title(title, fontsize=9)
    axis.axis("off")
figure.tight_layout()

# %% [markdown]
# ## Features of original and of aligned images

# %%
from sklearn.pipeline import FeatureUnion, make_pipeline

union = FeatureUnion([("zones", ZoneHistogram(grids=(1, 2, 4), bins=(16, 16, 8))), ("glcm", GLCM(levels=16))])


def features(stack, aligned):
    chain = make_pipeline(align, Equalize(), union) if aligned else union
    return np.asarray(chain.transform(stack) if aligned else union.fit_transform(stack), np.float32)


union.fit(images[:1])
tables = {name: features(images, name == "aligned") for name in ("as taken", "aligned")}
swapped_tables = {name: features(swapped, name == "aligned") for name in tables}

# %% [markdown]
# ## Cross-validation, twice

# %%
import pandas as pd

from featurex.evaluation.metrics import auc
from featurex.models import Logistic, XGBoost


def validate(model, values, swapped_values):
    plain, framed = np.empty(training.sum()), np.empty(training.sum())
    for fit, check in folds:
        fitted = model().fit(values[training][fit], labels[training][fit])
        plain[check] = fitted.predict_proba(values[training][check])[:, 1]
        framed[check] = fitted.predict_proba(swapped_values[check])[:, 1]
    return plain, framed


rows, out_of_fold = [], {}
for name, values in tables.items():
    for model in (Logistic, XGBoost):
        plain, framed = validate(model, values, swapped_tables[name])
        out_of_fold[name, model.__name__] = plain
        rows.append((name, model.__name__, auc(labels[training], plain), auc(labels[training], framed)))
rows = pd.DataFrame(rows, columns=["images", "model", "CV AUC", "swap AUC"])
rows.round(3)

# %% [markdown]
# On images as taken, the cross-validated AUC is high, and it falls under swapped framings. On aligned images it stays. The
# model is chosen by the second number, on training images alone.

# %%
row = rows.loc[rows["swap AUC"].idxmax()]
name, chosen = row["images"], {"Logistic": Logistic, "XGBoost": XGBoost}[row["model"]]
print(f"chosen: {row['model']} on images {name}")

# %% [markdown]
# ## A frozen threshold; then the test images, once

# %%
from featurex.evaluation.intervals import clustered_interval
from featurex.evaluation.metrics import accuracy, confusion
from featurex.evaluation.thresholds import decide, youden_threshold

threshold = youden_threshold(labels[training], out_of_fold[name, row["model"]])
model = chosen().fit(tables[name][training], labels[training])
scores = model.predict_proba(tables[name][testing])[:, 1]
interval = clustered_interval(
    lambda weights: auc(labels[testing], scores, weights), labels[testing], patients[testing]
)
counts = confusion(labels[testing], decide(scores, threshold))
print(f"threshold {threshold:.3f}, test AUC {interval.value:.3f}, 95 % {interval.low:.3f} to {interval.high:.3f}")
print(f"accuracy {accuracy(counts):.3f}")
pd.DataFrame(counts, index=["normal", "pneumonia"], columns=["called normal", "called pneumonia"])

# %% [markdown]
# ## A small CNN on the same images
#
# It learns its own features, is stopped early on held-out *patients*, and is scored the same way.

# %%
from featurex.evaluation.comparison import compare_auc
from featurex.models import CNN

pixels = make_pipeline(align, Equalize()).transform(images)
network = CNN(size=64, max_iter=12).fit(pixels[training], labels[training], groups=patients[training])
rival = network.predict_proba(pixels[testing])[:, 1]
print(f"CNN: test AUC {auc(labels[testing], rival):.3f}")
compared = compare_auc(labels[testing], scores, rival, patients[testing])
print(f"difference {compared.difference:+.3f} ({compared.low:+.3f} to {compared.high:+.3f}), p = {compared.p:.2f}")

# %% [markdown]
# ## Negative controls: what does a model score that sees no lung?

# %%
from featurex.challenges.controls import CONTROLS, score_shortcuts
from featurex.challenges.shortcuts import Source, compute_shortcuts, list_file_facts

source = Source(images, registration, list_file_facts(dataset.table["path"]), training)
shortcuts = compute_shortcuts(source, CONTROLS)
for score in score_shortcuts(shortcuts, labels, patients, training, folds):
    print(f"{score.test_auc:.3f}  {score.name}: {score.description}")

# %% [markdown]
# `featurex benchmark DATA` does all of this for nine models and five families, on original and aligned images, in one
# command, and writes the report. `featurex compare RUN RUN` sets several of them side by side.

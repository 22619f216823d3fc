"""What a type checker must know of the public names: mypy reads this file, and nothing runs it.

An ignored error must be one: `warn_unused_ignores`.
"""

from pathlib import Path
from typing import assert_type

import numpy as np
import pandas as pd

import featurex
from featurex import GLCM, HOG, Benchmark, Preprocess
from featurex.audit import Audit
from featurex.benchmark import Run
from featurex.bundle import Model
from featurex.bundle.explained import ExplainedImage
from featurex.datasets import Dataset
from featurex.engine.table import Table
from featurex.lungs.find import Lungs
from featurex.report.loaded import LoadedRun
from featurex.runs.comparison import Comparison


def make_tables(folder: Path) -> None:
    dataset = featurex.load_dataset(folder)
    assert_type(dataset, Dataset)
    table = featurex.extract(dataset, GLCM(levels=32), n_jobs=2)
    assert_type(table, Table)
    assert_type(table.frame, pd.DataFrame)
    assert_type(table.columns, list[str])
    n_images, _, errors = featurex.extract_to("table.parquet", folder, HOG())
    assert_type(n_images, int)
    assert_type(errors, pd.DataFrame)
    assert_type(featurex.fetch("x"), Path)
    assert_type(featurex.audit_dataset(dataset), Audit)


def look_at_images(path: str) -> None:
    image = featurex.read_image(path, size=256)
    assert_type(featurex.find_lungs(image), Lungs)
    assert_type(HOG().transform([image]), np.ndarray)


def use_models(run: Run, films: list[str]) -> None:
    featurex.save_model("m.featurex", run)
    model = featurex.load_model()
    assert_type(model, Model)
    assert_type(model.classes, tuple[str, ...])
    assert_type(model.predict(films, n_jobs=1), pd.DataFrame)
    assert_type(model.explain(films[0]), ExplainedImage)
    assert_type(featurex.load_run("runs/first"), LoadedRun)
    assert_type(featurex.compare_runs(["runs/first", "runs/second"]), Comparison)


def run_benchmark(benchmark: Benchmark, dataset: Dataset) -> None:
    assert_type(benchmark.run(dataset, "runs/third"), Run)


def make_mistakes(dataset: Dataset) -> None:
    featurex.extract(dataset, GLCM(), jobs=2)  # type: ignore[call-arg]
    featurex.read_image("film.png", size="256")  # type: ignore[arg-type]
    GLCM(level=8)  # type: ignore[call-arg]
    Preprocess(shape=3)  # type: ignore[call-arg]
    featurex.load_models()  # type: ignore[attr-defined]

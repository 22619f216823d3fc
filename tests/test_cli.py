"""The commands, as a user types them."""

import os
import subprocess
import sys

import cv2
import numpy as np
import pandas as pd
import pytest

from featurex.cli import COMMANDS
from tests.commands import featurex

HEAVY = ("numba", "sklearn", "pandas", "torch", "cv2", "numpy", "rich", "xgboost")


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from featurex.cli import cli; cli(['--help'], standalone_mode=False); "
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "Research use only" in " ".join(done.stdout.split())


def test_a_process_of_its_own_ends_with_the_code_of_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "featurex", "features", "sift"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "family must be one of" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command):
    done = featurex(command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_an_unknown_command_is_a_usage_error():
    done = featurex("benchmrak")
    assert done.returncode == 2
    assert "no such command: benchmrak; did you mean benchmark?" in done.stderr


def test_features_lists_families_and_one_family():
    overview = featurex("features")
    assert overview.returncode == 0
    assert "glcm" in overview.stdout
    one = featurex("features", "glcm")
    assert one.returncode == 0
    assert "contrast" in one.stdout
    assert "columns with defaults" in one.stdout


def test_features_names_the_families_it_has():
    done = featurex("features", "sift")
    assert done.returncode == 2
    assert "family must be one of" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def small_set(tmp_path):
    """Two classes of noise images, and one file that is not an image."""
    generator = np.random.default_rng(0)
    for label in ("NORMAL", "PNEUMONIA"):
        folder = tmp_path / "data" / "train" / label
        folder.mkdir(parents=True)
        for number in range(3):
            name = (
                f"IM-{number:04d}-0001" if label == "NORMAL" else f"person{number}_virus_{number}"
            )
            image = generator.integers(0, 256, (90, 100), dtype=np.uint8)
            cv2.imwrite(str(folder / f"{name}.jpeg"), image)
    (tmp_path / "data" / "train" / "NORMAL" / "IM-0009-0001.jpeg").write_text("not an image")
    return tmp_path / "data"


def test_extract_sets_bad_files_aside_and_says_so(small_set, tmp_path):
    out = tmp_path / "features.parquet"
    done = featurex("extract", small_set, "--out", out, "--input", "original", "--jobs", 2)
    assert done.returncode == 3, done.stderr
    frame = pd.read_parquet(out)
    assert len(frame) == 6
    assert not frame.isna().any(axis=None)
    errors = pd.read_csv(tmp_path / "features.errors.csv")
    assert errors["reason"].tolist() == ["NOT_AN_IMAGE"]
    assert "IM-0009-0001.jpeg" in errors["path"][0]
    assert "1 file was set aside" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "--out", "x.parquet"], "nowhere"),
        (["data", "--out", "x.xls"], "--out must be a file that ends in .parquet, .feather, .csv"),
        (["data", "--list", "x.csv", "--out", "x.csv"], "name DATA, or a list with --list, and"),
        (["data", "--columns", "a=b", "--out", "x.csv"], "columns and root describe a list, as"),
        (["--columns", "path", "--list", "x.csv", "--out", "x.csv"], "but 'path' was given"),
        (
            ["data", "--out", "x.parquet", "--input", "turned"],
            "input must be one of original, aligned",
        ),
        (["data", "--out", "x.parquet", "--set", "features.glcm.levels=1"], "levels must be"),
        (
            ["data", "--out", "x.parquet", "--set", "features.glcm.lvl=1"],
            "features.glcm.lvl does not exist",
        ),
    ],
)
def test_extract_refuses_what_is_wrong_before_it_works(small_set, tmp_path, arguments, message):
    done = featurex("extract", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_warmup_compiles_a_family_and_knows_their_names():
    from click.testing import CliRunner

    from featurex.cli import cli

    result = CliRunner().invoke(cli, ["warmup", "zones", "heart"], standalone_mode=False)
    assert result.exception is None
    assert result.output.startswith("zones: ready in ")
    result = CliRunner().invoke(cli, ["warmup", "zone"], standalone_mode=False)
    assert "FAMILY must be one of" in str(result.exception)


@pytest.mark.jobs
def test_compiling_is_said_once_and_only_where_it_happens(tmp_path):
    code = (
        "import numpy as np; from featurex import FractalDimension; "
        "from featurex.cli._progress import ConsoleProgress, make_console\n"
        "progress = ConsoleProgress(make_console())\n"
        "for _ in range(2):\n"
        "    with progress.stage('Extracting', 1): "
        "FractalDimension().fit_transform(np.eye(96)[None])\n"
        "progress.say('outside'); FractalDimension().fit_transform(np.eye(96, "
        "dtype=np.float32)[None])"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stderr
        for _ in range(2)
    )
    assert first.count("Compiling kernels: once on this machine") == 1
    assert "Compil" not in first.split("outside")[1]
    assert "Compil" not in second


def test_configurations_are_listed_and_printed():
    from featurex.config import CONFIGURATIONS

    listed = featurex("configs").stdout.splitlines()
    assert [line.split()[0] for line in listed[:-1]] == sorted(
        file.stem for file in CONFIGURATIONS.glob("*.yaml")
    )
    printed = featurex("configs", "quick").stdout
    assert printed == (CONFIGURATIONS / "quick.yaml").read_text(encoding="utf-8")
    assert featurex("configs", "fast").returncode == 2

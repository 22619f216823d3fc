"""What is installed and what is given to others: nothing that is needed is left out."""

import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What a test may read, and a source distribution therefore holds.
NEEDED = [
    "tests/cases/glcm.py",
    "tests/data/ibsi_phantom.json",
    "docs/conventions.md",
    "docs/resources/report.png",
    "scripts/extract_features.py",
    "benchmarks/kernels.py",
    "constraints.txt",
    "conftest.py",
    "mkdocs.yml",
    ".ci/run",
]


def read_setup():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def test_a_wheel_holds_every_file_of_the_package():
    folder = ROOT / "featurex"
    patterns = read_setup()["options.package_data"]["featurex"].split()
    listed = {path for pattern in patterns for path in folder.glob(pattern)}
    others = {
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert others == listed


def test_every_module_lies_in_a_package():
    for path in (ROOT / "featurex").rglob("*.py"):
        assert (path.parent / "__init__.py").exists(), path


@pytest.mark.parametrize("name", NEEDED)
def test_a_source_distribution_holds_what_tests_read(name):
    lines = [line.split() for line in (ROOT / "MANIFEST.in").read_text("utf-8").splitlines()]
    grafted = [ROOT / line[1] for line in lines if line[:1] == ["graft"]]
    included = [
        path
        for line in lines
        if line[:1] == ["include"]
        for pattern in line[1:]
        for path in ROOT.glob(pattern)
    ]
    path = ROOT / name
    assert path.exists()
    assert path in included or any(path.is_relative_to(folder) for folder in grafted)


def test_the_stated_versions_of_python_are_those_that_are_tested():
    classifiers = read_setup()["metadata"]["classifiers"]
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    for minor in range(11, 15):
        assert f"Python :: 3.{minor}" in classifiers
        assert f'"3.{minor}"' in workflow

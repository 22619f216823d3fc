"""What `import featurex` offers."""

import ast
import configparser
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import featurex

ROOT = Path(__file__).resolve().parents[1]


def test_the_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    assert citation["version"] == featurex.__version__
    assert citation["license"] == setup["metadata"]["license"]


def test_package_data_match_files():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    for pattern in setup["options.package_data"]["featurex"].split():
        assert list((ROOT / "featurex").glob(pattern)), f"{pattern} in setup.cfg matches nothing"


def test_the_import_loads_nothing_else():
    code = "import sys, featurex; print([name for name in sys.modules if name[:9] == 'featurex.'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# What takes time to load: half a second is spent soon.
HEAVY = {"joblib", "numba", "pandas", "pyarrow", "rich", "skimage", "sklearn", "torch", "xgboost"}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("from featurex import GLCM, Align, LungRegion, Preprocess, read_image, find_lungs", ""),
        ("import numpy, featurex; str(featurex.HOG().get_params())", ""),
        ("from featurex import load_dataset, extract_to", "joblib pandas pyarrow"),
        (
            "from featurex.config import make_chain, read_configuration; "
            "make_chain(read_configuration(), 'aligned')",
            "joblib pandas pyarrow",
        ),
        # What every worker of an extraction loads; and a stage in which no kernel runs.
        ("import featurex.engine.rows, featurex.engine.films", "joblib"),
        (
            "from featurex.cli._progress import choose_progress as choose; "
            "choose(False, False, False).stage('Reading', 1).__enter__()",
            "rich",
        ),
    ],
)
def test_an_import_loads_no_more_than_it_needs(statement, allowed):
    code = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.intersection(done.stdout.split()) <= set(allowed.split())


@pytest.mark.parametrize("name", featurex.__all__)
def test_every_public_name_can_be_imported(name):
    assert getattr(featurex, name) is not None
    assert name in dir(featurex)


def test_type_checkers_read_the_same_names():
    tree = ast.parse(Path(featurex.__file__).read_text(encoding="utf-8"))
    (block, *_) = (node for node in tree.body if isinstance(node, ast.If))
    read = {
        alias.asname: pkgutil.resolve_name(f"{node.module}:{alias.name}")
        for node in block.body
        for alias in node.names
    }
    assert sorted(read) == featurex.__all__
    assert all(read[name] is getattr(featurex, name) for name in read)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("hog", "did you mean HOG?"),
        ("load_data", "did you mean load_dataset?"),
        ("zzz", "it offers Align, Benchmark, EXTRACTORS, "),
    ],
)
def test_a_misspelt_name_brings_a_suggestion(name, hint):
    with pytest.raises(AttributeError, match=f"no attribute '{name}'; ") as caught:
        getattr(featurex, name)
    assert hint in str(caught.value)


def test_the_library_page_names_what_exists():
    for entry in re.findall("^::: (.+)$", (ROOT / "docs" / "api.md").read_text(), re.MULTILINE):
        assert pkgutil.resolve_name(entry) is not None


def test_every_public_class_and_function_has_an_example():
    missing = {
        name
        for name in featurex.__all__
        if callable(value := getattr(featurex, name))
        and not ("Examples\n" in value.__doc__ and ">>> " in value.__doc__)
    }
    assert missing == set(), "give it an Examples section that runs as a doctest"

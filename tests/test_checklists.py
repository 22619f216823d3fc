"""The checklists of CONTRIBUTING.md: whoever adds something and forgets a step is told which."""

import dataclasses
import inspect
import re
from pathlib import Path
from typing import get_args

import pytest

import featurex
from featurex import datasets, models, runs
from featurex.benchmark import PLAN
from featurex.benchmark.questions import QUESTIONS
from featurex.datasets import SOURCES
from featurex.datasets.sources import Source
from featurex.features import EXTRACTORS, Extractor
from featurex.models import MODELS
from featurex.report.run_page import SECTIONS
from featurex.runs import RunInfo
from featurex.runs.encoding import field_types
from tests.cases import CASES

ROOT = Path(__file__).resolve().parents[1]


def text_of(*names):
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def missing_of_a_family(key, extractor):
    """What an extractor still needs: list of sentences, each with the file to write."""
    name, module = extractor.__name__, extractor.__module__
    cases = {inspect.getmodule(case.twin) for case in CASES if case.family == key}
    twins = [case for case in cases if "from tests.naive import" in inspect.getsource(case)]
    checks = {
        f"{module}: statistics with name, formula and source": all(
            all(statistic) for statistic in getattr(extractor, "statistics", [("",)])
        ),
        f"featurex/__init__.py: {name} among the public names": name in featurex.__all__,
        f"tests/cases/: a case of the family {key!r}": bool(cases),
        f"tests/naive/: a slow twin, which a case of {key!r} imports": bool(twins),
        "docs/features.md: python scripts/make_features_doc.py": (
            f"## {key}: `{name}`" in text_of("docs/features.md")
        ),
        "docs/gallery.md: python scripts/make_gallery.py": (
            extractor.drawing is None or f"gallery/{key}.png" in text_of("docs/gallery.md")
        ),
        f"docs/api.md: a line '::: {module}.{name}'": (
            f"::: {module}.{name}\n" in text_of("docs/api.md")
        ),
    }
    return [step for step, done in checks.items() if not done]


def missing_of_a_classifier(key, model):
    """What a classifier still needs: list of sentences, each with the file to write."""
    name, module = model.__name__, model.__module__
    parameters = inspect.signature(model).parameters
    networks = {"cnn": "tests/test_cnn.py", "resnet18": "tests/test_resnet.py"}
    checks = {
        f"{module}: predict_proba and check_parameters": (
            hasattr(model, "predict_proba") and hasattr(model, "check_parameters")
        ),
        f"{module}: a parameter random_state": "random_state" in parameters,
        f"featurex/models/__init__.py: {name} in __all__": name in models.__all__,
        # Too slow for most processors: it is there for whoever names it.
        f"featurex/benchmark/plan.py: {key!r} in PLAN": key in (*PLAN["models"], "resnet18"),
        f"tests/: a test that names {key!r} or takes it from MODELS": (
            key not in networks or f"{name}(" in text_of(networks[key])
        ),
        f"docs/models.md: a row that begins with '| `{key}` |'": (
            f"| `{key}` |" in text_of("docs/models.md")
        ),
        f"docs/api.md: a line '::: featurex.models.{name}'": (
            f"::: featurex.models.{name}\n" in text_of("docs/api.md")
        ),
    }
    return [step for step, done in checks.items() if not done]


def missing_of_a_source(key, source):
    """What a kind of data set still needs: list of sentences, each with the file to write."""
    name = source.read.__name__
    tests = text_of(
        "tests/test_datasets.py",
        "tests/test_datasets_sources.py",
        "tests/test_datasets_layouts.py",
    )
    checks = {
        f"featurex/datasets/__init__.py: {name} in __all__": name in datasets.__all__,
        f"featurex/datasets/: a section Raises in the docstring of {name}": (
            "Raises\n" in (source.read.__doc__ or "")
        ),
        f"tests/test_datasets_sources.py: a test of a tiny tree, with {key!r} in its name": bool(
            re.search(rf"def (test_)?\w*{key}", tests)
        ),
        f"docs/data.md: a row that names `{name}`": f"`{name}(" in text_of("docs/data.md"),
        f"docs/api.md: a line '::: featurex.datasets.{name}'": (
            f"::: featurex.datasets.{name}\n" in text_of("docs/api.md")
        ),
    }
    return [step for step, done in checks.items() if not done]


def missing_of_a_section(name, make_section):
    """What a section of the report still needs: list of sentences, each with the file to write."""
    source = inspect.getsource(inspect.getmodule(make_section))
    template = ROOT / "featurex" / "report" / "templates" / "sections" / f"{name}.html"
    checks = {
        f"featurex/report/{name}.py: a docstring of make_section": bool(make_section.__doc__),
        f"featurex/report/{name}.py: a Section whose name is {name!r}": (
            re.search(rf"Section\(\s*(name=)?\"{name}\"", source) is not None
        ),
        f"featurex/report/templates/sections/{name}.html: shows what `values` holds": (
            "values=" not in source or template.is_file()
        ),
    }
    return [step for step, done in checks.items() if not done]


# Questions that need no measure of their own: their numbers are AUCs, times and contributions.
NO_MEASURE = {"controls", "cost", "examples", "learning", "mistakes", "rivals", "robustness"}


def missing_of_a_question(name, ask):
    """What a question of the benchmark still needs: list of sentences, each with the file."""
    source = inspect.getsource(inspect.getmodule(ask))
    section = ROOT / "featurex" / "report" / f"{name}.py"
    checks = {
        f"featurex/benchmark/{name}.py: the function that QUESTIONS names": (
            ask.__module__ == f"featurex.benchmark.{name}"
        ),
        f"featurex/evaluation/{name}.py: the measures, which the question imports": (
            name in NO_MEASURE or f"from featurex.evaluation.{name} import" in source
        ),
        "featurex/runs/: a dataclass of the answer": bool(answer_classes(name)),
        f"featurex/runs/schema.py: a field {name!r} of RunInfo with a default": (
            hasattr(RunInfo, name)
        ),
        f"featurex/report/run_page.py: the section {name!r} in SECTIONS": (
            f"featurex.report.{name}" in [make.__module__ for make in SECTIONS]
        ),
        f"featurex/report/{name}.py: explain_missing, where the question was not asked": (
            section.is_file() and f'explain_missing(record, "{name}"' in section.read_text()
        ),
        f"tests/report_run.py: {name!r} in the run that the tests of reports show": (
            re.search(rf"\b{name}\b", text_of("tests/report_run.py")) is not None
        ),
    }
    return [step for step, done in checks.items() if not done]


def answer_classes(name):
    """The dataclasses of featurex.runs that a field of RunInfo may hold: list."""
    kind = field_types(RunInfo).get(name)
    return [
        member
        for member in (kind, *get_args(kind))
        if dataclasses.is_dataclass(member) and member.__module__.startswith(f"{runs.__name__}.")
    ]


@pytest.mark.parametrize("key", EXTRACTORS)
def test_a_family_is_complete(key):
    assert missing_of_a_family(key, EXTRACTORS[key]) == []


@pytest.mark.parametrize("key", MODELS)
def test_a_classifier_is_complete(key):
    assert missing_of_a_classifier(key, MODELS[key]) == []


@pytest.mark.parametrize("key", SOURCES)
def test_a_source_is_complete(key):
    assert missing_of_a_source(key, SOURCES[key]) == []


@pytest.mark.parametrize("make_section", SECTIONS, ids=lambda make: make.__module__)
def test_a_section_is_complete(make_section):
    assert missing_of_a_section(make_section.__module__.rpartition(".")[2], make_section) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_complete(name):
    assert missing_of_a_question(name, QUESTIONS[name]) == []


def test_every_answer_has_its_question():
    fields = [field.name for field in dataclasses.fields(RunInfo) if hasattr(RunInfo, field.name)]
    assert sorted(fields) == sorted(QUESTIONS)


def test_every_missing_step_is_named():
    class SIFT(Extractor):
        """Keypoints."""

    def read_openi(path):
        """List the images of Open-i."""

    def make_section(record):
        return record

    for missing, key, thing, steps in (
        (missing_of_a_family, "sift", SIFT, 6),
        (missing_of_a_classifier, "knn", SIFT, 6),
        (missing_of_a_source, "openi", Source(None, read_openi), 5),
        (missing_of_a_section, "weather", make_section, 3),
        (missing_of_a_question, "weather", make_section, 7),
    ):
        assert len(missing(key, thing)) == steps, missing(key, thing)


def test_the_checklists_name_every_file_that_is_checked():
    page = text_of("CONTRIBUTING.md")
    for path in (
        "tests/naive/",
        "tests/cases/",
        "scripts/make_features_doc.py",
        "docs/api.md",
        "docs/models.md",
        "docs/data.md",
        "docs/run_folder.md",
        "tests/report_run.py",
        "featurex/benchmark/plan.py",
        "tests/test_datasets_sources.py",
    ):
        assert path in page, f"CONTRIBUTING.md does not name {path}"

"""The one way for the data: a module imports only from those above it in the list."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "featurex"

# From the source to the report. A package (features, models ...) is one member; inside it, anything
# goes.
ORDER = (
    "errors",
    "wording",
    "display",
    "checks",
    "plugins",
    "files",
    "parallel",
    "progress",
    "transformer",
    "chain",
    "kernels",
    "images",
    "compat",
    "datasets",
    "image_step",
    "preprocess",
    "harmonize",
    "lungs",
    "features",
    "engine",
    "phantom",
    "lung_files",
    "lung_agreement",
    "scorers",
    "models",
    "construct",
    "evaluation",
    "challenges",
    "audit",
    "explanation",
    "runs",
    "benchmark",
    "report",
    "config",
    "bundle",
    "cli",
    "__main__",
)

# Imported before anything else is decided; the version is all they may want from it.
ROOT = "featurex"


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def member(path):
    """The member of ORDER to which a file belongs."""
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported_members(tree):
    """Yield (line, member) for every import of the project, wherever in the file it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = (
                [node.module]
                if node.module != ROOT
                else [f"{ROOT}.{alias.name}" for alias in node.names]
            )
            assert node.level == 0, f"line {node.lineno}: imports are absolute here"
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == ROOT and len(parts) > 1:
                yield node.lineno, parts[1]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    own = member(path)
    assert own in ORDER, f"{own} has no place in ORDER: where on the way of the data does it stand?"
    for line, other in imported_members(ast.parse(path.read_text(encoding="utf-8"))):
        assert other in ORDER, f"{path.name}:{line} imports featurex.{other}, which is not in ORDER"
        assert ORDER.index(other) <= ORDER.index(own), (
            f"{path.name}:{line}: {own} imports {other}, which comes after it"
        )


def test_evaluation_is_numbers_only():
    """It knows neither images nor models, so that any scores can be given to it."""
    allowed = {"numpy", "scipy", "typing", "dataclasses", "featurex"}
    for path in (PACKAGE / "evaluation").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                name = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                assert name.split(".")[0] in allowed, f"{path.name}:{node.lineno} imports {name}"
        members = {other for _, other in imported_members(tree)}
        assert members <= {"errors", "checks", "evaluation"}, f"{path.name} imports {members}"


def test_a_backward_import_is_caught():
    tree = ast.parse("from featurex.report import page\nimport featurex.cli.main\n")
    assert list(imported_members(tree)) == [(1, "report"), (2, "cli")]


def test_every_member_exists():
    for name in ORDER:
        assert (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file(), (
            f"featurex.{name} is gone"
        )

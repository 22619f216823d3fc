"""Docstrings follow numpydoc and the glossary of docs/conventions.md (nothing is imported)."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "featurex"

SECTIONS = (
    "Parameters",
    "Returns",
    "Yields",
    "Raises",
    "Warns",
    "See Also",
    "Attributes",
    "Notes",
    "References",
    "Examples",
)
# What the glossary forbids, and what it says instead.
FORBIDDEN = {
    r"\bwhole[- ]numbers?\b": "integer",
    r"\bshort[- ]cuts?\b": "shortcut",
    r"\border\s+of\s+bytes\b": "byte order",
    r"\bgreatest\b": "largest, maximum",
    r"\b(?!at\b)\w+[^\w.]+least\b(?!\s+(squares|squared|significant))": "smallest, minimum",
    r"\bfirst\s+cache\b|\bfastest\s+memory\b": "L1 cache",
}


def is_public(node):
    return not node.name.startswith("_")


def documented(tree):
    """Yield every public module, class, function and method of a syntax tree."""
    yield tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and is_public(node):
            yield node
            yield from (
                child
                for child in node.body
                if isinstance(child, ast.FunctionDef) and is_public(child)
            )
        elif isinstance(node, ast.FunctionDef) and is_public(node):
            yield node


def sections(docstring):
    """Split a docstring into its sections: dict of title to list of lines; the summary is ""."""
    lines = docstring.splitlines()
    title, found = "", {"": []}
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line and re.fullmatch("-{3,}", following):
            title = line
            found[title] = []
        elif not re.fullmatch("-{3,}", line):
            found[title].append(line)
    return found


def entries(lines):
    """The entries of a Parameters section: pairs of the names and the lines that describe them."""
    found = []
    for line in lines:
        if line and not line.startswith(" "):
            head = line.partition(" : ")[0]
            found.append(([name.strip().lstrip("*") for name in head.split(",")], line, []))
        elif line.strip():
            found[-1][2].append(line)
    return found


def signature(node):
    """The names of a function's arguments, or of a class's fields; None if they are inherited."""
    if isinstance(node, ast.ClassDef):
        constructor = [
            child for child in node.body if getattr(child, "name", "") in ("__init__", "__new__")
        ]
        if constructor:
            return signature(constructor[0])
        fields = {child.target.id for child in node.body if isinstance(child, ast.AnnAssign)}
        return fields or None
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return {argument.arg for argument in every if argument}


def places():
    """Every documented thing as (where it stands, its node, its docstring)."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in documented(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "name", "")
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {name}".strip()
            yield where, node, ast.get_docstring(node)


PLACES = list(places())


def test_every_public_thing_has_a_docstring():
    assert [where for where, _, text in PLACES if not text] == []


def test_no_docstring_begins_with_of():
    assert [where for where, _, text in PLACES if text and text.startswith("Of ")] == []


def test_sections_are_those_of_numpydoc():
    wrong = [
        f"{where}: {title}"
        for where, _, text in PLACES
        for title in sections(text or "")
        if title and title not in SECTIONS
    ]
    assert wrong == []


def test_documented_parameters_exist():
    wrong = []
    for where, node, text in PLACES:
        lines = sections(text or "").get("Parameters")
        allowed = None if isinstance(node, ast.Module) else signature(node)
        if lines and allowed is not None:
            names = {name for names, *_ in entries(lines) for name in names}
            wrong += [f"{where}: {name}" for name in names - allowed]
    assert wrong == []


def test_every_documented_parameter_is_described():
    bare = [
        f"{where}: {line}"
        for where, _, text in PLACES
        for _, line, description in entries(sections(text or "").get("Parameters", []))
        if not description and " see " not in f" {line}" and ": ignored" not in line
    ]
    assert bare == []


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_the_glossary_decides_about_words(pattern):
    pages = [path for path in (ROOT / "docs").glob("*.md") if path.name != "conventions.md"]
    found = []
    for path in sorted([*PACKAGE.rglob("*.py"), *pages, *ROOT.glob("*.md")]):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(pattern, text, re.IGNORECASE):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(ROOT)}:{line}: {match[0]!r}")
    assert found == [], f"say {FORBIDDEN[pattern]}"

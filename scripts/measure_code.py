"""Print how the code is cut and how well it is explained.

Usage: python scripts/measure_code.py [FOLDER]

FOLDER holds the packages featurex and tests; by default it is this repository. Lines of code are
physical lines that hold a token other than a comment or a docstring.
"""

import ast
import io
import re
import statistics
import sys
import tokenize
from pathlib import Path

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SECTION = re.compile(r"^(Parameters|Attributes)\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", re.M | re.S)


class Source:
    """One parsed file.

    Parameters
    ----------
    path : pathlib.Path
        A Python file.
    """

    def __init__(self, path):
        text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(text)
        self.n_lines = text.count("\n")
        self.docstrings = [
            (node, ast.get_docstring(node))
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Module, *_DEFINITIONS)) and ast.get_docstring(node)
        ]
        docstring_lines = set()
        for node, _ in self.docstrings:
            docstring_lines |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
        self.n_docstring_lines = len(docstring_lines)
        code, comments = set(), set()
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                comments.add(token.start[0])
            elif token.string.strip():
                code |= set(range(token.start[0], token.end[0] + 1))
        self.code = code - docstring_lines
        self.n_comment_lines = len(comments - self.code)

    def functions(self):
        """Yield the number of code lines of every function, without its docstring."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield len(self.code & set(range(node.lineno, node.end_lineno + 1)))

    def public(self):
        """Yield every public class and function at module level, and every public method."""
        for node in self.tree.body:
            if isinstance(node, _DEFINITIONS) and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    yield from (
                        member
                        for member in node.body
                        if isinstance(member, _DEFINITIONS) and not member.name.startswith("_")
                    )

    def parameters(self):
        """Yield, for each documented parameter, whether it has a description."""
        for _, docstring in self.docstrings:
            for section in _SECTION.finditer(docstring):
                lines = section.group(2).rstrip().split("\n")
                for line, following in zip(lines, [*lines[1:], ""], strict=True):
                    if line and not line[0].isspace():
                        yield following.startswith("    ")


def measure(folder):
    """Measure a repository.

    Parameters
    ----------
    folder : pathlib.Path
        It holds the packages featurex and tests.

    Returns
    -------
    rows : list of (str, str)
        What was measured, and its value.
    """
    sources = [Source(path) for path in sorted((folder / "featurex").rglob("*.py"))]
    tests = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((folder / "tests").rglob("*.py"))
    )
    functions = sorted(n for source in sources for n in source.functions())
    lines = [source.n_lines for source in sources]
    n_code = sum(len(source.code) for source in sources)
    n_docstring = sum(source.n_docstring_lines for source in sources)
    public = [node for source in sources for node in source.public()]
    parameters = [described for source in sources for described in source.parameters()]
    raises = re.findall(r"pytest\.raises\((?:[^()]|\([^()]*\))*\)", tests)
    doctests = sum(d.count(">>> ") for source in sources for _, d in source.docstrings)
    return [
        ("files: number, median lines, largest", f"{len(lines)}, {_median(lines)}, {max(lines)}"),
        (
            "functions, code lines: median, 90 %, largest",
            f"{_median(functions)}, {functions[int(0.9 * len(functions))]}, {functions[-1]}",
        ),
        (
            "comment-only lines to code lines",
            f"{sum(source.n_comment_lines for source in sources) / n_code:.1%}",
        ),
        ("docstring lines to all lines", f"{n_docstring / sum(lines):.1%}"),
        (
            "public names with a docstring",
            f"{sum(ast.get_docstring(node) is not None for node in public)} of {len(public)}",
        ),
        (
            "documented parameters with a description",
            f"{sum(parameters)} of {len(parameters)} ({sum(parameters) / len(parameters):.0%})",
        ),
        ("doctest lines", f"{doctests}"),
        ("test functions", f"{len(re.findall(r'^ *def test_', tests, re.M))}"),
        (
            "pytest.raises with match",
            f"{sum('match' in call for call in raises)} of {len(raises)}",
        ),
    ]


def _median(numbers):
    return round(statistics.median(numbers))


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1])
    for name, value in measure(root):
        print(f"{name:<48}{value}")

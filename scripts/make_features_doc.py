"""Write docs/features.md from the extractors' own docstrings, statistics and signatures.

Usage: python scripts/make_features_doc.py
"""

import inspect
from pathlib import Path

import numpy as np

from featurex.features import EXTRACTORS

TARGET = Path(__file__).resolve().parents[1] / "docs" / "features.md"
_HEAD = """# Features

Every family is a scikit-learn transformer. `python scripts/make_features_doc.py` makes this page
from the classes, and `featurex features FAMILY` prints the same. Column names follow
`docs/conventions.md`.
"""


def section(family, extractor):
    """Render one family: its docstring, signature, statistics and columns."""
    names = list(extractor().fit(np.zeros((1, 224, 224), np.uint8)).get_feature_names_out())
    summary, _, rest = inspect.cleandoc(extractor.__doc__).partition("\n\n")
    lines = [
        f"## {family}: `{extractor.__name__}`",
        "",
        summary,
        "",
        "```text",
        rest.strip(),
        "```",
        "",
    ]
    defaults = ", ".join(
        str(parameter) for parameter in inspect.signature(extractor).parameters.values()
    )
    lines += [
        f"Defaults: `{extractor.__name__}({defaults})`.",
        "",
        "| statistic | formula | source |",
        "|---|---|---|",
    ]
    for name, formula, source in extractor.statistics:
        lines.append(f"| {name} | `{formula.replace('|', chr(92) + '|')}` | {source} |")
    lines += [
        "",
        f"{len(names)} columns by default at 224 px, from `{names[0]}` to `{names[-1]}`.",
        "",
    ]
    return "\n".join(lines)


def render():
    """Render the whole page."""
    return "\n".join(
        [_HEAD, *(section(family, extractor) for family, extractor in EXTRACTORS.items())]
    )


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    print(TARGET)

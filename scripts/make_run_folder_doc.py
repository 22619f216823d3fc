"""Write docs/run_folder.md from the docstrings of the dataclasses in featurex.runs.

Usage: python scripts/make_run_folder_doc.py
"""

import dataclasses
import inspect
import re
from pathlib import Path

from featurex.runs import answers, external, findings, schema, tables

TARGET = Path(__file__).resolve().parents[1] / "docs" / "run_folder.md"
_HEAD = f"""# The run folder

This is what `featurex benchmark` leaves behind. Every file is written whole or not at all, and
`{schema.RUN}` last: a folder with it is a finished run. `featurex report RUN` makes the page from
these files alone, and no other reader needs more. `featurex.runs.read_record` reads a folder and
refuses what it cannot trust with its place, as "run.json: importance.families[2].auc_drop must be a
number, but 'x' was given". `python scripts/make_run_folder_doc.py` makes this page from the classes
in `featurex.runs`.

| file | content |
|---|---|
| `{schema.ROWS}` | one row for each input, features and model: scores, intervals, times |
| `{schema.PREDICTIONS}` | one line for each image, model and way of scoring |
| `{schema.EXTERNAL}` | one row for each model and external set; only where there is one |
| `{schema.FEATURES}` | the columns of every family, for every input |
| `{schema.ERRORS}` | the files that were set aside |
| `{schema.RUN}` | everything else: data, protocol, choice, answers, versions, configuration |
| `{schema.PICTURES}/` | PNGs: examples, what the chosen model goes by, its mistakes |
| `{schema.REPORT}` | the page |
| `{schema.MODEL}` | the chosen classical model, for `featurex predict` ([models.md](models.md)) |

A model's key is `input/features/model`; `+` joins families, and `pixels` are the images
themselves. AUCs of three classes are the mean of each class against the rest. Fields that end in
`_low` and `_high` are 95 % intervals by bootstrap over patients.
"""
_FINDINGS_HEAD = f"""## {findings.FINDINGS}

`featurex benchmark --findings` fills a run folder for each finding, and beside them this table and
a `{schema.REPORT}` of all.
"""
_RUN_HEAD = f"""## {schema.RUN}

`format` is {schema.FORMAT}; a reader refuses a number that it does not know, and a key that is not
listed here. The fields from `comparison` on answer questions; where one was not asked, `skipped`
says why.
"""


def render():
    """The whole page: str."""
    parts = [_HEAD]
    for name, kind in (
        (schema.ROWS, tables.Row),
        (schema.PREDICTIONS, tables.Prediction),
        (schema.EXTERNAL, external.ExternalRow),
        (schema.ERRORS, tables.SetAside),
    ):
        parts.append(f"## {name}\n\n{_describe(kind)}\n")
    parts.append(f"{_FINDINGS_HEAD}\n{_describe(findings.FindingRow)}\n")
    parts.append(f"{_RUN_HEAD}\n{_table(schema.RunInfo)}\n")
    kinds = [kind for kind in _list_kinds(schema) if kind is not schema.RunInfo]
    kinds += _list_kinds(answers)
    kinds += [kind for kind in _list_kinds(external) if kind is not external.ExternalRow]
    parts += [f"### {kind.__name__}\n\n{_describe(kind)}\n" for kind in kinds]
    return "\n".join(parts)


def _list_kinds(module):
    """The dataclasses that a module defines, in its order."""
    return [
        kind
        for kind in vars(module).values()
        if dataclasses.is_dataclass(kind) and kind.__module__.startswith(module.__name__)
    ]


def _describe(kind):
    summary = inspect.cleandoc(kind.__doc__).partition("\n\nParameters")[0]
    return f"{' '.join(summary.split())}\n\n{_table(kind)}"


def _table(kind):
    """A numpydoc section of parameters as a table."""
    body = inspect.cleandoc(kind.__doc__).partition("----------\n")[2]
    lines = ["| field | type | meaning |", "|---|---|---|"]
    for names, types, meaning in re.findall(r"^(\S.*?) : (.+)\n((?:    .+\n?)+)", body, re.M):
        fields = ", ".join(f"`{name}`" for name in names.split(", "))
        lines.append(f"| {fields} | {types} | {' '.join(meaning.split())} |")
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")

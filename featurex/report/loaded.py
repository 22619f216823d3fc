"""A finished run in Python: its tables, and its figures as a notebook shows them."""

from dataclasses import dataclass
from os import PathLike

from featurex.report.names import decimal, full_name
from featurex.report.standalone import find_drawings, make_standalone
from featurex.report.summary import summarise_run
from featurex.report.svg import Figure, element
from featurex.runs import read_record


@dataclass(frozen=True)
class Drawing:
    """A figure of the report, which a notebook shows.

    Parameters
    ----------
    title, svg, caption : str
        Heading, a whole SVG file, and how to read it.
    """

    title: str
    svg: str
    caption: str

    def _repr_svg_(self):
        return self.svg


class LoadedRun:
    """A finished run; see `load_run`.

    Parameters
    ----------
    record : featurex.runs.Record
        What the folder holds.

    Attributes
    ----------
    folder : pathlib.Path
        Where it stands.
    info : featurex.runs.RunInfo
        What run.json holds.
    rows, predictions, external, errors : pandas.DataFrame
        The tables of the folder; see docs/run_folder.md. Rows and external have the column key.
    """

    def __init__(self, record):
        self.record = record
        self.folder, self.info = record.folder, record.info
        self.rows, self.predictions = record.rows, record.predictions
        self.external, self.errors = record.external, record.errors

    def __repr__(self):
        chosen = ", ".join(self.record.chosen) or "none"
        return f"<run {self.folder}: {len(self.rows)} models, chosen: {chosen}>"

    def _repr_html_(self):
        summary = summarise_run(self.record)
        lines = [
            element("li", f"{full_name(key)}: test AUC {decimal(self.record.row(key)['test_auc'])}")
            for key in self.record.chosen
        ]
        parts = [element("h4", summary.question), element("ul", *lines)]
        sentences = (summary.result, summary.comparison, summary.validity)
        return "".join([*parts, *(element("p", sentence) for sentence in sentences)])

    @property
    def figures(self):
        """The figures of the report: dict of "section-number" to `Drawing`."""
        # Late: the sections of a page are many modules.
        from featurex.report.run_page import SECTIONS

        drawings = {}
        for make_section in SECTIONS:
            section = make_section(self.record)
            found = [
                Drawing(figure.title, make_standalone(svg), figure.caption)
                for figure in _find_figures((section.figures, section.values))
                # A figure of several panels has several drawings.
                for svg in find_drawings(str(figure.svg))
            ]
            names = (f"{section.name}-{number}" for number in range(1, len(found) + 1))
            drawings |= dict(zip(names, found, strict=True))
        return drawings


def load_run(folder: str | PathLike[str]) -> LoadedRun:
    """Load a finished run.

    Parameters
    ----------
    folder : str or path-like
        Folder of the run, as written by ``featurex benchmark``.

    Returns
    -------
    run : LoadedRun
        With rows, predictions, external, errors and figures; a notebook shows its summary.

    Raises
    ------
    DataError
        If the folder does not hold a finished run that this version can read.

    Examples
    --------
    >>> from featurex import load_run
    >>> run = load_run("runs/first")
    >>> run.rows["key"].iloc[0], len(run.predictions["model"].unique())
    ('aligned/zones/xgboost', 27)
    >>> run.figures["curves-1"].title
    'ROC'
    """
    return LoadedRun(read_record(folder))


def _find_figures(value):
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, dict):
        yield from _find_figures(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _find_figures(part)

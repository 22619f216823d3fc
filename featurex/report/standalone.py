"""Figures and tables of a page as files of their own: SVG, CSV and LaTeX."""

import csv
import io
import re
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

from featurex.files import check_writable, replacing

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"var\((--[a-z-]+)\)")
# What begins the rules of drawings in page.css, and what ends them.
_DRAWINGS = ("/* Colours and strokes of drawings", ".findings {")
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def write_parts(page, folder):
    """Write every figure and table of a page into a folder.

    Parameters
    ----------
    page : str
        HTML, as from `featurex.report.run_page.render_run`.
    folder : str or path-like
        Is created where needed; files of the same names are replaced.

    Returns
    -------
    paths : list of pathlib.Path
        SECTION-NUMBER.svg of figures, and SECTION-NUMBER.csv and .tex of tables.

    Raises
    ------
    DataError
        If a file cannot be written.
    """
    parts = _Parts(page)
    contents = {f"{name}.svg": make_standalone(svg) for name, svg in parts.figures.items()}
    for name, (rows, numeric) in parts.tables.items():
        contents |= {f"{name}.csv": write_csv(rows), f"{name}.tex": write_latex(rows, numeric)}
    folder = check_writable(Path(folder).absolute())
    for name, content in contents.items():
        with replacing(folder / name) as temporary:
            temporary.write_text(content, encoding="utf-8")
    return [folder / name for name in contents]


def find_drawings(page):
    """Find the drawings of a page or a part of it: list of str."""
    return re.findall(r'<svg [^>]*role="img".*?</svg>', page, re.S)


def make_standalone(svg):
    """Make a drawing of a page a file that any program shows: with its colours, on white.

    Parameters
    ----------
    svg : str
        As from `featurex.report.svg.drawing`.

    Returns
    -------
    svg : str
    """
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    space = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    start, rest = svg.split(">", 1)
    return f"{start.replace('<svg ', space, 1)}><style>{drawing_style()}</style>{paper}{rest}\n"


def drawing_style():
    """List the rules of drawings in light colours, without variables: str.

    Few programs but browsers know variables. A colour that a class gives, as ``.classical`` does,
    is written out for each such class.
    """
    style = resources.files("featurex.report").joinpath("templates", "page.css").read_text("utf-8")
    values = dict(re.findall(r"(--[a-z-]+): ([^;]+);", style.split("@media", 1)[0]))
    kinds = dict(re.findall(r"(\.[a-z0-9-]+) \{ --kind: var\((--[a-z-]+)\); \}", style))
    rules = []
    start, end = (style.index(words) for words in _DRAWINGS)
    for selectors, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", style[start:end], flags=re.S)):
        if "--kind" not in body:
            rules.append(f"{selectors.strip()} {{{_VARIABLE.sub(lambda m: values[m[1]], body)}}}")
        elif "--kind:" not in body:
            for kind, colour in kinds.items():
                named = ", ".join(f"{one.strip()}{kind}" for one in selectors.split(","))
                given = body.replace("var(--kind)", values[colour])
                rules.append(f"{named} {{{_VARIABLE.sub(lambda m: values[m[1]], given)}}}")
    return " ".join([*rules, "svg { font-family: Helvetica, Arial, sans-serif; }"])


def write_csv(rows):
    """Write rows of text as CSV: str."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_latex(rows, numeric):
    """Write rows of text as a table of LaTeX, for the package booktabs.

    Parameters
    ----------
    rows : list of list of str
        The first is the head.
    numeric : list of bool
        Whether a column is of numbers, which stand at the right.

    Returns
    -------
    text : str
    """
    head, *rest = [" & ".join(map(_escape, row)) + r" \\" for row in rows]
    columns = "".join("r" if right else "l" for right in numeric)
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule", *rest]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def _escape(text):
    text = re.sub(r"[\\~^&%$#_{}]", lambda sign: _SPECIAL.get(sign[0], f"\\{sign[0]}"), text)
    return text.replace("–", "--").replace("\N{NARROW NO-BREAK SPACE}", "~")


class _Parts(HTMLParser):
    """Finds the figures and tables of a page, by the section that holds them."""

    def __init__(self, page):
        super().__init__()
        self.figures, self.tables = {}, {}
        self._section, self._count, self._skip = "page", 0, 0
        self._rows, self._numeric, self._cell = None, [], None
        self._find_figures(page)
        self.feed(page)
        self.close()

    def _find_figures(self, page):
        for section in re.split(r'(?=<section id=")', page):
            name = re.match(r'<section id="([^"]+)"', section)
            for number, svg in enumerate(find_drawings(section), start=1):
                self.figures[f"{name[1] if name else 'page'}-{number}"] = svg

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "section":
            self._section, self._count = attributes.get("id", "page"), 0
        elif tag == "table":
            self._rows, self._numeric = [], []
        elif self._rows is None:
            return
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell = []
            if len(self._rows) == 1:
                self._numeric.append("n" in attributes.get("class", "").split())
        elif "data-skip" in attributes:
            self._skip += 1

    def handle_data(self, data):
        if self._cell is not None and not self._skip:
            self._cell.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self._cell is not None:
            self._rows[-1].append(" ".join(" ".join(self._cell).split()))
            self._cell = None
        elif tag == "table":
            self._count += 1
            self.tables[f"{self._section}-{self._count}"] = (self._rows, self._numeric)
            self._rows = None
        elif tag == "a" and self._skip:
            self._skip -= 1

import csv
import re
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from featurex import load_run
from featurex.cli import cli
from featurex.errors import DataError
from featurex.report import write_report
from featurex.report.standalone import drawing_style, write_latex
from tests.report_run import write_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    write_run(folder)
    write_report(folder)
    return folder


def test_every_figure_and_table_of_a_report_is_a_file(folder, tmp_path):
    done = CliRunner().invoke(cli, ["report", str(folder), "--figures", str(tmp_path / "parts")])
    assert done.exit_code == 0, done.output
    page = (folder / "report.html").read_text(encoding="utf-8")
    files = sorted((tmp_path / "parts").iterdir())
    svgs = [path for path in files if path.suffix == ".svg"]
    assert len(svgs) == page.count('role="img"') > 10
    assert len([path for path in files if path.suffix == ".csv"]) == page.count("<table")
    for path in svgs:
        tree = ET.fromstring(path.read_text(encoding="utf-8"))
        assert float(tree.get("width")) > 0
        # Programs other than browsers know no variables.
        assert "var(" not in path.read_text(encoding="utf-8")
    text = (tmp_path / "parts" / "results-1.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) == len(load_run(folder).rows) + 1
    assert all(len(row) == len(rows[0]) for row in rows)
    assert rows[1][0].endswith("chosen")


def test_kinds_of_curves_keep_their_colours():
    style = drawing_style()
    assert re.search(r"\.marker\.learnt \{ fill: #b84900", style)
    assert re.search(r"\.curve\.classical, \.span\.classical \{ stroke: #0072b2", style)


def test_latex_is_escaped():
    text = write_latex([["a_b", "n"], ["50 % & \\x", "1–2"]], [False, True])
    assert r"\begin{tabular}{lr}" in text
    assert r"a\_b & n \\" in text
    assert r"50 \% \& \textbackslash{}x & 1--2 \\" in text


def test_a_run_is_loaded_with_tables_and_figures(folder):
    run = load_run(folder)
    assert {"key", "test_auc"} <= set(run.rows)
    assert len(run.predictions)
    assert str(run.folder) in repr(run)
    assert "test AUC" in run._repr_html_()
    assert "<script" not in run._repr_html_()
    assert run.figures["curves-1"]._repr_svg_().startswith("<svg ")
    assert run.figures["curves-1"].title == "ROC"


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(DataError, match="is not the folder of a finished run"):
        load_run(tmp_path)

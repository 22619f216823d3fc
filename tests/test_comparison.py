import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from featurex.cli import cli
from featurex.errors import DataError, ParameterError
from featurex.evaluation.comparison import compare_auc, mcnemar
from featurex.report.comparison_page import describe_comparison, name_contenders, render_comparison
from featurex.runs.comparison import adjust, compare_runs
from tests.page import Page
from tests.report_run import write_run

MODELS = ("aligned/zones/logistic", "aligned/zones/xgboost", "original/zones/logistic")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs on the same images: drawn with other seeds, then given one set of labels and
    paths.
    """
    root = tmp_path_factory.mktemp("runs")
    for name in ("first", "second"):
        write_run(root / name, external=False)
    return [root / "first", root / "second"]


def lines(run, key):
    table = pd.read_csv(run / "predictions.csv")
    return table[(table["model"] == key) & (table["split"] == "test")]


def test_pairs_are_those_of_the_paired_tests(runs):
    found = compare_runs(runs[:1], MODELS[:2], resamples=100)
    first, second = (lines(runs[0], key) for key in MODELS[:2])
    expected = compare_auc(first["label"], first["score"], second["score"], first["patient"])
    pair = found.pairs.iloc[0]
    assert (pair["difference"], pair["p"]) == pytest.approx((expected.difference, expected.p))
    assert found.contenders["auc"].tolist() == pytest.approx([expected.auc_a, expected.auc_b])
    rows = pd.read_csv(runs[0] / "rows.csv")
    rows.index = rows["input"] + "/" + rows["features"] + "/" + rows["model"]
    decided = [
        table["score"] >= rows.loc[key, "threshold"]
        for key, table in zip(MODELS[:2], (first, second), strict=True)
    ]
    tested = mcnemar(first["label"], *decided)
    assert (pair["only_a"], pair["only_b"], pair["decision_p"]) == pytest.approx(tuple(tested))
    assert found.contenders["accuracy"].tolist() == pytest.approx(
        rows.loc[list(MODELS[:2]), "test_accuracy"].tolist()
    )


def test_the_order_of_the_lines_does_not_matter(runs, tmp_path):
    write_run(tmp_path / "shuffled", external=False)
    table = pd.read_csv(tmp_path / "shuffled" / "predictions.csv")
    table.sample(frac=1, random_state=0).to_csv(
        tmp_path / "shuffled" / "predictions.csv", index=False
    )
    whole, shuffled = (
        compare_runs([run], MODELS, resamples=100) for run in (runs[0], tmp_path / "shuffled")
    )
    pd.testing.assert_frame_equal(whole.pairs, shuffled.pairs)


def test_chosen_models_of_several_runs(runs):
    found = compare_runs(runs, resamples=100)
    assert found.contenders["run"].tolist() == ["first", "first", "second", "second"]
    assert found.contenders["kind"].tolist() == ["classical", "cnn"] * 2
    assert len(found.pairs) == 6
    same = found.pairs[(found.pairs["a"] == 0) & (found.pairs["b"] == 2)].iloc[0]
    assert (same["difference"], same["p"], same["only_a"]) == (0, 1, 0)
    assert found.left_out == 0


def test_images_that_one_run_lacks_are_left_out(runs, tmp_path):
    write_run(tmp_path / "less", external=False)
    table = pd.read_csv(tmp_path / "less" / "predictions.csv")
    gone = table.loc[table["split"] == "test", "path"].unique()[:7]
    table[~table["path"].isin(gone)].to_csv(tmp_path / "less" / "predictions.csv", index=False)
    found = compare_runs([runs[0], tmp_path / "less"], resamples=100)
    assert found.left_out == 7
    assert found.n_images == 120 - 7


def test_three_classes_are_compared_by_decisions(tmp_path):
    write_run(tmp_path / "three", task="three-class")
    found = compare_runs([tmp_path / "three"], MODELS, resamples=100)
    assert found.pairs["p"].isna().all()
    assert found.pairs["decision_p_adjusted"].notna().all()
    assert "With three classes only the decisions are tested" in describe_comparison(found)
    assert "McNemar" in Page(render_comparison(found)).text


def test_holms_adjustment_by_hand():
    np.testing.assert_allclose(adjust(np.array([0.04, 0.01, 0.03])), [0.06, 0.03, 0.06])
    np.testing.assert_allclose(adjust(np.array([0.6, 0.7])), [1, 1])


def test_the_page_says_what_was_compared(runs):
    found = compare_runs(runs, resamples=100)
    page = Page(render_comparison(found))
    for title in name_contenders(found.contenders):
        assert title in page.text
    assert describe_comparison(found) in page.text
    assert page.text.count("DeLong, patients as clusters") == 6


def test_the_command_prints_and_writes(runs, tmp_path):
    arguments = ["compare", *map(str, runs), "--out", str(tmp_path / "c.html")]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.exception is None
    assert "120 test images of 60 patients" in result.output
    Page((tmp_path / "c.html").read_text())


def test_external_sets_and_rivals_are_compared(tmp_path):
    write_run(tmp_path)
    found = compare_runs([tmp_path], resamples=100, external="other")
    assert found.contenders["kind"].tolist() == ["classical", "cnn", "rival"]
    rows = pd.read_csv(tmp_path / "external.csv")
    rows.index = rows["input"] + "/" + rows["features"] + "/" + rows["model"]
    keys = found.contenders["key"]
    assert found.contenders["auc"].tolist() == pytest.approx(rows.loc[keys, "auc"].tolist())
    assert found.images == "images of other"
    with pytest.raises(ParameterError, match="has other, and 'x' was given"):
        compare_runs([tmp_path], external="x")


def test_what_is_wrong_is_said(runs, tmp_path):
    with pytest.raises(
        ParameterError,
        match=r"no model a/b/c in .*first, .*second; its rows\.csv names them, as ",
    ):
        compare_runs(runs, ["a/b/c"])
    with pytest.raises(ParameterError, match="runs must be different folders"):
        compare_runs([runs[0], runs[0]])
    write_run(tmp_path / "other", task="etiology")
    with pytest.raises(DataError, match=r"other is of the task etiology .* only runs of one task"):
        compare_runs([runs[0], tmp_path / "other"])
    with pytest.raises(DataError, match="is not the folder of a finished run"):
        compare_runs([tmp_path])
    write_run(tmp_path / "elsewhere", external=False)
    table = pd.read_csv(tmp_path / "elsewhere" / "predictions.csv")
    table.assign(path="x/" + table["path"]).to_csv(
        tmp_path / "elsewhere" / "predictions.csv", index=False
    )
    with pytest.raises(DataError, match="no images in common"):
        compare_runs([runs[0], tmp_path / "elsewhere"])
    result = CliRunner().invoke(
        cli, ["compare", str(runs[0]), "--out", "c.pdf"], standalone_mode=False
    )
    assert "--out must be an .html file" in str(result.exception)

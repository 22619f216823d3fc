"""Classes of any name, and several findings of one image, from a list to the reports."""

import json

import numpy as np
import pandas as pd
import pytest

from featurex import load_model
from featurex.audit import audit_dataset
from featurex.benchmark import films
from featurex.benchmark.findings import name_folders, plan_findings, run_findings
from featurex.cli import USAGE_ERROR, exiting_with_a_message
from featurex.cli.benchmark import benchmark
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import find_task, list_findings, load_dataset, make_dataset
from featurex.engine.reading import read_few
from featurex.errors import DataError, ParameterError
from featurex.phantom import write_phantom
from featurex.report import write_findings_page, write_report
from featurex.runs import read_record
from featurex.runs.findings import MEAN, read_findings

SMALL = [
    "inputs={original: {}}",
    "features={zones: {grids: [2], bins: [8]}}",
    "models={logistic: {}, lda: {n_components: 4}}",
    "grid=[{inputs: [original], features: [zones], models: [logistic, lda]}]",
    "preprocess.size=64",
    "folds=2",
    "resamples=100",
]


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """Pictures of the phantom with made-up labels: a list of three classes, and one of findings."""
    folder = tmp_path_factory.mktemp("findings")
    table = load_dataset(write_phantom(folder / "films", 72, 4, rows=80, n_jobs=1)).table
    known = table[["path", "patient"]].assign(
        label=table["subtype"].map({"normal": "Fit", "bacteria": "focal", "virus": "a/b_diffuse"})
    )
    known.to_csv(folder / "classes.csv", index=False)
    sick = (table["label"] == "PNEUMONIA").astype(int)
    # What is not known, or uncertain, takes no part in the question of that finding.
    second = (np.arange(len(table)) % 2).astype(str)
    second[[2, 3, 40]] = "", "-1", ""
    rare = (np.arange(len(table)) == 0).astype(int)
    columns = {
        "No Finding": 1 - sick,
        "Opacity": sick,
        "Ring sign": second,
        "Rare": rare,
        "age": 40,
    }
    table[["path", "patient"]].assign(**columns).to_csv(folder / "findings.csv", index=False)
    return folder


def make(*settings):
    return make_benchmark(read_configuration(settings=[*SMALL, *settings]))


@pytest.fixture(scope="module")
def three(lists):
    dataset = load_dataset(lists / "classes.csv")
    return make().run(dataset, lists / "three", n_jobs=1)


def test_three_made_up_classes_keep_their_names_everywhere(three):
    classes = ("Fit", "a/b_diffuse", "focal")
    assert three.info.classes == classes
    assert three.info.task == "Fit, a/b_diffuse or focal"
    assert set(three.rows["task"]) == {three.info.task}
    assert {count.label for count in three.info.dataset.counts} == set(classes)
    assert {example.label for example in three.info.examples} == set(classes)
    assert three.info.configuration["task"]["classes"] == {name: [name] for name in classes}
    page = write_report(three.folder).read_text(encoding="utf-8")
    assert "<h1>Fit, a/b_diffuse or focal?</h1>" in page
    assert "pneumonia" not in page
    # What is not defined for three classes is said, once, and nothing failed.
    assert all("failed" not in reason for reason in three.info.skipped.values())
    assert "Decision curves are defined for two classes." in page


def test_the_model_of_three_classes_names_them(three, tmp_path):
    from featurex.bundle import save_model

    save_model(tmp_path / "m.featurex", three)
    model = load_model(tmp_path / "m.featurex")
    assert model.classes == three.info.classes
    path = three.folder.parent / "films"
    table = model.predict([str(next(path.rglob("*.jpeg")))], n_jobs=1)
    assert table["decision"][0] in {*three.info.classes, "undecided"}


def test_the_configuration_asks_the_same_again(three, lists):
    tree = json.loads((three.folder / "run.json").read_text())["configuration"]
    dataset = load_dataset(lists / "classes.csv")
    assert find_task(dataset, make_benchmark(tree).task).classes == find_task(dataset).classes


def test_an_audit_of_three_classes(lists):
    audit = audit_dataset(load_dataset(lists / "classes.csv"), n_jobs=1)
    assert len(audit.shortcuts)
    assert set(audit.labels["suggested"]) <= {"Fit", "a/b_diffuse", "focal"}


def test_findings_of_columns_and_of_cells(lists):
    dataset = load_dataset(lists / "findings.csv", labelled=False)
    assert list(list_findings(dataset)) == ["Opacity", "Ring sign", "Rare"]
    rows = [(f"{name}.png", label, "", name, "", "x") for name, label in CELLS.items()]
    cells = make_dataset("cells", rows)
    assert list(list_findings(cells)) == ["Edema", "Mass"]
    listed = cells.table.rename(columns={"label": "seen"})[["path", "seen"]]
    listed.to_csv(lists / "seen.csv", index=False)
    seen = load_dataset(lists / "seen.csv", columns={"findings": "seen"}, labelled=False)
    assert list(list_findings(seen)) == ["Edema", "Mass"]
    task = find_task(cells, {"finding": "Mass"})
    assert task.index(cells.table).tolist() == [1, 1, 0, 0]
    assert tuple(task.classes) == ("no Mass", "Mass")
    with pytest.raises(DataError, match=r"names several findings an image, as 'Edema\|Mass'; ask"):
        find_task(cells)
    with pytest.raises(DataError, match="no finding 'Masses', did you mean 'Mass'"):
        find_task(cells, {"finding": "Masses"})


CELLS = {"a": "Edema|Mass", "b": "Mass", "c": "No Finding", "d": "Edema"}


@pytest.mark.parametrize(
    ("uncertain", "index"), [("omit", [1, 0, -1]), ("negative", [1, 0, 0]), ("positive", [1, 0, 1])]
)
def test_the_policy_of_uncertain_findings(uncertain, index):
    rows = [
        (f"{i}.png", "", "", str(i), "", "x", value) for i, value in enumerate(["1", "0", "-1"])
    ]
    dataset = make_dataset("mine", [*rows, ("9.png", "", "", "9", "", "x", "")], further=("Edema",))
    task = find_task(dataset, {"finding": "Edema", "uncertain": uncertain})
    assert task.index(dataset.table).tolist() == [*index, -1]
    assert task.describe() == {"finding": "Edema", "column": "Edema", "uncertain": uncertain}
    assert "Edema empty (1)" in task.notes[0]


def test_what_is_asked_of_findings_is_checked():
    rows = [(f"{i}.png", "", "", str(i), "", "x", str(i % 2)) for i in range(8)]
    dataset = make_dataset("mine", rows, further=("Edema",))
    with pytest.raises(DataError, match="Edema has too few patients, 4: 5 folds and a holdout"):
        plan_findings(make("folds=5"), dataset, ["Edema"])
    with pytest.raises(DataError, match="no finding has enough patients; Edema is left out: mine"):
        plan_findings(make("folds=5"), dataset)
    with pytest.raises(DataError, match="x: no column tells of findings; needed are columns of 0"):
        plan_findings(make(), make_dataset("x", [("a.png", "TB", "", "1", "", "x")]))
    with pytest.raises(ParameterError, match=r"task\.uncertain must be one of omit, negative"):
        find_task(dataset, {"finding": "Edema", "uncertain": "perhaps"})
    with pytest.raises(ParameterError, match="finding asks for a class alone; leave positive out"):
        find_task(dataset, {"finding": "Edema", "positive": "Edema"})


@pytest.fixture(scope="module")
def finished(lists):
    """A run that was stopped after its first finding, and went on; and how often a film was read
    before and after that.
    """
    dataset = load_dataset(lists / "findings.csv", labelled=False)
    n_read = [0]

    def count(paths, size):
        n_read[-1] += len(paths)
        return read_few(paths, size)

    def stop(run):
        n_read.append(0)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(films, "read_few", count)
        with pytest.raises(KeyboardInterrupt):
            run_findings(make(), dataset, lists / "run", n_jobs=1, done=stop)
        table = run_findings(make(), dataset, lists / "run", n_jobs=1)
    return lists / "run", table, n_read


def test_findings_share_what_is_read(finished):
    folder, _, n_read = finished
    assert n_read == [72, 0]
    assert not (folder / "work").exists()


def test_sharing_changes_no_score(finished, lists):
    folder, _, _ = finished
    alone = make("task={finding: Ring sign}")
    dataset = load_dataset(lists / "findings.csv", labelled=False)
    run = alone.run(dataset, lists / "alone", n_jobs=1)
    together = read_record(folder / "Ring_sign")
    assert sum(count.images for count in together.info.dataset.counts) == 69
    assert together.info.dataset == run.info.dataset
    for name in ("predictions.csv", "features.parquet"):
        read = pd.read_csv if name.endswith("csv") else pd.read_parquet
        pd.testing.assert_frame_equal(read(folder / "Ring_sign" / name), read(run.folder / name))
    assert (together.rows["extract_ms_per_image"] > 0).all()


def test_a_finished_folder_is_left_alone(finished, lists):
    folder, table, _ = finished
    dataset = load_dataset(lists / "findings.csv", labelled=False)
    again = run_findings(make(), dataset, folder, n_jobs=1)
    pd.testing.assert_frame_equal(again, table, check_dtype=False)
    with pytest.raises(DataError, match="holds the findings Opacity, Ring sign already; choose"):
        run_findings(make(), dataset, folder, ["Opacity"], n_jobs=1)


def test_a_run_of_findings(finished):
    folder, table, _ = finished
    assert list(dict.fromkeys(table["finding"])) == ["Opacity", "Ring sign", MEAN]
    means = table[table["finding"] == MEAN].set_index("model")
    for model, rows in table[table["finding"] != MEAN].groupby("model"):
        assert means.loc[model, "test_auc"] == pytest.approx(rows["test_auc"].mean())
    opacity = read_record(folder / "Opacity")
    assert opacity.info.classes == ("no Opacity", "Opacity")
    assert opacity.info.task == "Opacity"
    chosen = table[(table["finding"] == "Opacity") & (table["chosen"] == 1)]
    assert "/".join(chosen[["input", "features", "model"]].iloc[0]) == opacity.chosen[0]


def test_the_page_of_findings_has_a_part_for_each(finished):
    folder, _, _ = finished
    page = write_findings_page(folder).read_text(encoding="utf-8")
    for finding, below in (("Opacity", "Opacity"), ("Ring sign", "Ring_sign")):
        assert f'<section id="{below}"' in page
        assert f'<a href="{below}/report.html">The whole report of {finding}</a>' in page
    assert page.count("macro means") == 1
    assert list(read_findings(folder).records) == ["Opacity", "Ring sign"]
    write_report(folder / "Opacity")
    assert "<h1>Opacity?</h1>" in (folder / "Opacity" / "report.html").read_text(encoding="utf-8")


def test_names_of_folders():
    assert name_folders(["A/B", "a b", "..", "Épanchement"]) == [
        "A_B",
        "a_b-2",
        "finding",
        "Épanchement",
    ]


def test_a_wrong_finding_on_the_command_line_ends_with_a_sentence(lists, tmp_path, capsys):
    arguments = [
        str(lists / "findings.csv"),
        "--findings",
        "Opacities",
        "--out",
        str(tmp_path / "x"),
    ]
    with pytest.raises(SystemExit) as ended, exiting_with_a_message():
        benchmark.main(arguments, standalone_mode=False)
    assert ended.value.code == USAGE_ERROR
    assert "there is no finding 'Opacities', did you mean 'Opacity'" in capsys.readouterr().err

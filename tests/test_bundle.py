import copy
import dataclasses
import json
import pickle
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.neighbors import KNeighborsClassifier

from featurex import GLCM, Align, Benchmark, Equalize, Preprocess, ZoneHistogram, load_model
from featurex.bundle import archive, save_model
from featurex.bundle.archive import ARRAYS, MANIFEST, read_archive, write_archive
from featurex.cli import FILES_SET_ASIDE, cli
from featurex.config import make_benchmark, read_configuration
from featurex.construct import describe
from featurex.datasets import load_dataset
from featurex.errors import DataError, ParameterError
from featurex.images import read_image
from featurex.models import Logistic

SETTINGS = [
    "inputs={aligned: {align: {}, equalize: {}}}",
    "features={zones: {grids: [1, 2, 4], bins: [16, 16, 8]}, glcm: {}}",
    "models={logistic: {}, vote: {}}",
    "preprocess.size=96",
    "folds=3",
    "resamples=100",
]


def run_benchmark(data, folder, model="logistic", task="pneumonia"):
    grid = f"grid=[{{inputs: [aligned], features: [zones+glcm], models: [{model}]}}]"
    tree = read_configuration(settings=[*SETTINGS, grid, f"task={task}"])
    return make_benchmark(tree).run(load_dataset(data), folder, n_jobs=2)


@pytest.fixture(scope="module")
def phantom(drawn):
    return drawn(120, 6, 112)


@pytest.fixture(scope="module")
def run(phantom, tmp_path_factory):
    """The run of a benchmark made in Python, one of whose extractors has a name of its own."""
    benchmark = Benchmark(
        inputs={"aligned": [Align(), Equalize()]},
        features={"tiles": ZoneHistogram(grids=(1, 2, 4), bins=(16, 16, 8)), "glcm": GLCM()},
        models={"logistic": Logistic()},
        grid=[{"inputs": ["aligned"], "features": ["tiles+glcm"], "models": ["logistic"]}],
        preprocess=Preprocess(size=96),
        folds=3,
        resamples=100,
    )
    folder = tmp_path_factory.mktemp("runs") / "run"
    return benchmark.run(load_dataset(phantom), folder, n_jobs=2)


@pytest.fixture(scope="module")
def saved(run):
    path = run.folder / "model.featurex"
    save_model(path, run)
    return path


@pytest.fixture(scope="module")
def members(saved):
    """The manifest and the other members of a good file."""
    manifest, members = read_archive(saved)
    return manifest, members


def is_undecided(run, scores, positive):
    """Whose score is among the higher 90 % of the class that was not decided for, too."""
    lines = pd.read_csv(run.folder / "predictions.csv").query("split == 'train'")
    own, labels = lines["score"].to_numpy(), lines["label"].to_numpy()

    def rank(values):
        return np.sort(values)[int((len(values) + 1) * (1 - 0.9) + 1e-9) - 1]

    return np.where(
        positive, 1 - scores >= rank(1 - own[labels == 0]), scores >= rank(own[labels == 1])
    )


def test_scores_are_those_of_the_benchmark(run, saved, phantom):
    own = run.chosen.row
    expected = (
        pd.read_csv(run.folder / "predictions.csv")
        .query("split == 'test'")
        .set_index("path")["score"]
    )
    table = load_model(saved).predict([str(phantom / name) for name in expected.index], n_jobs=2)
    np.testing.assert_allclose(table["score"], expected, rtol=0, atol=1e-6)
    positive = (expected >= own["threshold"]).to_numpy()
    withheld = table["flags"].str.contains("unusual|no_lungs").to_numpy()
    assert 0 < withheld.mean() < 0.5
    decisions = np.where(positive, "pneumonia", "normal")
    undecided = is_undecided(run, expected.to_numpy(), positive)
    assert 0 < undecided.mean() < 0.7
    decisions = np.where(undecided, "undecided", decisions)
    assert table["decision"].tolist() == np.where(withheld, "no decision", decisions).tolist()
    assert table["probability"].between(0, 1).all()
    assert np.array_equal(
        np.argsort(table["probability"], kind="stable"), np.argsort(table["score"], kind="stable")
    )


def test_a_model_is_adapted_to_images_of_one_site(saved, phantom, tmp_path):
    files = sorted(map(str, (phantom / "test").rglob("*.jpeg")))
    bad = tmp_path / "bad.png"
    bad.write_text("no image")
    model = load_model(saved)
    images = [read_image(path, size=96) for path in files]
    features, _ = model.scoring.measure(images)
    expected = model.scoring.scorer.predict_proba(model.scoring.typical.adapt(features))[:, 1]
    out = tmp_path / "scores.csv"
    arguments = [str(saved), str(bad), *files, "--adapt", "site", "--out", str(out), "--jobs", "1"]
    result = CliRunner().invoke(cli, ["predict", *arguments], standalone_mode=False)
    assert (result.exception, result.return_value) == (None, FILES_SET_ASIDE)
    table = pd.read_csv(out)
    assert (table["adapt"] == "site").all()
    np.testing.assert_allclose(table["score"].to_numpy()[1:], expected, rtol=0, atol=1e-5)
    alone = model.predict(files, n_jobs=1)
    assert not np.allclose(alone["score"], expected, atol=0.01)
    assert alone["flags"].tolist() == table["flags"].fillna("").tolist()[1:]
    with pytest.raises(DataError, match="at least 20 images of one site"):
        model.predict(files[:5], adapt="site", n_jobs=1)
    with pytest.raises(ParameterError, match="adapt must be one of site"):
        model.predict(files, adapt="combat")


def test_a_vote_comes_back(phantom, tmp_path):
    """The other kinds: tests/test_scorers.py."""
    made = run_benchmark(phantom, tmp_path / "run", "vote")
    save_model(tmp_path / "m.featurex", made)
    images = np.random.default_rng(0).integers(0, 256, (3, 96, 96), dtype=np.uint8)
    model = load_model(tmp_path / "m.featurex")
    features = model.scoring.extract(made.chosen.chain.transform(images))
    np.testing.assert_allclose(
        model.score_images(images)[:, :2],
        made.chosen.estimator.predict_proba(features),
        rtol=0,
        atol=1e-6,
    )


def test_three_classes_have_three_scores(phantom, tmp_path):
    made = run_benchmark(phantom, tmp_path / "run", task="three-class")
    save_model(tmp_path / "m.featurex", made)
    model = load_model(tmp_path / "m.featurex")
    files = sorted(map(str, (phantom / "test").rglob("*.jpeg")))[:5]
    table = model.predict(files, n_jobs=1)
    scores = table[["score_0", "score_1", "score_2"]].to_numpy()
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
    decisions = [model.classes[index] for index in scores.argmax(axis=1)]
    withheld = table["flags"].str.contains("unusual|no_lungs").tolist()
    sets = made.chosen.sets.find(scores, scores.argmax(axis=1))
    undecided = sets.sum(axis=1) > 1
    decisions = np.where(undecided, "undecided", decisions)
    assert table["decision"].tolist() == np.where(withheld, "no decision", decisions).tolist()


def test_the_same_run_gives_the_same_file_but_for_its_date(run, saved, tmp_path):
    save_model(tmp_path / "again.featurex", run)
    (one, first), (other, second) = (
        read_archive(path) for path in (saved, tmp_path / "again.featurex")
    )
    assert first[ARRAYS] == second[ARRAYS]
    assert {**one, "created": "", "members": ""} == {**other, "created": "", "members": ""}


def test_the_card_says_what_must_be_known(saved):
    card = load_model(saved).card
    for words in (
        "Research use only",
        "synthetic: no patients",
        "swapped framings",
        "swapped appearance",
        "border ring",
        "## Limits",
    ):
        assert words in card


def test_bad_files_are_rows_with_a_reason_and_flags_are_set(saved, phantom, tmp_path):
    import cv2

    good = next((phantom / "test").rglob("*.jpeg"))
    negative = 255 - cv2.imread(str(good), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(tmp_path / "negative.png"), negative)
    cv2.imwrite(
        str(tmp_path / "noise.png"),
        np.random.default_rng(0).integers(0, 256, (96, 96), dtype=np.uint8),
    )
    (tmp_path / "text.jpeg").write_text("text")
    files = [
        str(good),
        *(str(tmp_path / name) for name in ("negative.png", "noise.png", "text.jpeg", "none.png")),
    ]
    model = load_model(saved)
    for wrong in (files[0], [], None, 3, iter(())):
        with pytest.raises(ParameterError, match="paths must be a list with at least one path"):
            model.predict(wrong)
    for wrong in ([files[0], None], [np.zeros((64, 64))], [files]):
        with pytest.raises(ParameterError, match="paths must hold paths of images, but item"):
            model.predict(wrong)
    table = model.predict([*files[:-1], Path(files[-1])], n_jobs=1)
    assert table["path"].tolist() == files
    assert table["reason"].tolist() == ["", "", "", "NOT_AN_IMAGE", "NOT_FOUND"]
    assert table["score"].isna().tolist() == [False, False, False, True, True]
    assert table["decision"].iloc[-1] == ""
    assert table["flags"].iloc[0] == ""
    assert "inverted" in table["flags"].iloc[1]
    assert "no_lungs" in table["flags"].iloc[2]
    assert "unusual" in table["flags"].iloc[2]
    assert table["decision"].iloc[2] == "no decision"


def test_processes_give_the_same_scores(saved, phantom):
    files = sorted(map(str, phantom.rglob("*.jpeg")))
    model = load_model(saved)
    pd.testing.assert_frame_equal(model.predict(files, n_jobs=2), model.predict(files, n_jobs=1))


# --- files that are not to be trusted


def test_a_pickle_is_refused(tmp_path):
    (tmp_path / "p.featurex").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(DataError, match=r"p\.featurex is no model of featurex"):
        load_model(tmp_path / "p.featurex")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda tree: tree["arrays"][0].update(shape=[2**60]),
            r"take \d[\d,]+ bytes, but it holds",
        ),
        (lambda tree: tree["arrays"][0].update(shape=[0, 2**60]), "claims the shape"),
        (lambda tree: tree["arrays"][0].update(shape=[-1]), "claims the shape"),
        (lambda tree: tree["arrays"][0].update(shape=[]), "claims the shape"),
        (lambda tree: tree["arrays"].append(tree["arrays"][0]), "bytes, but it holds"),
        (lambda tree: tree["arrays"].pop(), "bytes, but it holds"),
        (
            lambda tree: tree["arrays"][0].update(dtype="O"),
            r"dtype must be one of float32, float64",
        ),
        (
            lambda tree: tree["arrays"][-1].update(name="else"),
            "cannot be loaded: KeyError: 'usual'",
        ),
        (lambda tree: tree["estimator"].update(scorer="pickle"), "must be one of affine, chain"),
        (lambda tree: tree.update(classes=["a"]), "tells 2 classes, but there are .* and 1"),
        (lambda tree: tree.update(classes=["a", "a"]), "two of its classes have one name"),
        (lambda tree: tree.update(threshold=None), "two classes need a threshold"),
        (lambda tree: tree["columns"].pop(), "its classifier takes"),
        (lambda tree: tree["columns"].reverse(), "was made for other columns"),
    ],
)
def test_forms_that_do_not_fit_are_refused(members, tmp_path, change, message):
    manifest, good = members
    tree = copy.deepcopy(manifest)
    change(tree)
    write_archive(tmp_path / "f.featurex", tree, good)
    with pytest.raises(DataError, match=message):
        load_model(tmp_path / "f.featurex")


def test_numbers_that_are_none_are_refused(members, tmp_path):
    manifest, good = members
    for number in (np.nan, np.inf):
        content = good[ARRAYS][:-4] + np.array(number, "<f4").tobytes()
        write_archive(tmp_path / "n.featurex", manifest, {**good, ARRAYS: content})
        with pytest.raises(DataError, match=r"n\.featurex cannot be loaded: usual must be finite"):
            load_model(tmp_path / "n.featurex")


def test_loading_needs_no_library_that_fits_and_no_compiler():
    # Compiled here, its code is only loaded there.
    load_model()
    code = (
        "import sys, featurex; featurex.load_model(); print({'sklearn', 'torch', 'xgboost', "
        "'pandas', 'pyarrow', 'joblib', 'scipy.fft', 'scipy.linalg', 'scipy.optimize', "
        "'scipy.special', 'numba.np.arraymath', 'numba.np.npyimpl'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_changed_member_is_refused(saved, tmp_path):
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(tmp_path / "c.featurex", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content + b" " if name == "card.md" else content)
    with pytest.raises(DataError, match=r"was changed: card\.md is not what its manifest says"):
        load_model(tmp_path / "c.featurex")


@pytest.mark.parametrize("change", ["more", "less", "manifest"])
def test_other_members_are_refused(saved, tmp_path, change):
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(tmp_path / "m.featurex", "w") as new:
        for name in old.namelist():
            if change == "less" and name == ARRAYS:
                continue
            new.writestr(
                name, b"[]" if change == "manifest" and name == MANIFEST else old.read(name)
            )
        if change == "more":
            new.writestr("code.py", "print()")
    with pytest.raises(DataError, match=r"m\.featurex is no model of featurex"):
        load_model(tmp_path / "m.featurex")


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.featurex", "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in archive.MEMBERS:
            bomb.writestr(name, b"\0" * 2**23)
    with pytest.raises(DataError, match="would unpack to 25 MB; no model of featurex does"):
        load_model(tmp_path / "b.featurex")


def test_a_large_manifest_is_not_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.featurex", "w") as archive:
        archive.writestr(MANIFEST, b"[" * (2**23 + 1))
        archive.writestr("arrays.bin", b"")
        archive.writestr("card.md", b"")
    with pytest.raises(DataError, match="would unpack to 8 MB; no model of featurex does"):
        load_model(tmp_path / "m.featurex")


def test_another_compression_is_refused(saved, tmp_path):
    with (
        zipfile.ZipFile(saved) as old,
        zipfile.ZipFile(tmp_path / "c.featurex", "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(DataError, match="it is compressed in another way"):
        load_model(tmp_path / "c.featurex")


def test_a_model_too_large_to_be_read_again_is_not_written(monkeypatch, tmp_path):
    monkeypatch.setattr(archive, "MAX_BYTES", 1000)
    with pytest.raises(DataError, match="take fewer trees, or fewer columns"):
        write_archive(tmp_path / "l.featurex", {}, {ARRAYS: b"\0" * 1000})
    assert not list(tmp_path.iterdir())


def test_another_format_is_refused(members, tmp_path):
    manifest, good = members
    write_archive(tmp_path / "n.featurex", {**manifest, "format": 5}, good)
    with pytest.raises(DataError, match=r"has format 5, but featurex .* reads format 4; make the"):
        load_model(tmp_path / "n.featurex")
    with zipfile.ZipFile(tmp_path / "o.featurex", "w") as old:
        for name in (MANIFEST, "estimator.skops", "arrays.npz", "card.md"):
            old.writestr(name, b"")
    with pytest.raises(DataError, match=r"has format 3 or older, .* make the model anew with"):
        load_model(tmp_path / "o.featurex")


def test_a_model_that_gives_other_scores_here_is_refused(members, tmp_path):
    manifest, good = members
    other = [[0.5, 0.5]] * 3
    write_archive(tmp_path / "k.featurex", {**manifest, "known_answer": other}, good)
    with pytest.raises(
        DataError,
        match=r"does not give its known answer here: scores differ by up to .*; it was made with "
        "featurex",
    ):
        load_model(tmp_path / "k.featurex")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"configuration": []}, r"manifest\.json of .*: configuration must be a mapping, but \[\]"),
        ({"columns": {"a": []}}, r"manifest\.json of .*: columns must be a list, but \{"),
        ({"columns": ["a", 1]}, r"manifest\.json of .*: columns\[1\] must be a text, but 1"),
        ({"unusual_from": None}, r"manifest\.json of .*: unusual_from must be a number, but None"),
        ({"calibration": {"slope": "1"}}, r"manifest\.json of .*: calibration lacks intercept"),
        ({"known_answer": [[0.5], "x"]}, r"manifest\.json of .*: known_answer\[1\] must be a list"),
        ({"known_answer": [[0.5, 0.5]]}, "its known answer must be the scores of three images"),
        ({"configuration": {}}, "cannot be loaded: KeyError: 'inputs'"),
        ({"extra": 1}, r"manifest\.json of .*: extra does not exist in this format"),
    ],
)
def test_a_broken_manifest_is_refused_with_its_place(members, tmp_path, change, message):
    manifest, good = members
    write_archive(tmp_path / "x.featurex", {**manifest, **change}, good)
    with pytest.raises(DataError, match=message):
        load_model(tmp_path / "x.featurex")


def test_a_saved_model_outlives_a_change_of_defaults(saved, monkeypatch):
    # Its known answer is checked on loading.
    monkeypatch.setattr(GLCM.__init__, "__defaults__", (64, *GLCM.__init__.__defaults__[1:]))
    assert GLCM().levels == 64
    assert load_model(saved).manifest.configuration["features"]["glcm"]["levels"] == 8
    assert load_model().manifest.configuration["features"]["glcm"]["levels"] == 8


def test_what_no_file_can_hold_is_not_saved(run, tmp_path):
    class Mine(ZoneHistogram):
        pass

    tree = copy.deepcopy(run.info.configuration)
    tree["features"]["tiles"] = describe({"tiles": Mine()})["tiles"]
    other = dataclasses.replace(run, info=dataclasses.replace(run.info, configuration=tree))
    with pytest.raises(
        DataError, match=r"cannot be saved: features\.tiles\.class: .*Mine is no class of featurex"
    ):
        save_model(tmp_path / "m.featurex", other)


def test_a_foreign_model_is_not_saved(run, tmp_path):
    columns = np.random.default_rng(0).normal(size=(20, len(run.chosen.columns)))
    neighbours = KNeighborsClassifier().fit(columns, np.arange(20) % 2)
    foreign = dataclasses.replace(run.chosen, estimator=neighbours)
    message = (
        r"cannot be saved: sklearn.*KNeighborsClassifier has no form as plain arrays: .*; give "
    )
    with pytest.raises(DataError, match=message + r".* get_fitted\(\)"):
        save_model(tmp_path / "m.featurex", run, foreign)


def test_a_model_shows_itself_in_a_line(saved):
    model = load_model(saved)
    shown = repr(model)
    assert "aligned/tiles+glcm/logistic: normal or pneumonia" in shown
    assert len(shown) < 250
    hostile = dataclasses.replace(model.manifest, classes=("normal", "<script>"))
    markup = dataclasses.replace(model, manifest=hostile)._repr_html_()
    assert "normal or &lt;script&gt;" in markup
    assert "Research use only" in markup
    # A notebook is light or dark: nothing has a colour of its own.
    assert not re.search("colou?r|style=", markup)


# --- the model that comes with featurex, and the command


def test_a_model_comes_with_featurex():
    model = load_model()
    assert model.classes == ("normal", "pneumonia")
    assert model.manifest.dataset["synthetic"] is False
    assert "/" not in json.dumps(model.manifest.dataset)


def test_the_default_model_knows_real_films(real_data):
    folder = real_data / "chest_xray_original" / "train"
    files = {
        label: sorted(map(str, (folder / label).iterdir()))[:20]
        for label in ("NORMAL", "PNEUMONIA")
    }
    table = load_model().predict([*files["NORMAL"], *files["PNEUMONIA"]], n_jobs=2)
    decided = table["decision"] == "pneumonia"
    assert decided[:20].sum() <= 3
    assert decided[20:].sum() >= 17


def test_the_command_scores_a_folder(saved, phantom, tmp_path):
    folder = phantom / "test" / "NORMAL"
    arguments = ["predict", str(saved.parent), str(folder), "--jobs", "1", "--out"]
    result = CliRunner().invoke(cli, [*arguments, str(tmp_path / "t.csv")], standalone_mode=False)
    assert (result.exception, result.return_value) == (None, 0)
    table = pd.read_csv(tmp_path / "t.csv", keep_default_na=False)
    assert len(table) == len(list(folder.iterdir()))
    assert "Research use only" in " ".join(result.output.split())
    (tmp_path / "bad.png").write_text("")
    arguments = [
        "predict",
        str(saved),
        str(tmp_path / "bad.png"),
        "--out",
        str(tmp_path / "t.jsonl"),
    ]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert (result.exception, result.return_value) == (None, FILES_SET_ASIDE)
    assert json.loads((tmp_path / "t.jsonl").read_text())["reason"] == "EMPTY_FILE"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.png", "--out", "t.txt"], "--out must be a .csv or .jsonl file"),
        (["m.featurex"], "m.featurex is a model"),
    ],
)
def test_the_command_says_what_is_wrong(arguments, message):
    result = CliRunner().invoke(cli, ["predict", *arguments], standalone_mode=False)
    assert isinstance(result.exception, ParameterError)
    assert message in str(result.exception)

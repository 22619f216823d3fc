import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from featurex.audit import TABLES, audit_dataset
from featurex.audit.duplicates import list_crossing
from featurex.cli import AUDIT_FAILED, cli
from featurex.datasets import load_dataset
from featurex.errors import DataError
from featurex.images import inspect_image


def write_film(path, seed, columns=48, quality=90, exif=None):
    """Noise around a soft bright band: no lung, no class."""
    rng = np.random.default_rng(seed)
    band = 90 * np.exp(-(((np.arange(columns) - columns / 2) / 9) ** 2))
    pixels = np.clip(60 + band + rng.normal(0, 20, (40, columns)), 0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, "JPEG", quality=quality, **({"exif": exif} if exif else {}))


def write_set(root, train=40, test=24, normal_columns=48, normal_quality=90):
    """Half of each split normal, half pneumonia; two images a patient."""
    for split, count in (("train", train), ("test", test)):
        for number in range(count):
            patient = number // 2 + (0 if split == "train" else 1000)
            seed = 2 * number + (split == "test") * 10_000
            normal = root / split / "NORMAL" / f"IM-{patient:04d}-{number:04d}.jpeg"
            write_film(normal, seed, normal_columns, normal_quality)
            write_film(
                root / split / "PNEUMONIA" / f"person{patient}_virus_{number}.jpeg", seed + 1
            )
    return root


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Normals are wider and finer quantised, in train and test; one file is cut, one copied, one
    patient in both.
    """
    root = write_set(
        tmp_path_factory.mktemp("audit") / "planted", normal_columns=56, normal_quality=95
    )
    normals = root / "train" / "NORMAL"
    cut = normals / "IM-0000-0000.jpeg"
    cut.write_bytes(cut.read_bytes()[:-2])
    original = (normals / "IM-0001-0002.jpeg").read_bytes()
    (root / "train" / "PNEUMONIA" / "person77_virus_1.jpeg").write_bytes(original)
    (root / "test" / "NORMAL" / "IM-0003-0099.jpeg").write_bytes(
        (normals / "IM-0003-0006.jpeg").read_bytes()
    )
    return root


@pytest.fixture(scope="module")
def audit(planted):
    return audit_dataset(load_dataset(planted), n_jobs=2)


def test_files_that_cannot_be_read_have_a_reason(audit):
    bad = audit.files[audit.files["reason"] != ""]
    assert bad[["reason"]].to_numpy().tolist() == [["TRUNCATED"]]
    assert bad["path"].iloc[0].endswith("IM-0000-0000.jpeg")
    assert audit.files["columns"].dropna().unique().tolist() == [56, 48]


def test_equal_files_and_what_they_cross(audit):
    assert len(audit.duplicates) == 4
    assert audit.duplicates["group"].tolist() == [0, 0, 1, 1]
    assert len(list_crossing(audit.duplicates, "label")) == 1
    assert len(list_crossing(audit.duplicates, "split")) == 1
    assert len(list_crossing(audit.duplicates, "patient")) == 1


def test_nearly_equal_pictures_are_found_and_others_are_not(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(30):
        shades = np.kron(rng.integers(40, 200, (8, 8)), np.ones((12, 12)))
        folder = tmp_path / ("NORMAL" if number % 2 else "PNEUMONIA")
        folder.mkdir(exist_ok=True)
        Image.fromarray(shades.astype(np.uint8)).save(folder / f"{number}.png")
    film = np.asarray(Image.open(tmp_path / "NORMAL" / "1.png"))
    Image.fromarray(film).save(tmp_path / "NORMAL" / "again.jpeg", quality=60)
    Image.fromarray(film // 2 + 60).save(tmp_path / "PNEUMONIA" / "brighter.png")
    Image.fromarray(film[:, ::-1]).save(tmp_path / "NORMAL" / "mirrored.png")
    audit = audit_dataset(load_dataset(tmp_path), n_jobs=1)
    pairs = audit.near_duplicates
    names = [
        {path.rsplit("/")[-1] for path in row} for row in pairs[["path_a", "path_b"]].to_numpy()
    ]
    same = [{"1.png", "again.jpeg"}, {"1.png", "brighter.png"}, {"again.jpeg", "brighter.png"}]
    turned = [{name, "mirrored.png"} for name in ("1.png", "again.jpeg", "brighter.png")]
    assert sorted(map(sorted, names)) == sorted(map(sorted, same + turned))
    assert pairs["mirrored"].tolist() == [pair in turned for pair in names]
    assert pairs["correlation"].between(0.98, 1.0001).all()
    titles = [finding.title for finding in audit.findings if finding.severity == "serious"]
    assert any(
        title.startswith("3 pairs of nearly the same image differ in label, such as ")
        for title in titles
    )


def draw_chest(seed):
    """Two dark lungs, unequal and wider below, on a bright body."""
    rng = np.random.default_rng(seed)
    row, column = np.mgrid[:96, :96] / 96 + rng.normal(0, 0.015, 2)[:, np.newaxis, np.newaxis]
    spread = 0.6 + 0.5 * row
    right = ((column - 0.28) / 0.16 / spread) ** 2 + ((row - 0.42) / 0.32) ** 2 < 1
    left = ((column - 0.72) / 0.13 / spread) ** 2 + ((row - 0.38) / 0.26) ** 2 < 1
    levels = 170 - 110 * right - 100 * left - 60 * (row < 0.06) + rng.normal(0, 8, row.shape)
    return np.clip(levels, 0, 255).astype(np.uint8)


def test_films_that_are_not_in_order_are_flagged(tmp_path):
    changes = {
        "inverted": lambda film: 255 - film,
        "turned by 180 degrees": lambda film: film[::-1, ::-1],
        "turned by 90 degrees": lambda film: np.rot90(film, -1),
        "too dark": lambda film: film // 8,
        "clipped": lambda film: np.where(film > 120, 255, film).astype(np.uint8),
        "unlike a frontal chest": lambda film: np.random.default_rng(9).integers(
            0, 256, film.shape, np.uint8
        ),
    }
    for number in range(60):
        folder = tmp_path / ("NORMAL" if number % 2 else "PNEUMONIA")
        folder.mkdir(exist_ok=True)
        Image.fromarray(draw_chest(number)).save(folder / f"film{number}.png")
    for number, (name, change) in enumerate(changes.items()):
        Image.fromarray(np.ascontiguousarray(change(draw_chest(100 + number)))).save(
            tmp_path / "NORMAL" / f"{name}.png"
        )
    audit = audit_dataset(load_dataset(tmp_path), n_jobs=1)
    for path, flags in audit.quality[["path", "flags"]].itertuples(index=False):
        name = path.rsplit("/")[-1].removesuffix(".png")
        assert (name in flags) == (name in changes), (name, flags)
        assert (flags == "") == (name not in changes), (name, flags)
    titles = {finding.title.split(", such as ")[0]: finding.severity for finding in audit.findings}
    assert titles["1 of 66 images is inverted"] == "warning"
    assert titles["1 of 66 images is clipped"] == "note"


def test_patients_on_both_sides(audit):
    assert audit.shared_patients.to_numpy().tolist() == [["normal-3", "test+train", 3]]


def test_planted_shortcuts_are_found(audit):
    scores = audit.shortcuts.set_index("name")
    for name in ("width", "aspect", "file size", "quantisation"):
        assert scores.loc[name, "cv_auc"] > 0.95, name
        assert scores.loc[name, "test_auc"] > 0.95, name
    # The same in all images: nothing to tell.
    assert not {"height", "metadata"} & set(scores.index)
    assert (scores["low"] <= scores["cv_auc"]).all()
    assert (scores["cv_auc"] <= scores["high"]).all()


def test_without_a_shortcut_none_is_claimed(tmp_path):
    audit = audit_dataset(load_dataset(write_set(tmp_path, train=30, test=0)), n_jobs=1)
    assert audit.shortcuts["test_auc"].isna().all()
    assert (audit.shortcuts["low"] < 0.65).all()
    assert {"width", "height", "aspect", "quantisation"}.isdisjoint(audit.shortcuts["name"])


def test_findings_name_severity_and_remedy(audit):
    found = {finding.title.split(":")[0]: finding for finding in audit.findings}
    assert found["width alone predicts the label"].severity == "serious"
    assert "resize all images alike" in found["width alone predicts the label"].remedy
    assert found["1 of 130 files cannot be read (1 TRUNCATED)"].severity == "warning"
    assert found["1 patient has images in test+train"].severity == "serious"
    assert any(
        title.startswith("1 group of equal files differs in label, such as ") for title in found
    )
    order = [finding.severity for finding in audit.findings]
    assert order == sorted(order, key=("serious", "warning", "note").index)


def test_a_small_set_is_audited_without_shortcuts(tmp_path):
    write_film(tmp_path / "NORMAL" / "IM-0001-0001.jpeg", 0)
    write_film(tmp_path / "PNEUMONIA" / "person1_virus_1.jpeg", 1)
    audit = audit_dataset(load_dataset(tmp_path), n_jobs=1)
    assert audit.shortcuts.empty
    assert (
        "shortcuts and labels were not looked at: 'normal' has too few patients for 5 folds"
        in audit.notes[-1]
    )
    with pytest.raises(DataError, match="the task three-class needs images of the subtype"):
        audit_dataset(load_dataset(tmp_path), task="three-class")


def test_an_audit_that_was_stopped_reads_no_film_again(tmp_path, monkeypatch):
    dataset = load_dataset(write_set(tmp_path / "films", train=5, test=2))
    expected = audit_dataset(dataset, n_jobs=1)
    parts = tmp_path / "parts"
    with monkeypatch.context() as patch:
        patch.setattr("featurex.audit.score_quality", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            audit_dataset(dataset, folder=parts, n_jobs=1)
    assert parts.exists()
    monkeypatch.setattr("featurex.audit.files.inspect_image", None)
    again = audit_dataset(dataset, folder=parts, n_jobs=1)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(expected, name))
    assert not parts.exists()


def test_a_set_without_a_readable_image_is_refused(tmp_path):
    for name in ("NORMAL/a.jpeg", "PNEUMONIA/b.jpeg"):
        write_film(tmp_path / name, 0)
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(
        DataError, match=r"none of the 2 images can be read; the first: .* \[EMPTY_FILE\]"
    ):
        audit_dataset(load_dataset(tmp_path), n_jobs=1)


def test_few_of_one_class_and_a_tiny_val_are_said(tmp_path):
    for number in range(12):
        write_film(tmp_path / "train" / "PNEUMONIA" / f"person{number}_virus_1.jpeg", number)
    write_film(tmp_path / "val" / "NORMAL" / "IM-0001-0001.jpeg", 99)
    titles = [finding.title for finding in audit_dataset(load_dataset(tmp_path), n_jobs=1).findings]
    assert "only 1 of 13 images is NORMAL" in titles
    assert "the val split has only 1 image" in titles


def test_the_command_writes_tables_and_fails_by_severity(tmp_path):
    planted, out = (
        write_set(tmp_path / "set", train=12, test=4, normal_columns=56),
        tmp_path / "out",
    )
    # A copy, and a patient, on both sides of the split.
    (copied,) = (planted / "train" / "NORMAL").glob("IM-0001-0002.jpeg")
    (planted / "test" / "NORMAL" / "IM-0001-0099.jpeg").write_bytes(copied.read_bytes())
    result = CliRunner().invoke(
        cli, ["audit", str(planted), "--out", str(out), "--jobs", "1"], standalone_mode=False
    )
    assert result.exception is None
    assert result.return_value == AUDIT_FAILED
    assert "SERIOUS: " in result.output
    findings = json.loads((out / "audit.json").read_text())["findings"]
    assert findings[0]["severity"] == "serious"
    assert len(pd.read_csv(out / "files.csv")) == 33
    for name in ("counts", "duplicates", "shared_patients", "shortcuts"):
        assert len(pd.read_csv(out / f"{name}.csv")) > 0
    for name in ("near_duplicates.csv", "quality.csv", "labels.csv", "audit.html"):
        assert (out / name).is_file()


def test_the_command_passes_below_the_severity(tmp_path):
    write_film(tmp_path / "NORMAL" / "a.jpeg", 0)
    write_film(tmp_path / "PNEUMONIA" / "b.jpeg", 1)
    arguments = ["audit", str(tmp_path), "--jobs", "1", "--fail-on"]
    for severity, expected in (("serious", 0), ("warning", 0), ("note", AUDIT_FAILED)):
        result = CliRunner().invoke(cli, [*arguments, severity], standalone_mode=False)
        assert (result.exception, result.return_value) == (None, expected)


# --- what a file tells beside its picture


def test_inspection_of_a_jpeg(tmp_path):
    path = tmp_path / "film.jpeg"
    exif = Image.Exif()
    exif[0x010E] = "a film"
    write_film(path, 0, quality=100, exif=exif)
    inspection = inspect_image(path)
    assert (inspection.header.rows, inspection.header.columns) == (40, 48)
    assert inspection.n_bytes == path.stat().st_size
    assert inspection.exif
    assert inspection.quantisation == 64
    write_film(path, 0, quality=50)
    coarse = inspect_image(path)
    assert not coarse.exif
    with Image.open(path) as image:
        assert coarse.quantisation == sum(image.quantization[0])


def test_inspection_of_a_member(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, images=np.zeros((2, 30, 20), np.uint16))
    inspection = inspect_image(f"{path}#images/1")
    assert (inspection.header.format, inspection.header.bits, inspection.n_bytes) == (
        "NPZ",
        16,
        1200,
    )


# --- the real thing


def test_real_originals_show_the_known_shortcuts(real_data):
    dataset = load_dataset(real_data / "chest_xray_original")
    dataset = replace(dataset, table=dataset.table[::2].reset_index(drop=True))
    scores = audit_dataset(dataset, n_jobs=2).shortcuts.set_index("name")["cv_auc"]
    assert scores["bytes per pixel"] > 0.99
    assert scores["width and height"] > 0.85

import gzip

import numpy as np
import pandas as pd
import pytest

from featurex import load_dataset, read_image
from featurex.datasets import list_findings, read_chexpert, read_manifest, read_nih
from featurex.errors import DataError, ParameterError
from tests.test_datasets import touch


def rows(dataset, *columns):
    """The table's rows as tuples, in any order."""
    return set(map(tuple, dataset.table[list(columns)].to_numpy()))


# --- lists


def test_a_list_with_its_own_column_names(tmp_path):
    table = pd.DataFrame(
        {
            "file": ["b/1.png", "/data/2.png", "b/3.png"],
            "finding": [1, 0, 1],
            "who": ["p1", "p2", "p1"],
            "part": ["Training", "test", ""],
        }
    )
    table.to_csv(tmp_path / "list.csv", index=False)
    table.to_parquet(tmp_path / "list.parquet")
    columns = {"path": "file", "label": "finding", "patient": "who", "split": "part"}
    for ending in ("csv", "parquet"):
        path = tmp_path / f"list.{ending}"
        dataset = read_manifest(path, columns=columns, labels={"0": "Normal", "1": "Pneumonia"})
        assert rows(dataset, "path", "label", "subtype", "patient", "split") == {
            (str(tmp_path / "b/1.png"), "Pneumonia", "", "p1", "train"),
            ("/data/2.png", "Normal", "normal", "p2", "test"),
            (str(tmp_path / "b/3.png"), "Pneumonia", "", "p1", ""),
        }
        assert dataset.notes == ()


def test_a_table_of_a_data_set_is_a_list(tmp_path):
    for name in ("NORMAL/IM-0115-0001.jpeg", "PNEUMONIA/person1_virus_6.jpeg"):
        touch(tmp_path / "data" / name)
    dataset = load_dataset(tmp_path / "data")
    dataset.table.to_csv(tmp_path / "list.csv", index=False)
    pd.testing.assert_frame_equal(load_dataset(tmp_path / "list.csv").table, dataset.table)


def test_a_list_without_patients_reads_names_and_says_so(tmp_path):
    (tmp_path / "list.csv").write_text(
        "path,label\nperson1_virus_6.jpeg,PNEUMONIA\nother.png,NORMAL\n"
    )
    dataset = load_dataset(tmp_path / "list.csv")
    assert rows(dataset, "patient", "subtype") == {
        ("virus-1", "virus"),
        (str(tmp_path / "other.png"), "normal"),
    }
    assert "1 of 2 file names do not name the patient" in dataset.notes[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no readable csv file"),
        (
            "file,label\na.png,NORMAL\n",
            r"has no column 'path' for the path; it has file, label\. Say which",
        ),
        ("path,label,split\na.png,NORMAL,fold3\n", "row 1 after the header has the split 'fold3'"),
        ("path,label\na.png,NORMAL\na.png,COVID\n", r"a\.png is listed twice, in rows 1 and 2"),
        ("path,label\na.png,\n", "there is no image in it"),
        ("path,label\n", "there is no image in it"),
    ],
)
def test_a_bad_list_is_explained(tmp_path, text, message):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        load_dataset(tmp_path / "list.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path\tlabel;x\na.png\tNORMAL\n", "holds semicolons and tabs; separate the fields by"),
        ("path,label\na, b.png,NORMAL\nc.png,NORMAL\n", "more fields than its header"),
    ],
)
def test_a_list_is_never_read_by_guessing(tmp_path, text, message):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        load_dataset(tmp_path / "list.csv")


LISTED = 'Path{0}Label{0}age\nsub/a.png{0}NORMAL{0}31\n"b{0}c.png"{0}COVID{0}\n'


@pytest.mark.parametrize(
    ("name", "separator", "encoding"),
    [
        ("list.csv", ";", "utf-8"),
        ("list.csv", "|", "utf-8-sig"),
        ("list.csv", "\t", "utf-16"),
        ("list.tsv", "\t", "utf-8"),
        ("list.csv.gz", ",", "utf-8"),
    ],
)
def test_lists_as_programs_write_them(tmp_path, name, separator, encoding):
    content = LISTED.format(separator).encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    table = load_dataset(tmp_path / name).table
    assert table["label"].tolist() == ["COVID", "NORMAL"]
    assert table["age"].tolist() == ["", "31"]
    assert table["path"].tolist() == [str(tmp_path / f"b{separator}c.png"), f"{tmp_path}/sub/a.png"]


def test_a_list_from_excel_and_from_arrow(tmp_path):
    table = pd.DataFrame({"path": ["a.png", "b.png"], "label": [1, 0], "site": ["x", None]})
    table.to_excel(tmp_path / "list.xlsx", index=False)
    table.to_feather(tmp_path / "list.feather")
    for name in ("list.xlsx", "list.feather"):
        read = load_dataset(tmp_path / name).table
        assert read[["label", "site"]].to_numpy().tolist() == [["1", "x"], ["0", ""]]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("list.csv", "path,label\na.png,N\n./a.png,P\n", "a.png is listed twice"),
        ("list.csv", "path,label, label\na.png,N,P\n", "has two columns 'label'; rename"),
        ("list.xlsx", "PK", r"list\.xlsx is no readable xlsx file"),
    ],
)
def test_lists_that_contradict_themselves_or_are_none(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=message):
        load_dataset(tmp_path / name)


def test_rows_that_are_left_out_are_counted_by_reason(tmp_path):
    (tmp_path / "list.csv").write_text(
        "path,label,box\na.png,NORMAL,1\na.png,NORMAL,2\nb.png,nan,3\n,,\nc.png,,4\n"
    )
    dataset = load_dataset(tmp_path / "list.csv")
    assert len(dataset) == 1
    assert dataset.notes[0] == (
        "4 of 5 rows of list.csv are left out: 1 without path (row 4 after the header), 2 without "
        "label (the first is row 3 after the header), 1 that repeat an image (row 2 after the "
        "header)"
    )
    unlabelled = load_dataset(tmp_path / "list.csv", labelled=False)
    assert unlabelled.table["label"].tolist() == ["NORMAL", "", ""]


def test_the_root_of_a_list_and_names_without_an_ending(tmp_path):
    touch(tmp_path / "films" / "deep" / "a.png")
    touch(tmp_path / "films" / "b.dcm")
    (tmp_path / "list.csv").write_text(
        "path,label\nC:\\study\\films\\deep\\a.png,NORMAL\nb,COVID\n"
    )
    dataset = load_dataset(tmp_path / "list.csv", root=tmp_path / "films")
    assert rows(dataset, "path") == {
        (str(tmp_path / "films/deep/a.png"),),
        (str(tmp_path / "films/b.dcm"),),
    }
    assert any("1 paths have no ending" in note for note in dataset.notes)


# --- images without labels


def test_images_without_labels(tmp_path, monkeypatch):
    names = ["1.png", "2.jpg", "sub.d/3"]
    for name in names:
        touch(tmp_path / "films" / name)
    touch(tmp_path / "alone" / "images" / "1.png")
    touch(tmp_path / "alone" / "masks" / "1.png")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "names.txt").write_text("films/1.png\n\nfilms/2.jpg\n")
    for source, count in (
        (tmp_path / "films", 3),
        ("films/*.*", 2),
        ("films/**/*", 3),
        (["films/1.png", "films/1.png", "films/sub.d"], 2),
        ("alone", 1),
        ("names.txt", 2),
    ):
        dataset = load_dataset(source, labelled=False)
        assert len(dataset) == count
        assert not dataset.labelled
        assert list(dataset.known) == ["path"]
        assert read_image_names(dataset) <= {"1.png", "2.jpg", "3"}
    with pytest.raises(DataError, match="no file fits the pattern"):
        load_dataset("films/*.bmp", labelled=False)
    with pytest.raises(DataError, match="there is no nowhere; give a folder of radiographs"):
        load_dataset("nowhere", labelled=False)
    with pytest.raises(DataError, match="labels are needed: name one folder"):
        load_dataset(["films", "films"])
    with pytest.raises(DataError, match="columns and root describe a list"):
        load_dataset("films", root="elsewhere")


def read_image_names(dataset):
    return {path.rpartition("/")[2] for path in dataset.table["path"]}


def test_a_list_from_windows_and_from_a_program_that_stores_numbers(tmp_path):
    touch(tmp_path / "deep" / "er" / "a.png")
    table = pd.DataFrame({"path": ["deep\\er\\a.png", "b.png"], "label": [1.0, 0.0]})
    table.to_parquet(tmp_path / "list.parquet")
    dataset = read_manifest(tmp_path / "list.parquet", labels={1: "PNEUMONIA", 0: "NORMAL"})
    assert rows(dataset, "path", "label") == {
        (str(tmp_path / "deep/er/a.png"), "PNEUMONIA"),
        (str(tmp_path / "b.png"), "NORMAL"),
    }
    assert any("as on Windows" in note for note in dataset.notes)


def test_a_bad_mapping_is_explained(tmp_path):
    (tmp_path / "list.csv").write_text("path,label\na.png,NORMAL\n")
    with pytest.raises(DataError, match=r"columns may name path, label, .*, but 'class' was given"):
        read_manifest(tmp_path / "list.csv", columns={"class": "label"})
    with pytest.raises(DataError, match="has no column 'who' for the patient"):
        read_manifest(tmp_path / "list.csv", columns={"patient": "who"})
    (tmp_path / "list.parquet").write_bytes(b"no parquet")
    with pytest.raises(DataError, match="is no readable parquet file"):
        load_dataset(tmp_path / "list.parquet")
    (tmp_path / "latin.csv").write_bytes(b"path,label\n\xff.png,NORMAL\n")
    with pytest.raises(DataError, match="is no readable csv file"):
        load_dataset(tmp_path / "latin.csv")


# --- MedMNIST


SPLITS = ("train", "val", "test")


def write_medmnist(path, size=28, counts=(5, 3, 2), n_labels=1):
    rng = np.random.default_rng(0)
    arrays = {}
    for split, count in zip(("train", "val", "test"), counts, strict=True):
        arrays[f"{split}_images"] = rng.integers(0, 256, (count, size, size), dtype=np.uint8)
        arrays[f"{split}_labels"] = rng.permutation(np.arange(count * n_labels) % 2).reshape(
            count, n_labels
        )
    np.savez_compressed(path, **arrays)
    return arrays


@pytest.mark.parametrize("size", [28, 64])
def test_medmnist(tmp_path, size):
    path = tmp_path / "up" / f"pneumoniamnist_{size}.npz"
    path.parent.mkdir()
    arrays = write_medmnist(path, size)
    # The folder that holds it, and one above, are as good.
    dataset = load_dataset({28: path, 64: path.parent.parent}[size])
    assert dataset.table["split"].value_counts().to_dict() == {"train": 5, "val": 3, "test": 2}
    assert dataset.notes[0].endswith(
        f"{path if size == 28 else path.parent} is read as a set of MedMNIST"
    )
    assert "does not name patients" in dataset.notes[1]
    for text, label, split in dataset.table[["path", "label", "split"]].itertuples(index=False):
        index = int(text.rsplit("/", 1)[1])
        np.testing.assert_array_equal(read_image(text), arrays[f"{split}_images"][index])
        assert label == ("NORMAL", "PNEUMONIA")[int(arrays[f"{split}_labels"][index, 0])]


def test_other_npz_files(tmp_path):
    write_medmnist(tmp_path / "breastmnist.npz")
    assert set(load_dataset(tmp_path / "breastmnist.npz").table["label"]) == {"0", "1"}
    write_medmnist(tmp_path / "chestmnist.npz", n_labels=14)
    with pytest.raises(DataError, match=r"breastmnist\.npz and chestmnist\.npz; name one"):
        load_dataset(tmp_path)
    chest = load_dataset(tmp_path / "chestmnist.npz")
    assert set(chest.table["label"]) <= {"NORMAL", "PNEUMONIA", "OTHER"}
    for findings, label in zip(chest.table["findings"], chest.table["label"], strict=True):
        assert ("Pneumonia" in findings.split("|")) == (label == "PNEUMONIA")
    volumes = {f"{split}_images": np.zeros((2, 28, 28, 28), np.uint8) for split in SPLITS}
    np.savez(tmp_path / "v.npz", **volumes, **{f"{split}_labels": [[0], [1]] for split in SPLITS})
    with pytest.raises(DataError, match="are no images but volumes; featurex reads 2-D sets"):
        load_dataset(tmp_path / "v.npz")
    np.savez(tmp_path / "x.npz", a=np.arange(3))
    with pytest.raises(
        DataError, match="is no MedMNIST file: it holds no array 'train_labels', only a"
    ):
        load_dataset(tmp_path / "x.npz")
    (tmp_path / "y.npz").write_bytes(b"no zip")
    with pytest.raises(DataError, match="is no MedMNIST file"):
        load_dataset(tmp_path / "y.npz")


# --- NIH

NIH_HEADER = (
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],"
)


@pytest.fixture
def nih(tmp_path):
    lines = [
        ("00000001_000.png", "Cardiomegaly|Pneumonia", 1),
        ("00000001_001.png", "No Finding", 1),
        ("00000002_000.png", "Cardiomegaly", 2),
        ("00000003_000.png", "Pneumonia", 3),
    ]
    text = [
        f"{name},{labels},0,{patient},58,M,PA,2682,2749,0.143,0.143,"
        for name, labels, patient in lines
    ]
    (tmp_path / "Data_Entry_2017_v2020.csv").write_text("\n".join([NIH_HEADER, *text]))
    (tmp_path / "train_val_list.txt").write_text("00000001_000.png\n00000001_001.png\n")
    (tmp_path / "test_list.txt").write_text("00000002_000.png\n00000003_000.png")
    for name, _, _ in lines[:3]:
        touch(tmp_path / "images_001" / "images" / name)
    return tmp_path


def test_nih(nih):
    dataset = load_dataset(nih)
    assert dataset.name == "nih-chestxray14"
    assert rows(dataset, "label", "patient", "split") == {
        ("PNEUMONIA", "nih-1", "train"),
        ("NORMAL", "nih-1", "train"),
        ("OTHER", "nih-2", "test"),
    }
    assert rows(dataset, "age", "sex", "view") == {("58", "M", "PA")}
    assert any("1 of 4 listed images are not there" in note for note in dataset.notes)
    assert rows(read_nih(nih, finding="Cardiomegaly"), "label") == {("PNEUMONIA",), ("NORMAL",)}
    with pytest.raises(DataError, match="no image has the finding 'Flu'"):
        read_nih(nih, finding="Flu")


# --- RSNA


@pytest.mark.parametrize("detailed", [False, True])
def test_rsna(tmp_path, detailed):
    (tmp_path / "stage_2_train_labels.csv").write_text(
        "patientId,x,y,width,height,Target\na,1.0,2.0,3.0,4.0,1\na,5.0,6.0,7.0,8.0,1\nb,,,,,0\nc,,,,,0\nd,,,,,0\n"
    )
    if detailed:
        (tmp_path / "stage_2_detailed_class_info.csv").write_text(
            "patientId,class\na,Lung Opacity\na,Lung Opacity\nb,Normal\nc,No Lung Opacity / Not "
            "Normal\n"
        )
    for name in "abc":
        touch(tmp_path / "stage_2_train_images" / f"{name}.dcm")
    dataset = load_dataset(tmp_path)
    other = "OTHER" if detailed else "NORMAL"
    assert rows(dataset, "patient", "label") == {
        ("rsna-a", "PNEUMONIA"),
        ("rsna-b", "NORMAL"),
        ("rsna-c", other),
    }
    assert any("1 of 4 listed images are not there" in note for note in dataset.notes)
    assert any("with other diseases count as NORMAL" in note for note in dataset.notes) != detailed


# --- CheXpert


@pytest.fixture
def chexpert(tmp_path):
    root = tmp_path / "renamed"
    header = "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Pneumonia\n"
    lines = {
        "train/patient00001/study1/view1_frontal.jpg": "Frontal,AP,1.0,",
        "train/patient00001/study1/view2_lateral.jpg": "Lateral,,1.0,",
        "train/patient00002/study1/view1_frontal.jpg": "Frontal,AP,,1.0",
        "train/patient00003/study1/view1_frontal.jpg": "Frontal,AP,,-1.0",
        "train/patient00004/study1/view1_frontal.jpg": "Frontal,AP,,0.0",
        "valid/patient64541/study1/view1_frontal.jpg": "Frontal,AP,1.0,0.0",
    }
    for name, part in (("train.csv", "train/"), ("valid.csv", "valid/")):
        body = [
            f"CheXpert-v1.0-small/{path},Female,68,{rest}\n"
            for path, rest in lines.items()
            if path.startswith(part)
        ]
        root.mkdir(exist_ok=True)
        (root / name).write_text(header + "".join(body))
    for path in lines:
        touch(root / path)
    return root


@pytest.mark.parametrize(
    ("uncertain", "third"), [("omit", ""), ("negative", "OTHER"), ("positive", "PNEUMONIA")]
)
def test_chexpert(chexpert, uncertain, third):
    expected = {
        ("chexpert-patient00001", "NORMAL", "train"),
        ("chexpert-patient00002", "PNEUMONIA", "train"),
        ("chexpert-patient00004", "OTHER", "train"),
        ("chexpert-patient64541", "NORMAL", "val"),
        ("chexpert-patient00003", third, "train"),
    }
    assert (
        rows(read_chexpert(chexpert, uncertain=uncertain), "patient", "label", "split") == expected
    )
    dataset = load_dataset(chexpert)
    assert len(dataset) == 5
    assert rows(dataset, "age", "sex", "view") == {("68", "F", "AP")}
    # What is known of a patient is no finding.
    assert not {"age", "sex", "view"} & set(list_findings(dataset))


def test_chexpert_in_archives_and_in_a_folder_of_its_own(chexpert, tmp_path):
    expected = rows(load_dataset(chexpert), "patient", "label", "split")
    wrapped = tmp_path / "outer" / "middle"
    wrapped.mkdir(parents=True)
    root = chexpert.rename(wrapped / "set")
    assert rows(load_dataset(tmp_path / "outer"), "patient", "label", "split") == expected
    full = tmp_path / "full"
    archives = [full / "CheXpert-v1.0 batch 1 (csv)", full / "CheXpert-v1.0 batch 2 (all)"]
    for archive in archives:
        archive.mkdir(parents=True)
    for part in ("train", "valid"):
        (root / f"{part}.csv").rename(archives[0] / f"{part}.csv")
        for patient in sorted((root / part).iterdir()):
            patient.rename(archives[1] / patient.name)
    for source in (full, archives[0]):
        assert rows(load_dataset(source), "patient", "label", "split") == expected


def test_chexpert_errors(chexpert):
    with pytest.raises(ParameterError, match="uncertain must be one of omit, negative, positive"):
        read_chexpert(chexpert, uncertain="maybe")
    with pytest.raises(DataError, match="has no column 'Flu'"):
        read_chexpert(chexpert, finding="Flu")
    for path in chexpert.rglob("*frontal.jpg"):
        path.unlink()
    with pytest.raises(DataError, match=r"none of the 5 images that .* list is there"):
        load_dataset(chexpert)


def test_a_train_csv_of_another_kind_does_not_hide_the_folders(tmp_path):
    (tmp_path / "train.csv").write_text("id,label\n")
    touch(tmp_path / "train" / "NORMAL" / "1.png")
    assert len(load_dataset(tmp_path)) == 1


def test_listed(tmp_path):
    folder = tmp_path / "mine"
    for name in ("a", "b"):
        touch(folder / "images" / f"{name}.png")
    (folder / "other.csv").write_text("name,age\na,3\n")
    (folder / "labels.csv").write_text("path,label\nimages/a.png,TB\nimages/b.png,normal\n")
    dataset = load_dataset(folder)
    assert dataset.name == "mine"
    assert dataset.notes[0] == "the images and their labels are those of the list labels.csv"
    assert sorted(dataset.table["label"]) == ["TB", "normal"]
    # Class folders say more than a table that lies beside them.
    touch(folder / "normal" / "c.png")
    assert sorted(load_dataset(folder).table["label"]) == ["images", "images", "normal"]

import dataclasses
import os

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from featurex import load_dataset, read_image
from featurex.datasets import Dataset, make_dataset
from featurex.datasets.dataset import COLUMNS
from featurex.datasets.names import identify
from featurex.errors import DataError
from featurex.images.location import parse_location

NORMALS = ("IM-0115-0001.jpeg", "NORMAL2-IM-0115-0001.jpeg", "NORMAL2-IM-0007-0001-0002.JPEG")
PNEUMONIAS = ("person12_bacteria_46.jpeg", "person12_bacteria_47.JPG", "person12_virus_30.jpeg")


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.name.encode())
    return path


def fill(folder, normals=NORMALS, pneumonias=PNEUMONIAS):
    for name in normals:
        touch(folder / "NORMAL" / name)
    for name in pneumonias:
        touch(folder / "PNEUMONIA" / name)
    return folder


@pytest.fixture
def kaggle(tmp_path):
    root = tmp_path / "chest_xray"
    for split in ("train", "test", "val"):
        fill(root / split)
    return root


def test_kaggle_layout(kaggle):
    dataset = load_dataset(kaggle)
    assert dataset.name == "chest_xray"
    assert tuple(dataset.table.columns) == COLUMNS
    assert dataset.table["path"].is_monotonic_increasing
    assert len(dataset) == 18
    assert dataset.notes == ()
    row = dataset.table.set_index("path").loc[
        str(kaggle / "test" / "PNEUMONIA" / "person12_virus_30.jpeg")
    ]
    assert row.to_dict() == {
        "label": "PNEUMONIA",
        "subtype": "virus",
        "patient": "virus-12",
        "split": "test",
        "source": "chest_xray",
    }


def test_a_patient_is_subtype_series_and_number(kaggle):
    patients = set(load_dataset(kaggle / "train").table["patient"])
    assert patients == {"normal-115", "normal2-115", "normal2-7", "bacteria-12", "virus-12"}


def test_the_kaggle_archive_as_it_unpacks(kaggle, tmp_path):
    for split in ("train", "test"):
        fill(kaggle / "chest_xray" / split)
    touch(kaggle / "__MACOSX" / "train" / "NORMAL" / "._IM-0115-0001.jpeg")
    touch(kaggle / "train" / ".DS_Store")
    touch(kaggle / "train" / "NORMAL" / ".DS_Store")
    touch(kaggle / "train" / "NORMAL" / "._IM-0115-0001.jpeg")
    for folder in (kaggle, tmp_path):
        dataset = load_dataset(folder)
        assert len(dataset) == 18
        assert dataset.notes == (
            f"{kaggle / 'chest_xray'} lies beside the split folders and is ignored",
        )


def test_class_folders_without_a_split_and_other_case(tmp_path):
    touch(tmp_path / "normal" / "a.png")
    touch(tmp_path / "Viral Pneumonia" / "images" / "b.png")
    touch(tmp_path / "Viral Pneumonia" / "masks" / "b.png")
    touch(tmp_path / "Viral Pneumonia" / "list.txt")
    touch(tmp_path / "COVID" / "1.2.840.113619")
    dataset = load_dataset(tmp_path)
    assert dataset.table["split"].eq("").all()
    assert set(map(tuple, dataset.table[["label", "subtype"]].to_numpy())) == {
        ("normal", "normal"),
        ("Viral Pneumonia", "virus"),
        ("COVID", ""),
    }
    notes = " ".join(dataset.notes)
    assert "masks is taken for masks and left out" in notes
    assert "1 file that ends in .txt is left out" in notes
    assert "3 of 3 file names do not name the patient" in notes
    assert (dataset.table["patient"] == dataset.table["path"]).all()


def test_split_synonyms(tmp_path):
    fill(tmp_path / "Training")
    fill(tmp_path / "validation")
    fill(tmp_path / "TEST")
    assert set(load_dataset(tmp_path).table["split"]) == {"train", "val", "test"}


@pytest.mark.parametrize(
    ("label", "name", "expected"),
    [
        ("PNEUMONIA", "person1_bacteria_2.jpeg", ("PNEUMONIA", "bacteria", "bacteria-1")),
        ("PNEUMONIA", "person1949_virus_3_1.jpeg", ("PNEUMONIA", "virus", "virus-1949")),
        ("NORMAL", "IM-0640-0001-0001.jpeg", ("NORMAL", "normal", "normal-640")),
        ("NORMAL", "NORMAL2-IM-1152-0001-0001.jpeg", ("NORMAL", "normal", "normal2-1152")),
        ("NORMAL", "NORMAL-1003233-0001.jpeg", ("NORMAL", "normal", "normal-1003233")),
        ("PNEUMONIA", "BACTERIA-1008087-0002.jpeg", ("PNEUMONIA", "bacteria", "bacteria-1008087")),
        ("PNEUMONIA", "VIRUS-999-1.jpeg", ("PNEUMONIA", "virus", "virus-999")),
        ("bacteria", "person3_bacteria_1.jpeg", ("bacteria", "bacteria", "bacteria-3")),
        # What contradicts the folder tells nothing.
        ("PNEUMONIA", "IM-0115-0001.jpeg", ("PNEUMONIA", "", "")),
        ("NORMAL", "person1_virus_2.jpeg", ("NORMAL", "normal", "")),
        ("bacteria", "person3_virus_1.jpeg", ("bacteria", "bacteria", "")),
        ("COVID-19", "covid_1.png", ("COVID-19", "", "")),
    ],
)
def test_names(label, name, expected):
    assert identify(label, name) == expected


# --- unusual trees


def test_equal_names_in_two_folders_stay_two_images(tmp_path):
    touch(tmp_path / "NORMAL" / "a" / "1.png")
    touch(tmp_path / "NORMAL" / "b" / "1.png")
    touch(tmp_path / "PNEUMONIA" / "1.png")
    table = load_dataset(tmp_path).table
    assert len(table) == table["patient"].nunique() == 3


def test_symbolic_links_are_followed_and_loops_named(tmp_path):
    data = tmp_path / "data"
    fill(data)
    (data / "NORMAL" / "back").symlink_to(data)
    (data / "NORMAL" / "self.jpeg").symlink_to(data / "NORMAL" / "self.jpeg")
    elsewhere = touch(tmp_path / "elsewhere" / "x.png").parent
    (data / "PNEUMONIA" / "more").symlink_to(elsewhere)
    dataset = load_dataset(data)
    assert len(dataset) == 6 + 1 + 1
    assert any(
        "back is a symbolic link that leads back: not followed" in note for note in dataset.notes
    )


def test_a_pipe_is_listed_and_does_not_hang(tmp_path):
    fill(tmp_path)
    os.mkfifo(tmp_path / "NORMAL" / "pipe.jpeg")
    dataset = load_dataset(tmp_path)
    assert len(dataset) == 7
    assert len(dataset.digest()) == 64


@pytest.mark.parametrize("name", ["größe.png", "new\nline.png", 'a,b "c".png', b"\xff\xfe.png"])
def test_names_go_through_files_and_back(tmp_path, name):
    folder = os.fsencode(tmp_path / "data" / "NORMAL")
    os.makedirs(folder)
    path = os.path.join(folder, os.fsencode(name))
    pixels = np.add.outer(np.arange(32), np.arange(40)).astype(np.uint8)
    with open(path, "wb") as stream:
        Image.fromarray(pixels).save(stream, "PNG")
    table = load_dataset(tmp_path / "data").table
    table.to_csv(tmp_path / "t.csv", index=False)
    table.to_parquet(tmp_path / "t.parquet")
    for again in (pd.read_csv(tmp_path / "t.csv"), pd.read_parquet(tmp_path / "t.parquet")):
        text = again["path"][0]
        assert parse_location(text).path == os.fsdecode(path)
        np.testing.assert_array_equal(read_image(text), pixels)


# --- what cannot be used


def test_missing_and_empty_sources_say_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"there is no .*nowhere; give a folder of radiographs"):
        load_dataset(tmp_path / "nowhere")
    with pytest.raises(
        DataError, match="holds no images in class folders; needed is one folder for each class"
    ):
        load_dataset(tmp_path)
    touch(tmp_path / "1.png")
    with pytest.raises(DataError, match="holds no images in class folders"):
        load_dataset(tmp_path)
    with pytest.raises(DataError, match=r"1.png is no data set: give a folder"):
        load_dataset(tmp_path / "1.png")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list anything")
def test_a_closed_folder_is_named(tmp_path):
    fill(tmp_path)
    (tmp_path / "NORMAL").chmod(0)
    with pytest.raises(DataError, match=r"cannot list the folder .*NORMAL"):
        load_dataset(tmp_path)


def test_a_data_set_checks_itself():
    row = ("a.png", "NORMAL", "normal", "1", "train", "x")
    with pytest.raises(DataError, match="x: there is no image in it"):
        make_dataset("x", [])
    with pytest.raises(DataError, match=r"x: a\.png is listed twice"):
        make_dataset("x", [row, row])
    with pytest.raises(
        DataError, match="split must be train, val, test or empty, but 'fold' was given"
    ):
        make_dataset("x", [(*row[:4], "fold", "x")])
    with pytest.raises(DataError, match="the table needs the columns path, label"):
        Dataset("x", pd.DataFrame({"path": ["a.png"]}))


# --- description and digest


def test_description_and_counts(kaggle):
    dataset = load_dataset(kaggle)
    assert dataset.describe() == (
        "chest_xray: 18 images of 5 patients (train: 3 NORMAL, 3 PNEUMONIA; val: 3 NORMAL, 3 "
        "PNEUMONIA; "
        "test: 3 NORMAL, 3 PNEUMONIA)"
    )
    alone = dataclasses.replace(dataset, table=dataset.table.head(1).assign(split=""))
    assert alone.describe() == "chest_xray: 1 image of 1 patient (no split: 1 NORMAL)"
    counts = dataset.counts()
    assert counts["images"].sum() == 18
    bacteria = counts[(counts["split"] == "train") & (counts["subtype"] == "bacteria")]
    assert bacteria[["images", "patients"]].to_numpy().tolist() == [[2, 1]]


def test_the_digest_names_the_content_and_not_the_place(kaggle, tmp_path):
    digest = load_dataset(kaggle).digest()
    assert digest == load_dataset(kaggle).digest()
    moved = kaggle.rename(tmp_path / "moved")
    assert load_dataset(moved).digest() == digest
    file = moved / "train" / "NORMAL" / NORMALS[0]
    file.write_bytes(b"longer than before")
    changed = load_dataset(moved).digest()
    file.unlink()
    assert len({digest, changed, load_dataset(moved).digest()}) == 3


# --- the real thing


def test_real_names_against_the_index(real_data):
    index = pd.read_csv(real_data / "index.csv").set_index("name")
    table = load_dataset(real_data / "chest_xray").table
    assert len(table) == len(index) == 5216
    truth = index.loc[table["path"].str.rsplit("/", n=1).str[1]]
    for column in ("label", "subtype", "split"):
        assert (table[column].to_numpy() == truth[column].to_numpy()).all()
    pairs = set(zip(table["patient"], truth["patient"], strict=True))
    assert len(pairs) == table["patient"].nunique() == truth["patient"].nunique() == 3654


def test_folders_of_masks_are_no_classes_and_no_images(tmp_path):
    images = ("Normal/images", "COVID/images", "Unmasked", "Pneumonia")
    for name in (*images, "Normal/lung masks", "leftMask", "Ground Truth", "segmentations"):
        touch(tmp_path / name / "1.png")
    # Masks beside their images; a name alone makes no mask.
    touch(tmp_path / "Unmasked" / "1_mask.png")
    touch(tmp_path / "Unmasked" / "alone_mask.png")
    (tmp_path / "Empty").mkdir()
    dataset = load_dataset(tmp_path)
    assert sorted(dataset.table["label"]) == ["COVID", "Normal", "Pneumonia", *2 * ["Unmasked"]]
    assert sum("is taken for masks and left out" in note for note in dataset.notes) == 4
    assert f"{tmp_path / 'Empty'} holds no image" in dataset.notes
    assert any("1 file is taken for a mask of the image beside" in note for note in dataset.notes)
    # What a narrower question would leave out is said before it is asked.
    assert any("leaves out label COVID (1), label Unmasked (2)" in n for n in dataset.notes)


def test_classes_inside_of_a_folder_beside_masks_are_the_labels(tmp_path):
    for name in ("images/N", "images/P", "masks/N", "masks/P"):
        touch(tmp_path / name / "1.png")
    dataset = load_dataset(tmp_path)
    assert sorted(dataset.table["label"]) == ["N", "P"]
    assert f"{tmp_path / 'masks'} is taken for masks and left out" in dataset.notes


def test_images_outside_of_class_folders_are_counted(tmp_path):
    fill(tmp_path / "train")
    for number in range(3):
        touch(tmp_path / "test" / f"{number}.png")
    dataset = load_dataset(tmp_path)
    assert set(dataset.table["split"]) == {"train"}
    assert any(note.startswith("3 images lie directly in ") for note in dataset.notes)


def test_splits_inside_of_class_folders(tmp_path):
    for label in ("NORMAL", "PNEUMONIA"):
        for split in ("Train", "test"):
            touch(tmp_path / label / split / f"{label}.png")
    counts = load_dataset(tmp_path).counts()
    assert counts["split"].tolist() == ["test", "test", "train", "train"]

"""Public sets in the layouts in which they are distributed: tiny made-up trees."""

import gzip

import numpy as np
import pytest

from featurex import load_dataset, read_image
from featurex.datasets import SOURCES
from featurex.errors import DataError
from tests.test_datasets import touch

PADCHEST = (
    "ImageID,StudyDate_DICOM,PatientID,PatientBirth,PatientSex_DICOM,Projection,"
    "Manufacturer_DICOM,Labels\n"
    "1.png,20140915,7,1942.0,F,PA,Philips,\"['pneumonia', 'pleural effusion']\"\n"
    "2.png,20140915,8,,M,AP_horizontal,Philips,['normal']\n"
    "3.png,20140915,8,,M,L,Philips,['normal']\n"
    "4.png,20140915,9,1950,M,PA,Philips,['scoliosis']\n"
    "5.png,20140915,9,1950,M,PA,Philips,nan\n"
    "6.png,20140915,9,1950,M,PA,Philips,['normal']\n"
)
MIMIC = {
    "chexpert": "subject_id,study_id,No Finding,Pneumonia,Edema\n"
    "10000032,1,,1.0,-1.0\n10000032,2,1.0,,\n10000764,3,,-1.0,\n10000764,4,,0.0,1.0\n",
    "metadata": "dicom_id,subject_id,study_id,ViewPosition\na,10000032,1,PA\nb,10000032,2,AP\n"
    "c,10000764,3,AP\nd,10000764,4,PA\ne,10000764,4,LATERAL\n",
    "split": "dicom_id,study_id,subject_id,split\na,1,10000032,train\nb,2,10000032,validate\n"
    "d,4,10000764,test\n",
}
VINDR = {
    "train": "image_id,rad_id,Pneumonia,No finding,Edema\n"
    "a,R1,1,0,0\na,R2,1,0,1\na,R3,0,1,0\nb,R1,0,1,0\nb,R2,0,1,0\nb,R3,0,0,1\n",
    "test": "image_id,Pneumonia,No finding,Edema\nc,0,0,1\nd,1,0,0\n",
}
COVID = (
    "patientid,sex,age,finding,view,modality,folder,filename\n"
    "1,M,60,Pneumonia/Viral/COVID-19,PA,X-ray,images,1.jpg\n"
    "2,F,30,No Finding,AP Supine,X-ray,images,2.jpg\n"
    "3,F,30,Tuberculosis,PA,X-ray,images,3.jpg\n"
    "4,F,30,No Finding,L,X-ray,images,2.jpg\n"
    "5,F,30,No Finding,Axial,CT,volumes,x.nii\n"
    "6,F,30,todo,PA,X-ray,images,2.jpg\n"
)


def images(folder, *names):
    for name in names:
        touch(folder / name)


def padchest(folder):
    (folder / "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv").write_text(PADCHEST)
    images(folder, "0/1.png", "0/2.png", "54/3.png", "54/4.png", "54/5.png")


def mimic(folder):
    for name, text in MIMIC.items():
        (folder / f"mimic-cxr-2.0.0-{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    for subject, study, name in (
        ("10000032", 1, "a"),
        ("10000032", 2, "b"),
        ("10000764", 3, "c"),
        ("10000764", 4, "d"),
        ("10000764", 4, "e"),
    ):
        images(folder, f"files/p10/p{subject}/s{study}/{name}.jpg")


def vindr(folder):
    (folder / "annotations").mkdir()
    for split, text in VINDR.items():
        (folder / "annotations" / f"image_labels_{split}.csv").write_text(text)
    images(folder, "train/a.dicom", "train/b.dicom", "test/c.dicom", "test/d.dicom")


def covid_chestxray(folder):
    (folder / "metadata.csv").write_text(COVID)
    images(folder, "images/1.jpg", "images/2.jpg", "images/3.jpg", "annotations/x.png")


def covid_qu_ex(folder):
    for part in ("Lung Segmentation Data", "Infection Segmentation Data"):
        for split in ("Train", "Test"):
            for label in ("COVID-19", "Normal"):
                for kind in ("images", "lung masks", "infection masks"):
                    images(folder, f"{part}/{split}/{label}/{kind}/{label}{split}.png")


def nlm_montgomery(folder):
    for name in ("MCUCXR_0001_0.png", "MCUCXR_0104_1.png"):
        images(folder, f"CXR_png/{name}", f"ManualMask/leftMask/{name}", f"CXR_png/{name[:4]}.txt")
    reading = "Patient's Sex: F\r\nPatient's Age: 027Y\r\nnormal, seen 2 years later\r\n"
    readings(folder, "MCUCXR_0001_0", reading)


def readings(folder, name, text):
    (folder / "ClinicalReadings").mkdir()
    (folder / "ClinicalReadings" / f"{name}.txt").write_bytes(text.encode())


def nlm_shenzhen(folder):
    images(folder, "CXR_png/CHNCXR_0001_0.png", "CXR_png/CHNCXR_0327_1.png", "CXR_png/Thumbs.db")
    readings(folder, "CHNCXR_0327_1", "male 45yrs\nSTB, 3 mm")


def radiography(folder):
    for label in ("COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"):
        images(folder, f"{label}/images/{label}-1.png", f"{label}/masks/{label}-1.png")
        (folder / f"{label}.metadata.xlsx").write_bytes(b"")


# Layout -> its labels with how often each occurs, and a part of one of the notes.
LAYOUTS = {
    padchest: ({"PNEUMONIA": 1, "NORMAL": 1, "OTHER": 1}, "1 not frontal, 1 without labels, 1 not"),
    mimic: ({"PNEUMONIA": 1, "NORMAL": 1, "OTHER": 1}, "1 of uncertain Pneumonia, 1 not frontal"),
    vindr: ({"PNEUMONIA": 2, "NORMAL": 1, "OTHER": 1}, "VinDr-CXR does not name patients"),
    covid_chestxray: (
        {"PNEUMONIA": 1, "NORMAL": 1, "OTHER": 1},
        "2 not frontal, or no radiographs",
    ),
    covid_qu_ex: ({"COVID-19": 2, "Normal": 2}, "Infection Segmentation Data is not read"),
    nlm_montgomery: ({"NORMAL": 1, "TUBERCULOSIS": 1}, "labels are read from the file names"),
    nlm_shenzhen: ({"NORMAL": 1, "TUBERCULOSIS": 1}, "labels are read from the file names"),
    radiography: (
        {"COVID": 1, "Lung_Opacity": 1, "Normal": 1, "Viral Pneumonia": 1},
        "is taken for masks and left out",
    ),
}


@pytest.mark.parametrize("depth", ["", "up", "up/further"])
@pytest.mark.parametrize("write", LAYOUTS, ids=lambda write: write.__name__)
def test_layouts(tmp_path, write, depth):
    folder = tmp_path / depth
    folder.mkdir(parents=True, exist_ok=True)
    write(folder)
    if depth == "up" and write is not radiography:
        images(tmp_path, "README.png", "papers/figure.png")
    labels, note = LAYOUTS[write]
    dataset = load_dataset(tmp_path)
    assert dataset.table["label"].value_counts().to_dict() == labels
    assert not dataset.table["path"].str.contains("ask").any()
    assert any(note in sentence for sentence in dataset.notes), dataset.notes
    if write is not radiography:
        assert "is read as" in dataset.notes[0]


@pytest.mark.parametrize(
    ("write", "part", "count"), [(padchest, "54", 1), (vindr, "test", 2), (covid_qu_ex, "", 4)]
)
def test_a_folder_of_images_finds_the_list_above_it(tmp_path, write, part, count):
    write(tmp_path)
    dataset = load_dataset(tmp_path / part)
    assert len(dataset) == count
    if part:
        said = "1 image" if count == 1 else f"{count} images"
        assert dataset.notes[-1].startswith(f"of it, {said} below {tmp_path / part} ")


def test_what_the_lists_say_is_kept(tmp_path):
    mimic(tmp_path)
    table = load_dataset(tmp_path).table.set_index("path", drop=False)
    table.index = table.index.str.extract(r"(\w)\.jpg$", expand=False)
    assert table.loc["a", ["patient", "split", "view"]].tolist() == [
        "mimic-10000032",
        "train",
        "PA",
    ]
    assert table.loc["b", ["split", "findings"]].tolist() == ["val", "No Finding"]
    other = tmp_path / "covid"
    other.mkdir()
    covid_chestxray(other)
    first = load_dataset(other).table.iloc[0]
    assert first[["subtype", "findings", "age"]].tolist() == [
        "virus",
        "Pneumonia|Viral|COVID-19",
        "60",
    ]


@pytest.mark.parametrize(
    ("write", "known"),
    [
        (nlm_montgomery, {("27", "F"), ("", "")}),
        (nlm_shenzhen, {("", ""), ("45", "M")}),
        (padchest, {("72", "F"), ("", "M"), ("64", "M")}),
    ],
)
def test_age_and_sex_become_columns(tmp_path, write, known):
    write(tmp_path)
    table = load_dataset(tmp_path).table
    assert set(zip(table["age"], table["sex"], strict=True)) == known
    if write is padchest:
        assert set(table["device"]) == {"Philips"}


def test_several_sets_in_one_folder_are_not_guessed(tmp_path):
    for write in (padchest, nlm_shenzhen):
        (tmp_path / write.__name__).mkdir()
        write(tmp_path / write.__name__)
    with pytest.raises(DataError, match="holds several data sets, nlm_shenzhen and padch"):
        load_dataset(tmp_path)


def test_deep_images_keep_their_levels(tmp_path):
    cv2 = pytest.importorskip("cv2")
    (tmp_path / "CXR_png").mkdir()
    deep = np.arange(400, dtype=np.uint16).reshape(20, 20) * 10
    cv2.imwrite(str(tmp_path / "CXR_png" / "CHNCXR_0001_0.png"), deep)
    path = load_dataset(tmp_path).table["path"][0]
    assert np.array_equal(read_image(path), deep)


@pytest.mark.parametrize("name", ["mimic", "padchest", "vindr", "covid_chestxray", "nlm"])
def test_a_folder_without_the_list_is_refused(tmp_path, name):
    with pytest.raises(DataError, match=r"holds no "):
        SOURCES[name].read(tmp_path)

import dataclasses

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import make_pipeline

from featurex import (
    Align,
    IntensityStatistics,
    Preprocess,
    ZoneHistogram,
    extract,
    extract_to,
    load_dataset,
)
from featurex.engine import read_table
from featurex.engine.formats import name_errors
from featurex.errors import DataError, ParameterError
from featurex.features import HOG
from featurex.image_step import ImageStep


@pytest.fixture(scope="module")
def phantom(drawn):
    return drawn()


class Brightness(ImageStep):
    """A step that learns something: the mean of the images it is fitted to, which it takes away."""

    def fit(self, X, y=None):
        self.mean_ = float(np.mean(X))
        return self

    def transform(self, X):
        return np.clip(np.asarray(X, float) - self.mean_ + 128, 0, 255).astype(np.uint8)


def chain():
    zones = ZoneHistogram(grids=(1, 2), bins=(8, 4))
    return make_pipeline(Preprocess(size=96), Align(), Brightness(), zones)


@pytest.fixture(scope="module")
def table(phantom):
    return extract(load_dataset(phantom), chain(), n_jobs=1)


def test_a_row_for_every_image_in_the_order_of_the_data_set(phantom, table):
    assert table.frame["path"].tolist() == load_dataset(phantom).table["path"].tolist()
    assert len(table.columns) == 8 + 16
    assert list(table.frame.columns[-24:]) == table.columns
    assert not table.frame.isna().any(axis=None)
    assert table.errors.empty


def test_the_number_of_processes_does_not_matter(phantom, table):
    pd.testing.assert_frame_equal(extract(phantom, chain(), n_jobs=2).frame, table.frame)


def test_a_fitted_chain_is_used_as_it_is(phantom, table):
    images = [
        np.asarray(image)
        for image in np.random.default_rng(0).integers(0, 256, (5, 96, 96), dtype=np.uint8)
    ]
    fitted = chain().fit(images)
    mean = fitted.named_steps["brightness"].mean_
    other = extract(phantom, fitted, n_jobs=1)
    assert fitted.named_steps["brightness"].mean_ == mean
    assert not np.array_equal(other.frame[other.columns], table.frame[table.columns])


def test_an_unfitted_chain_is_not_changed(phantom):
    mine = chain()
    extract(phantom, mine, n_jobs=1)
    assert not hasattr(mine.named_steps["brightness"], "mean_")


def test_what_is_learnt_never_sees_a_test_image(phantom, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(phantom, copy)
    for path in (copy / "test").rglob("*.jpeg"):
        path.write_bytes(next((copy / "train").rglob("*.jpeg")).read_bytes())
    one, other = (extract(folder, chain(), n_jobs=1) for folder in (phantom, copy))
    training = (one.frame["split"] != "test").to_numpy()
    assert np.array_equal(one.frame[training][one.columns], other.frame[training][other.columns])


def test_bad_files_are_rows_of_errors_and_nothing_else(phantom, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(phantom, copy)
    normal = sorted((copy / "train" / "NORMAL").iterdir())
    whole = normal[0].read_bytes()
    normal[0].write_bytes(b"")
    normal[1].write_text("not an image")
    normal[2].write_bytes(whole[: len(whole) // 2])
    table = extract(copy, chain(), n_jobs=1)
    assert len(table.frame) == 57
    assert not table.frame.isna().any(axis=None)
    assert dict(zip(table.errors["path"], table.errors["reason"], strict=True)) == {
        str(normal[0]): "EMPTY_FILE",
        str(normal[1]): "NOT_AN_IMAGE",
        str(normal[2]): "TRUNCATED",
    }


def test_an_image_that_the_chain_refuses_costs_only_itself(tmp_path):
    import cv2

    for label in ("NORMAL", "PNEUMONIA"):
        (tmp_path / label).mkdir()
        for number, side in enumerate((64, 64, 20)):
            cv2.imwrite(
                str(tmp_path / label / f"{number}.png"),
                np.full((side, side), number * 50 + 9, np.uint8),
            )
    table = extract(tmp_path, HOG(cell=16, size=None), n_jobs=1)
    assert len(table.frame) == 4
    assert table.errors["reason"].tolist() == ["UNUSABLE", "UNUSABLE"]
    assert table.errors["detail"].str.contains("take smaller cells, or resize the images").all()


def test_nothing_readable_is_an_error(tmp_path):
    for label in ("NORMAL", "PNEUMONIA"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "a.jpeg").write_text("not an image")
    with pytest.raises(DataError, match=r"none of 2 images could be used.*a\.jpeg"):
        extract(tmp_path, chain(), n_jobs=1)


def test_a_table_comes_back_from_disk_with_its_provenance(table, tmp_path):
    path = tmp_path / "features.parquet"
    table.write(path)
    frame, metadata = read_table(path)
    pd.testing.assert_frame_equal(frame, table.frame, check_dtype=False)
    assert metadata == table.metadata
    assert metadata["columns"] == table.columns
    assert "ZoneHistogram" in metadata["chain"]
    assert [file.name for file in tmp_path.iterdir()] == ["features.parquet"]


def test_a_table_shows_itself_short_and_escaped(table):
    images, columns = len(table.frame), len(table.columns)
    assert repr(table) == f"<Table: {images} images, {columns:,} columns>"
    frame = table.frame.assign(path="<b>a</b>.png")
    markup = dataclasses.replace(table, frame=frame)._repr_html_()
    assert f"{images} images" in markup
    assert "<b>" not in markup
    assert "&lt;b&gt;a" in markup
    assert len(markup) < 5000


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".feather"])
def test_the_ending_decides_about_the_format(table, tmp_path, ending):
    table.write(tmp_path / f"features{ending}")
    frame, metadata = read_table(tmp_path / f"features{ending}")
    pd.testing.assert_frame_equal(frame, table.frame, check_dtype=False)
    assert metadata == (table.metadata if ending == ".feather" else {})


def test_images_without_labels_become_rows_of_paths_and_features(phantom, tmp_path):
    films = sorted(load_dataset(phantom).table["path"])[:3]
    small = make_pipeline(Preprocess(size=32), ZoneHistogram(grids=(1,), bins=(4,)))
    for ending in (".parquet", ".csv.gz", ".feather"):
        out = tmp_path / f"features{ending}"
        source = load_dataset(films, labelled=False)
        n_images, n_columns, errors = extract_to(out, source, small, n_jobs=1)
        frame, _ = read_table(out)
        assert (n_images, len(errors)) == (3, 0)
        assert list(frame.columns[:2]) == ["path", "content"]
        assert frame["path"].tolist() == films
        assert frame.shape == (3, 2 + n_columns)
        assert name_errors(out).is_file()
    assert extract_to(out, source, small, n_jobs=1)[0] == 3
    with pytest.raises(DataError, match="such a file does not say how it was made"):
        extract_to(tmp_path / "features.csv.gz", source, small, n_jobs=1)


def test_a_column_of_a_list_never_hides_a_feature(phantom):
    dataset = load_dataset(phantom)
    taken = dataclasses.replace(dataset, table=dataset.table.assign(intensity_mean="1"))
    with pytest.raises(DataError, match="the column intensity_mean of its list is called as a"):
        extract(taken, IntensityStatistics(), n_jobs=1)


def test_a_table_of_another_ending_is_refused(table, tmp_path):
    with pytest.raises(ParameterError, match=r"a file that ends in \.parquet, \.feather, \.csv or"):
        table.write(tmp_path / "features.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"no table"])
def test_a_table_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "features.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot read the table .*features\.parquet: "):
        read_table(path)

import os

import pytest

from featurex.errors import DataError
from featurex.files import check_writable, replacing


def test_replacing_writes_whole_files(tmp_path):
    target = tmp_path / "rows.csv"
    target.write_text("old")
    with replacing(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
        assert temporary.suffix == ".csv"
    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "rows.csv"
    target.write_text("old")

    def write_half():
        with replacing(target) as temporary:
            temporary.write_text("half")
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        write_half()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_a_missing_folder_is_named(tmp_path):
    with (
        pytest.raises(DataError, match=r"cannot write .*nowhere.rows\.csv"),
        replacing(tmp_path / "nowhere" / "rows.csv") as path,
    ):
        path.write_text("")


def test_check_writable_makes_the_folder(tmp_path):
    folder = check_writable(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert list(folder.iterdir()) == []


def test_check_writable_refuses_a_file(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DataError, match="choose another folder with --out"):
        check_writable(file)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_check_writable_refuses_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="cannot write into"):
        check_writable(tmp_path)

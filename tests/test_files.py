import ntpath
import os
import posixpath
from types import SimpleNamespace

import pytest

from featurex import files
from featurex.errors import DataError
from featurex.files import check_writable, find_common_folder, locked, name_below, replacing


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


@pytest.mark.parametrize(
    ("rules", "paths", "names"),
    [
        (posixpath, ["/a/x/1.png", "/a/y/1.png"], ["x/1.png", "y/1.png"]),
        # A backslash is a letter of the name there.
        (posixpath, ["/a/x\\1.png", "/a/2.png"], ["x\\1.png", "2.png"]),
        (ntpath, [r"C:\a\x\1.png", r"c:\A\y\1.png"], ["x/1.png", "y/1.png"]),
        (ntpath, [r"C:\a\1.png", r"D:\a\1.png"], ["C/a/1.png", "D/a/1.png"]),
        (ntpath, [r"\\host\films\1.png", r"D:\1.png"], ["host/films/1.png", "D/1.png"]),
    ],
)
def test_names_have_slashes_on_every_system(rules, paths, names):
    folder = find_common_folder(paths, rules)
    assert [name_below(path, folder, rules) for path in paths] == names


def test_names_of_relative_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = ["1.png", os.path.join("a", "2.png")]
    assert [name_below(path, find_common_folder(paths)) for path in paths] == ["1.png", "a/2.png"]


def test_a_folder_is_one_run_s(tmp_path):
    with (
        locked(tmp_path),
        pytest.raises(DataError, match="another run is working in"),
        locked(tmp_path),
    ):
        pass
    with locked(tmp_path):
        pass


def test_windows_has_a_lock_of_its_own(tmp_path, monkeypatch):
    held = []

    def lock(descriptor, mode, n_bytes):
        if held:
            raise PermissionError(13, "Permission denied")
        held.append((mode, n_bytes))

    monkeypatch.setattr(files, "fcntl", None)
    monkeypatch.setattr(files, "msvcrt", SimpleNamespace(locking=lock, LK_NBLCK=2), raising=False)
    with (
        locked(tmp_path),
        pytest.raises(DataError, match="another run is working in"),
        locked(tmp_path),
    ):
        pass
    assert held == [(2, 1)]

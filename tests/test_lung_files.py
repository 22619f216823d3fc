"""``featurex lungs`` goes on where it was stopped."""

import pytest

from featurex import lung_files
from featurex.engine import Engine
from featurex.errors import DataError
from featurex.lungs import find_lungs
from tests.faults.processes import write_images


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = write_images(tmp_path_factory.mktemp("lungs") / "films", 10, side=48)
    (folder / "NORMAL" / "0003.png").write_text("no image")
    return sorted(map(str, folder.rglob("*.png")))


def write(paths, out):
    return lung_files.write_lungs(paths, out, Engine(out / ".parts", n_jobs=1))


def content(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_run_that_was_stopped_gives_the_same_files(paths, tmp_path, monkeypatch):
    outlined = write(paths, tmp_path / "undisturbed")
    assert (outlined.n_images, len(outlined.errors)) == (9, 1)
    expected = content(tmp_path / "undisturbed")
    assert sum(name.startswith("masks") for name in expected) == 9
    found = []

    def find(image):
        if len(found) == 8:
            raise KeyboardInterrupt
        found.append(image)
        return find_lungs(image)

    monkeypatch.setattr(lung_files, "find_lungs", find)
    with pytest.raises(KeyboardInterrupt):
        write(paths, tmp_path / "out")
    assert not (tmp_path / "out" / "lungs.csv").exists()
    # Eight files are a part, of which one is no image; two are left.
    found[:] = [None] * 6
    write(paths, tmp_path / "out")
    assert len(found) == 8
    assert content(tmp_path / "out") == expected


def test_masks_of_images_in_another_folder_are_refused(paths, tmp_path, monkeypatch):
    monkeypatch.setattr(lung_files, "_draw_sheet", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(paths[:2], tmp_path)
    with pytest.raises(DataError, match="holds parts of a run with another folder of the images"):
        write([paths[0], paths[-1]], tmp_path)

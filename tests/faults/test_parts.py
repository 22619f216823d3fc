"""What becomes of parts that a power cut damaged, and of films that kill the process itself."""

import os

import numpy as np
import pytest

from featurex.engine import Engine, extract_to
from featurex.engine.arrays import ArrayParts
from featurex.engine.parts import open_parts
from featurex.errors import DataError, ImageError, ParameterError, UnfinishedError
from tests.faults.chains import POISON, Means
from tests.faults.processes import parts_of, poison, write_images

pytestmark = pytest.mark.jobs
WHAT = {"what": "mean"}


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    return sorted(map(str, write_images(tmp_path_factory.mktemp("parts"), 20).rglob("*.png")))


def measure(paths, images):
    """The mean of each image."""
    return {"mean": np.array([image.mean() for image in images])}


def measure_or_die(paths, images):
    """The same; one image ends the process."""
    if any(image[0, 0] == POISON for image in images):
        os._exit(1)
    return measure(paths, images)


def measure_or_refuse(paths, images):
    """The same; every third image is refused."""
    for path in paths:
        if int(path[-8:-4]) % 3 == 0:
            raise ParameterError("no")
    return measure(paths, images)


def collect(paths, engine, compute=measure):
    with engine.work(paths, compute, WHAT, "Measuring") as films:
        return list(films.each("mean"))


def test_zeros_in_the_middle_of_a_part_are_noticed_and_it_is_made_again(
    images, undisturbed, tmp_path, stop_midway
):
    out = tmp_path / "table.parquet"
    stop_midway(out, images, 2)
    damaged = parts_of(out)[0]
    content = bytearray(damaged.read_bytes())
    length = len(content) // 3
    content[length : 2 * length] = bytes(length)
    damaged.write_bytes(content)
    extract_to(out, images, Means(), n_jobs=1)
    assert out.read_bytes() == undisturbed


def test_every_byte_of_a_part_is_under_its_checksum(tmp_path):
    parts = ArrayParts(tmp_path)
    values = np.random.default_rng(0).integers(1, 255, 4000).astype(np.uint8)
    parts.write(0, {"values": values}, "stamp")
    content = parts.path(0).read_bytes()
    for at in range(0, len(content) - 40, 40):
        changed = content[:at] + bytes(40) + content[at + 40 :]
        parts.path(0).write_bytes(changed)
        if parts.check(0, "stamp") is not None:
            # Neither values nor names were hit, but what a zip file says twice.
            np.testing.assert_array_equal(parts.read(0, "values"), values)
    parts.path(0).write_bytes(content[:1000] + bytes(1000) + content[2000:])
    with pytest.raises(UnfinishedError, match="missing or damaged"):
        parts.read(0, "values")


def test_a_film_that_kills_a_small_run_is_set_aside_by_the_next(tmp_path):
    """Few films are done in the calling process, which dies with one."""
    folder = write_images(tmp_path / "set", 20)
    poison(folder, 11)
    films, parts = sorted(map(str, folder.rglob("*.png"))), tmp_path / "parts"
    child = os.fork()
    if child == 0:
        collect(films, Engine(parts, n_jobs=1), measure_or_die)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert [path.name for path in sorted(parts.iterdir()) if path.suffix] == [
        "000000000.npz",
        "000000008.attempt",
        "identity.json",
    ]
    found = dict(collect(films, Engine(parts, n_jobs=1), measure_or_die))
    assert list(found) == list(range(20))
    assert [row for row in found if isinstance(found[row], ImageError)] == [11]
    assert found[11].reason == "CRASHED"
    assert not parts.exists()


def test_a_film_that_is_refused_or_missing_costs_only_itself(paths):
    films = [*paths[:5], "missing.png", *paths[5:]]
    found = dict(collect(films, Engine(n_jobs=1), measure_or_refuse))
    plain = dict(collect(paths, Engine(n_jobs=1)))
    for row, path in enumerate(films):
        if path == "missing.png":
            assert found[row].reason == "NOT_FOUND"
        elif int(path[-8:-4]) % 3 == 0:
            assert (found[row].reason, found[row].path) == ("UNUSABLE", path)
        else:
            assert found[row] == plain[paths.index(path)]


def test_parts_of_other_work_are_refused_and_an_error_keeps_what_is_finished(paths, tmp_path):
    parts = tmp_path / "parts"
    with (
        pytest.raises(ZeroDivisionError),
        Engine(parts, n_jobs=1).work(paths, measure, WHAT, "Measuring"),
    ):
        raise ZeroDivisionError
    assert len(list(parts.glob("*.npz"))) == 3
    with (
        pytest.raises(DataError, match=r"holds parts of a run with another what: .*--restart"),
        Engine(parts, n_jobs=1).work(paths, measure, {"what": "other"}, "Measuring"),
    ):
        pass
    collect(paths, Engine(parts, n_jobs=1), compute=None)
    assert not parts.exists()


def test_two_runs_do_not_share_a_folder(tmp_path):
    with (
        open_parts(tmp_path, {}),
        pytest.raises(DataError, match="another run is working"),
        open_parts(tmp_path, {}),
    ):
        pass


def test_a_cluster_needs_a_folder_that_its_workers_see(paths):
    with pytest.raises(ParameterError, match="--cluster needs --out"):
        collect(paths, Engine(cluster="local"))

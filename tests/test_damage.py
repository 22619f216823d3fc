"""Bytes that were changed, and what tells: checksums, lengths, and coefficients that cannot be."""

import pickle
import struct

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from featurex import read_image
from featurex.audit import audit_dataset
from featurex.cli import cli
from featurex.datasets import load_dataset
from featurex.errors import ImageError
from featurex.images import MaskedPath, read_strictly
from featurex.images.file import ImageFile
from featurex.images.lengths import check_segment_lengths
from featurex.kernels.coded_lengths import keeps_rows, measure_bitmap_runs, measure_packbits
from scripts import fuzz_images
from tests.pictures import encode, picture


@pytest.fixture(scope="module")
def pictures():
    return fuzz_images.make_pictures()


def reason(folder, content, **options):
    path = folder / "picture"
    path.write_bytes(content)
    with pytest.raises(ImageError) as caught:
        read_image(path, **options)
    return f"{caught.value.reason}: {caught.value.detail}"


def test_every_picture_reads_strictly_as_it_does_otherwise(tmp_path, pictures):
    for name, content in pictures.items():
        path = tmp_path / "picture"
        path.write_bytes(content)
        strict = read_image(path, strict=True)
        np.testing.assert_array_equal(strict, read_image(path), err_msg=name)
        assert strict.shape == (fuzz_images.ROWS, fuzz_images.COLUMNS)


@pytest.mark.parametrize("options", [{}, {"subsampling": 2}, {"restart_marker_blocks": 3}])
@pytest.mark.parametrize("quality", [5, 60, 100])
def test_extreme_images_have_coefficients_within_bounds(tmp_path, quality, options):
    """The largest coefficients that there are: every basis function at full contrast."""
    x = np.arange(64)
    rows = [np.sign(np.cos((2 * (x % 8) + 1) * (x // 8) * np.pi / 16)) for _ in range(64)]
    waves = np.where(np.array(rows) * np.array(rows).T > 0, 255, 0).astype(np.uint8)
    image = Image.fromarray(np.stack([waves, waves.T, 255 - waves], axis=2))
    path = tmp_path / "a.jpeg"
    path.write_bytes(encode(image, "JPEG", quality=quality, **options))
    np.testing.assert_array_equal(read_image(path, strict=True), read_image(path))


@pytest.mark.parametrize("name", ["JPEG", "JPEG restarts", "JPEG colour"])
def test_strict_reading_tells_of_more_changed_jpegs(tmp_path, pictures, name):
    generator, content = np.random.default_rng(5), pictures[name]
    start = content.index(b"\xff\xda") + 14
    path = tmp_path / "a.jpeg"

    def is_told(strict):
        try:
            read_image(path, strict=strict)
        except ImageError as error:
            return error.reason in ("CORRUPT_JPEG", "TRUNCATED")
        return False

    silent = told = 0
    while silent < 30:
        path.write_bytes(content[:start] + fuzz_images.change_bytes(content[start:], generator))
        if not is_told(False):
            silent += 1
            told += is_told(True)
    assert told >= 5


def test_the_message_names_the_block(tmp_path):
    content = bytearray(encode(picture(), "JPEG", quality=95))
    start = content.index(b"\xff\xda") + 14
    found = set()
    for place in range(start, start + 400, 7):
        changed = bytearray(content)
        changed[place] ^= 0x10
        path = tmp_path / "a.jpeg"
        path.write_bytes(changed)
        try:
            read_image(path, strict=True)
        except ImageError as error:
            found.add(error.detail)
    assert any("has coefficients that no 8-bit image gives" in detail for detail in found)


def test_a_deflate_checksum_of_a_tiff_is_compared(tmp_path, pictures):
    content = bytearray(pictures["TIFF Deflate"])
    tags = _tags(tmp_path, content)
    content[tags[273][0] + tags[279][0] - 1] ^= 1
    assert "incorrect data check" in reason(tmp_path, content)


def _tags(folder, content):
    with Image.open(_write(folder, content)) as image:
        return dict(image.tag_v2)


def _write(folder, content):
    (folder / "a.tif").write_bytes(content)
    return folder / "a.tif"


@pytest.mark.parametrize("name", ["TIFF PackBits", "TIFF LZW", "TIFF Deflate"])
def test_a_strip_of_another_length_is_refused(tmp_path, pictures, name):
    content = bytearray(pictures[name])
    tags = _tags(tmp_path, content)
    # Half of the first strip's codes, twice.
    start, size = tags[273][0], tags[279][0]
    content[start + size // 2 : start + size] = content[start : start + size - size // 2]
    assert reason(tmp_path, content).startswith(("CORRUPT_IMAGE", "TRUNCATED"))


@pytest.mark.parametrize("options", [{"tile": True}, {"strip_size": 999}])
@pytest.mark.parametrize("compression", ["raw", "packbits", "tiff_lzw", "tiff_adobe_deflate"])
def test_all_layouts_of_a_tiff_are_read(tmp_path, compression, options):
    image = picture(np.uint16)
    extra = {"tiffinfo": {278: 7}} if "strip_size" in options else {"tiffinfo": {322: 32, 323: 16}}
    path = _write(tmp_path, encode(image, "TIFF", compression=compression, **extra))
    np.testing.assert_array_equal(read_image(path), image)


def test_run_lengths_of_a_bitmap_must_fit(tmp_path, pictures):
    content = bytearray(pictures["BMP runs"])
    start = int.from_bytes(content[10:14], "little")
    content[start] += 1
    assert "run lengths" in reason(tmp_path, content)


def test_a_bitmap_says_how_long_it_is(tmp_path, pictures):
    content = pictures["BMP"] + b"more"
    (tmp_path / "picture").write_bytes(content)
    read_image(tmp_path / "picture")
    assert "says that it has" in reason(tmp_path, content, strict=True)
    short = bytearray(pictures["BMP"])
    short[34:38] = struct.pack("<I", 99)
    assert "take 99 bytes" in reason(tmp_path, short)


def segment(*codes, padding=b""):
    body = b"".join(codes) + padding
    return ImageFile("a.dcm", struct.pack("<16I", 1, 64, *[0] * 14) + body)


def test_run_lengths_of_dicom_may_be_padded_but_not_shifted():
    row = bytes((257 - 6, 9))
    check_segment_lengths(segment(*3 * [row], padding=b"\0"), 3, 6)
    check_segment_lengths(segment(*5 * [row]), 3, 6)
    with pytest.raises(ImageError, match="run lengths of segment 1"):
        check_segment_lengths(segment(bytes((257 - 7, 9)), *3 * [row]), 3, 6)


@pytest.mark.kernels
def test_lengths_of_codes():
    codes = np.frombuffer(bytes((2, 1, 2, 3, 128, 254, 7)), np.uint8)
    assert measure_packbits(codes) == 6
    assert measure_packbits(codes[:-1]) == -1
    assert keeps_rows(codes, 3, 2)
    assert not keeps_rows(codes, 2, 3)
    runs = np.frombuffer(bytes((4, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1)), np.uint8)
    assert measure_bitmap_runs(runs, 4, 2, False) == 7
    assert measure_bitmap_runs(runs, 3, 2, False) == -1
    assert measure_bitmap_runs(runs[:-2], 4, 2, False) == -1


def test_paths_carry_strictness_with_their_masks():
    for path in (read_strictly("a.png"), read_strictly(MaskedPath("a.png", "b.png", 3))):
        again = pickle.loads(pickle.dumps(path))
        assert again == "a.png"
        assert again.strict
    assert read_strictly(MaskedPath("a.png", "b.png", 3)).label == 3
    assert not MaskedPath("a.png", "b.png").strict


@pytest.fixture(scope="module")
def damaged(tmp_path_factory, pictures):
    """A folder of films, one of which holds a coefficient that cannot be."""
    folder = tmp_path_factory.mktemp("damaged")
    content, generator = pictures["JPEG"], np.random.default_rng(1)
    for index in range(3):
        folder.joinpath(f"{index}.jpeg").write_bytes(content)
    path = folder / "changed.jpeg"
    while True:
        changed = bytearray(content)
        changed[int(generator.integers(len(content) - 900, len(content) - 20))] ^= 0x20
        path.write_bytes(changed)
        try:
            read_image(path)
            read_image(path, strict=True)
        except ImageError as error:
            if "coefficient" in error.detail:
                return folder


def test_extract_predict_and_audit_tell_of_it(tmp_path, damaged):
    command = ["extract", str(damaged), "--out", str(tmp_path / "a.csv"), "--input", "original"]
    command += ["--set", "features={moments: {}}", "--jobs", "1"]
    command += ["--set", "inputs={original: {}}"]
    assert CliRunner().invoke(cli, command, standalone_mode=False).return_value == 0
    command += ["--strict", "--restart"]
    assert CliRunner().invoke(cli, command, standalone_mode=False).return_value == 3
    assert "coefficient" in (tmp_path / "a.errors.csv").read_text(encoding="utf-8")
    command = ["predict", str(damaged), "--out", str(tmp_path / "scores.csv"), "--jobs", "1"]
    assert CliRunner().invoke(cli, command, standalone_mode=False).return_value == 0
    assert CliRunner().invoke(cli, [*command, "--strict"], standalone_mode=False).return_value == 3
    assert (tmp_path / "scores.csv").read_text(encoding="utf-8").count("coefficient") == 1
    listed = tmp_path / "list.csv"
    rows = [f"{path},{'AB'[index % 2]}" for index, path in enumerate(sorted(damaged.iterdir()))]
    listed.write_text("path,label\n" + "\n".join(rows), encoding="utf-8")
    result = audit_dataset(load_dataset(listed), n_jobs=1)
    assert any("coefficient" in detail for detail in result.files["detail"])

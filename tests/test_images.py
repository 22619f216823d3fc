import os
import struct
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from PIL import Image

from featurex import read_image
from featurex.images import format_location, read_header
from featurex.images.grey import to_eight_bits
from featurex.images.location import parse_location
from tests.pictures import COLUMNS, ROWS, encode, picture, refusal


@pytest.fixture
def save(tmp_path):
    def write(data, name="image"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


# --- what can be read


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
@pytest.mark.parametrize("name", ["image.jpeg", "image"])
def test_lossless_formats_give_the_levels_whatever_the_name_says(save, kind, name):
    image = read_image(save(encode(picture(), kind), name))
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    np.testing.assert_array_equal(image, picture())


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"optimize": True, "restart_marker_rows": 1}]
)
def test_jpeg_gives_what_another_decoder_gives(save, options):
    data = encode(picture(), "JPEG", quality=90, **options)
    image = read_image(save(data))
    np.testing.assert_array_equal(
        image, cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    )


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_keep_every_level(save, kind):
    image = read_image(save(encode(picture(np.uint16), kind)))
    assert image.dtype == np.uint16
    np.testing.assert_array_equal(image, picture(np.uint16))


def test_tiff_where_white_is_zero_is_inverted_at_both_depths(save):
    for dtype in (np.uint8, np.uint16):
        data = encode(picture(dtype), "TIFF")
        tag = struct.pack("<HHI", 262, 3, 1)
        assert data.count(tag + b"\1\0") == 1
        image = read_image(save(data.replace(tag + b"\1\0", tag + b"\0\0")))
        np.testing.assert_array_equal(image, np.iinfo(dtype).max - picture(dtype))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
def test_equal_channels_are_grey(save, kind):
    grey = picture()
    colour = read_image(save(encode(np.dstack([grey] * 3), kind)))
    np.testing.assert_array_equal(colour, read_image(save(encode(grey, kind), "grey")))


def test_equal_channels_of_sixteen_bits_are_grey(save):
    grey = picture(np.uint16)
    for channels in (3, 4):
        colour = np.dstack([grey] * 3 + [np.full_like(grey, 65535)] * (channels - 3))
        np.testing.assert_array_equal(
            read_image(save(cv2.imencode(".png", colour)[1].tobytes())), grey
        )


def test_colour_becomes_luma(save):
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)
    expected = colour @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(read_image(save(encode(colour, "PNG"))), expected, atol=0.51)
    wide = colour.astype(np.uint16) * 257
    data = cv2.imencode(".png", wide[:, :, ::-1])[1].tobytes()
    np.testing.assert_allclose(read_image(save(data)), wide @ [0.299, 0.587, 0.114], atol=1.5)


def test_a_palette_is_looked_up(save):
    image = Image.fromarray(255 - picture() // 16 * 16, "L").convert("P")
    image.putpalette([255 - level for level in range(256) for _ in range(3)])
    np.testing.assert_array_equal(read_image(save(encode(image, "PNG"))), picture() // 16 * 16)


def test_one_bit_is_black_and_white(save):
    mask = picture() > 128
    for kind in ("PNG", "TIFF", "BMP"):
        np.testing.assert_array_equal(read_image(save(encode(mask, kind))), mask * np.uint8(255))


def test_opaque_alpha_is_ignored_and_transparency_refused(save):
    alpha = np.full_like(picture(), 255)
    rgba = np.dstack([picture()] * 3 + [alpha])
    np.testing.assert_array_equal(read_image(save(encode(rgba, "PNG"))), picture())
    rgba[5, 5, 3] = 254
    assert refusal(save(encode(rgba, "PNG"))) == "UNSUPPORTED_COLOUR"
    assert refusal(save(encode(picture(), "PNG", transparency=77))) == "UNSUPPORTED_COLOUR"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_orientation_is_applied_once(save, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = Image.fromarray(picture())
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that stores the picture so
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    quality = {"quality": 98} if kind == "JPEG" else {}
    image = read_image(save(encode(stored, kind, exif=exif, **quality)))
    assert image.flags.c_contiguous
    assert np.abs(image.astype(int) - picture()).mean() < 1


def test_members_of_npz(save, tmp_path):
    path = tmp_path / "set.npz"
    images = np.stack([picture(seed=seed) for seed in range(3)])
    colours = np.stack([images] * 3, axis=-1)
    np.savez_compressed(path, grey=images, colour=colours, flat=images[0], text=np.array(["a"]))
    for array in ("grey", "colour"):
        np.testing.assert_array_equal(read_image(f"{path}#{array}/2"), images[2])
    assert refusal(f"{path}#grey/3") == "NOT_FOUND"
    assert refusal(f"{path}#none/0") == "NOT_FOUND"
    assert refusal(f"{path}#flat/0") == "UNSUPPORTED_FORMAT"
    assert refusal(f"{path}#text/0") == "UNSUPPORTED_FORMAT"
    assert refusal(f"{path}#grey/0", max_pixels=100) == "TOO_LARGE"
    assert refusal(f"{save(b'PK no zip', 'bad.npz')}#grey/0") == "CORRUPT_IMAGE"
    assert refusal(path) == "UNSUPPORTED_FORMAT"


def test_a_changed_npz_is_read_anew(tmp_path):
    path = tmp_path / "set.npz"
    for seed in (1, 2):
        np.savez(path, images=picture(seed=seed)[np.newaxis])
        os.utime(path, (seed, seed))
        np.testing.assert_array_equal(read_image(f"{path}#images/0"), picture(seed=seed))


def test_scaled_decoding_stays_at_twice_the_size_and_near_the_full_one(save):
    large = cv2.resize(picture(), (1000, 803), interpolation=cv2.INTER_CUBIC)
    path = save(encode(large, "JPEG", quality=92))
    expected = {None: 803, 500: 803, 201: 803, 200: 402, 100: 201, 99: 201, 50: 101, 10: 101}
    for size, rows in expected.items():
        image = read_image(path, size=size)
        assert image.shape[0] == rows
        small = (64, 64)
        full = cv2.resize(read_image(path), small, interpolation=cv2.INTER_AREA).astype(int)
        scaled = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        assert np.abs(scaled - full).mean() < 1


def test_header_without_pixels(save):
    header = read_header(save(encode(np.dstack([picture()] * 3), "JPEG")))
    assert (header.format, header.rows, header.columns, header.bits, header.channels) == (
        "JPEG",
        ROWS,
        COLUMNS,
        8,
        3,
    )


def test_threads_read_the_same(save):
    paths = [save(encode(picture(seed=seed), "JPEG"), f"{seed}") for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        for path, image in zip(paths * 5, pool.map(read_image, paths * 5), strict=True):
            np.testing.assert_array_equal(image, read_image(path))


# --- names


@pytest.mark.parametrize(
    "name", ["plain.png", "größe.png", "new\nline.png", "a#b.png", "x.npz.png", b"\xff\xfe.png"]
)
def test_names_go_through_text_and_back(tmp_path, name):
    path = os.path.join(os.fsdecode(tmp_path), os.fsdecode(name))
    with open(path, "wb") as stream:
        stream.write(encode(picture(), "PNG"))
    text = format_location(path)
    assert parse_location(text.encode().decode()).path == path
    np.testing.assert_array_equal(read_image(text), picture())


def test_a_member_of_a_file_whose_name_is_no_text():
    path = os.fsdecode(b"/data/\xff#1.npz")
    location = parse_location(format_location(path, "train_images", 17))
    assert (location.path, location.array, location.index) == (path, "train_images", 17)


# --- the real thing


def test_real_radiographs(real_data, save):
    paths = sorted((real_data / "chest_xray_original").rglob("*.jpeg"))[::9]
    for path in paths:
        expected = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        image = read_image(path)
        assert np.abs(image.astype(int) - expected).max() <= 1
        assert refusal(save(path.read_bytes()[:-2])) == "TRUNCATED"


def test_eight_bits_are_the_high_byte_or_the_range_of_a_floating_image():
    levels = np.array([[0, 255, 256, 65535]])
    assert to_eight_bits(levels.astype(np.uint16)).tolist() == [[0, 0, 1, 255]]
    assert to_eight_bits(np.array([[-1.0, 0.0, 3.0]])).tolist() == [[0, 63, 255]]
    assert not to_eight_bits(np.full((2, 2), 0.5, np.float32)).any()
    image = levels.astype(np.uint8)
    assert to_eight_bits(image) is image

import io
import os
import socket
import struct
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from featurex import read_image
from featurex.errors import ImageError, ParameterError
from featurex.images import MIN_SIDE, REASONS, format_location, read_header
from featurex.images.location import parse_location

ROWS, COLUMNS = 48, 61


def picture(dtype=np.uint8, seed=0):
    """Smooth shades with noise, using the whole range of the type."""
    rng = np.random.default_rng(seed)
    shades = np.add.outer(np.linspace(0, 1, ROWS), np.linspace(0, 1, COLUMNS)) / 2
    levels = np.clip(shades + rng.normal(0, 0.02, shades.shape), 0, 1) * np.iinfo(dtype).max
    levels[0, 0], levels[-1, -1] = 0, np.iinfo(dtype).max
    return levels.astype(dtype)


def encode(image, kind, **options):
    stream = io.BytesIO()
    if not isinstance(image, Image.Image):
        image = Image.fromarray(image)
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.fixture
def save(tmp_path):
    def write(data, name="image"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def refusal(path, **options):
    with pytest.raises(ImageError, match=r"\[[A-Z_]+\]$") as caught:
        read_image(path, **options)
    assert caught.value.reason in REASONS
    assert caught.value.path == str(path)
    return caught.value.reason


# --- what can be read


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
@pytest.mark.parametrize("name", ["image.jpeg", "image"])
def test_lossless_formats_give_the_levels_whatever_the_name_says(save, kind, name):
    image = read_image(save(encode(picture(), kind), name))
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    np.testing.assert_array_equal(image, picture())


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True, "restart_marker_rows": 1}])
def test_jpeg_gives_what_another_decoder_gives(save, options):
    data = encode(picture(), "JPEG", quality=90, **options)
    image = read_image(save(data))
    np.testing.assert_array_equal(image, cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE))


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
        np.testing.assert_array_equal(read_image(save(cv2.imencode(".png", colour)[1].tobytes())), grey)


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


# --- what is refused


@pytest.mark.parametrize("missing", [1, 2, 3, 50, 400])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_shortened_jpeg_is_refused(save, missing, progressive):
    data = encode(picture(), "JPEG", quality=90, progressive=progressive)
    assert refusal(save(data[:-missing])) in ("TRUNCATED", "CORRUPT_JPEG")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
@pytest.mark.parametrize("missing", [1, 2, 50])
def test_a_shortened_file_is_refused(save, kind, missing):
    data = encode(picture(), kind)
    if kind == "TIFF":  # Pillow writes the directory first, and the pixels last
        assert struct.unpack_from("<I", data, 4)[0] == 8
    assert refusal(save(data[:-missing])) in ("TRUNCATED", "CORRUPT_IMAGE")


def test_a_changed_byte_in_a_png_is_always_found(save):
    data = encode(picture(), "PNG")
    for position in range(8, len(data), 7):
        damaged = bytearray(data)
        damaged[position] ^= 0x10
        assert refusal(save(bytes(damaged))) in ("CORRUPT_IMAGE", "TRUNCATED")


def test_changed_bytes_in_a_jpeg_are_refused_where_another_decoder_goes_on(save):
    data = encode(picture(), "JPEG", quality=90)
    scan = data.index(b"\xff\xda") + 12
    outcomes = []
    for position in range(scan, len(data) - 2, 5):
        damaged = bytearray(data)
        damaged[position] ^= 0xFF
        other = cv2.imdecode(np.frombuffer(damaged, np.uint8), cv2.IMREAD_GRAYSCALE)
        try:
            read_image(save(bytes(damaged)))
        except ImageError as error:
            outcomes.append((error.reason, other is not None))
    assert ("CORRUPT_JPEG", True) in outcomes
    # A JPEG has no checksum: the rest decodes to other coefficients without any sign of damage.
    assert len(outcomes) > 0.25 * (len(data) - scan) / 5


def jpeg_that_declares(rows, columns, channels=1, process=0xC0, bits=8):
    components = bytes([value for number in range(channels) for value in (number + 1, 0x11, 0)])
    frame = struct.pack(">BHHB", bits, rows, columns, channels) + components
    return b"\xff\xd8\xff" + bytes([process]) + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def png_that_declares(rows, columns):
    def chunk(kind, payload):
        return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(2**20)))
    return b"\x89PNG\r\n\x1a\n" + header + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "EMPTY_FILE"),
        (b"not an image at all", "NOT_AN_IMAGE"),
        (bytes(1000), "NOT_AN_IMAGE"),
        (b"GIF89a......", "UNSUPPORTED_FORMAT"),
        (b"\xff\xd8\xff", "TRUNCATED"),
        (b"\xff\xd8\xff\xe0\0\0....", "CORRUPT_JPEG"),
        (b"\xff\xd8\xff\xe0\0\4....ab", "CORRUPT_JPEG"),
        (jpeg_that_declares(10000, 10000), "TRUNCATED"),
        (jpeg_that_declares(60000, 60000), "TOO_LARGE"),
        (jpeg_that_declares(0, 100), "TOO_SMALL"),
        (jpeg_that_declares(40, MIN_SIDE - 1), "TOO_SMALL"),
        (jpeg_that_declares(60, 60, channels=4), "UNSUPPORTED_COLOUR"),
        (jpeg_that_declares(60, 60, bits=12, process=0xC1), "UNSUPPORTED_FORMAT"),
        (jpeg_that_declares(60, 60, process=0xC9), "UNSUPPORTED_FORMAT"),
        (jpeg_that_declares(40, 40), "CORRUPT_JPEG"),
        (png_that_declares(10000, 10000), "TRUNCATED"),
        (png_that_declares(2**15, 2**15), "TOO_LARGE"),
        (b"\x89PNG\r\n\x1a\n", "TRUNCATED"),
        (b"II*\0\x08\0\0\0", "TRUNCATED"),
        (b"II*\0\x08\0\0\0\0\0\0\0\0\0", "CORRUPT_IMAGE"),
        (b"BM" + bytes(10), "CORRUPT_IMAGE"),
    ],
)
def test_damaged_and_hostile_files_have_a_reason(save, data, reason):
    assert refusal(save(data, "image.jpeg")) == reason


def test_colours_without_a_certain_grey_are_refused(save):
    image = Image.fromarray(np.dstack([picture()] * 3))
    for kind in ("JPEG", "TIFF"):
        assert refusal(save(encode(image.convert("CMYK"), kind))) == "UNSUPPORTED_COLOUR"
    assert refusal(save(encode(image.convert("LAB"), "TIFF"))) == "UNSUPPORTED_COLOUR"
    assert refusal(save(encode(picture().astype(np.float32), "TIFF"))) == "UNSUPPORTED_FORMAT"
    assert refusal(save(encode(picture(), "TIFF", compression="jpeg"))) == "UNSUPPORTED_FORMAT"


@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
def test_several_pages_are_refused(save, kind):
    pages = [Image.fromarray(picture(seed=seed)) for seed in range(2)]
    data = encode(pages[0], kind, save_all=True, append_images=pages[1:])
    assert refusal(save(data)) == "SEVERAL_IMAGES"


def test_a_bomb_is_refused_at_once_with_flat_memory(save):
    path = save(png_that_declares(2**15, 2**15))
    tracemalloc.start()
    start = time.process_time()
    assert refusal(path) == "TOO_LARGE"
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20
    assert seconds < 1


def test_the_pixel_limit_is_a_parameter(save):
    path = save(encode(picture(), "PNG"))
    assert read_image(path, max_pixels=ROWS * COLUMNS).shape == (ROWS, COLUMNS)
    assert refusal(path, max_pixels=ROWS * COLUMNS - 1) == "TOO_LARGE"
    with pytest.raises(ParameterError, match="max_pixels must be an integer of at least 1"):
        read_image(path, max_pixels=0)
    with pytest.raises(ParameterError, match="size must be an integer of at least 1"):
        read_image(path, size=0)


def test_many_bytes_are_refused_unread(tmp_path):
    path = tmp_path / "sparse"
    with open(path, "wb") as stream:
        stream.truncate(2**33)
    assert refusal(path) == "TOO_LARGE"


def test_what_is_no_file_is_named_and_does_not_hang(tmp_path):
    fifo, loop, denied = tmp_path / "fifo.jpeg", tmp_path / "loop.jpeg", tmp_path / "denied.jpeg"
    os.mkfifo(fifo)
    loop.symlink_to(loop)
    denied.write_bytes(encode(picture(), "PNG"))
    denied.chmod(0)
    for path in (fifo, loop, tmp_path):
        assert refusal(path) == "NOT_A_FILE"
    assert refusal(tmp_path / "nowhere") == "NOT_FOUND"
    assert refusal(denied / "x.png") == "UNREADABLE"
    if os.geteuid() != 0:
        assert refusal(denied) == "UNREADABLE"


def test_a_socket_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # names of sockets must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.jpeg")
        assert refusal("s.jpeg") == "NOT_A_FILE"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6), part=st.data())
@pytest.mark.filterwarnings("ignore")  # Pillow warns of broken metadata, in its own words
def test_any_damage_is_a_picture_or_a_reason(save, kind, changes, part):
    data = bytearray(encode(picture(), kind))
    reach = part.draw(st.sampled_from([64, 256, len(data)]))
    for where, value in changes:
        data[min(int(where * reach), len(data) - 1)] = value
    path = save(bytes(data))
    try:
        outcome = read_image(path)
    except ImageError as error:
        outcome = error
    if isinstance(outcome, ImageError):
        assert outcome.reason in REASONS
    else:
        assert outcome.ndim == 2
        assert outcome.dtype in (np.uint8, np.uint16)


# --- names


@pytest.mark.parametrize("name", ["plain.png", "größe.png", "new\nline.png", "a#b.png", "x.npz.png", b"\xff\xfe.png"])
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

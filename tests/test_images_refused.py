"""Files that are no picture, or must not become one."""

import os
import socket
import struct
import time
import tokenize
import tracemalloc
import zlib
from lzma import LZMAError
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from featurex import read_image
from featurex.errors import ImageError, ParameterError
from featurex.images import MIN_SIDE, REASONS, formats
from tests.pictures import COLUMNS, ROWS, encode, picture, refusal


@pytest.fixture
def save(tmp_path):
    def write(data, name="image"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


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
    return (
        b"\xff\xd8\xff" + bytes([process]) + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"
    )


def png_that_declares(rows, columns, bits=8, colour=0):
    def chunk(kind, payload):
        return (
            struct.pack(">I", len(payload))
            + kind
            + payload
            + struct.pack(">I", zlib.crc32(kind + payload))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, bits, colour, 0, 0, 0))
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


def test_pages_of_a_tiff_are_not_counted(save):
    # The directory names itself as the next one: there is no end of pages.
    data = bytearray(encode(picture(), "TIFF"))
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    struct.pack_into("<I", data, start + 2 + 12 * entries, start)
    assert refusal(save(bytes(data))) == "SEVERAL_IMAGES"


def test_bytes_are_limited_like_pixels(save):
    assert refusal(save(png_that_declares(2**13, 2**14, bits=16, colour=6))) == "TOO_LARGE"
    colour = encode(np.dstack([picture()] * 3), "PNG")
    assert read_image(save(colour), max_pixels=3 * ROWS * COLUMNS).shape == (ROWS, COLUMNS)
    with pytest.raises(ImageError, match=r"pixels of 3 bytes, at most .* \(twice max_pixels\)"):
        read_image(save(colour), max_pixels=ROWS * COLUMNS)


def test_a_tiff_too_short_for_its_pixels_is_refused_before_they_are_decoded(save):
    data = bytearray(encode(picture(), "TIFF", compression="tiff_deflate"))
    (start,) = struct.unpack_from("<I", data, 4)
    for entry in range(start + 2, start + 2 + 12 * 2, 12):
        # Columns and rows are the first two tags: 4-byte integers from now on.
        struct.pack_into("<HII", data, entry + 2, 4, 1, 2**13)
    assert refusal(save(bytes(data))) == "TRUNCATED"


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
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6),
    part=st.data(),
)
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


@pytest.mark.parametrize(
    "error", [OverflowError("too large"), struct.error(), LZMAError("x"), tokenize.TokenError("x")]
)
def test_whatever_a_decoder_raises_becomes_a_reason(save, monkeypatch, error):
    def decode(*_):
        raise error

    monkeypatch.setitem(formats.FORMATS, "BMP", formats.FORMATS["BMP"]._replace(decode=decode))
    with pytest.raises(ImageError, match="the decoder stopped") as caught:
        read_image(save(encode(picture(), "BMP")))
    assert caught.value.reason == "CORRUPT_IMAGE"


def test_the_documentation_lists_every_reason():
    text = (Path(__file__).resolve().parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
    for reason, meaning in REASONS.items():
        assert f"| `{reason}` | {meaning} |" in text

"""Change bytes of pictures of every format at random, read them, and count what becomes of it.

    python scripts/fuzz_images.py --mutations 500

One to five bytes behind the first of each file are overwritten, inserted, removed or repeated. A
picture that is refused or reads as before is good; one that reads otherwise was damaged without a
word. Another error than an `ImageError`, a read of more than 20 seconds, a crash and growing memory
are faults. JPEGs and BMPs are read strictly, too.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from featurex.errors import ImageError
from featurex.images import read_image
from scripts.fuzzing import count_outcomes, run

ROWS, COLUMNS = 120, 104


def draw(levels=256):
    """A smooth picture with noise and flat places, so that runs occur."""
    generator = np.random.default_rng(0)
    y, x = np.mgrid[:ROWS, :COLUMNS]
    waves = 110 + 90 * np.sin(x / 9) * np.cos(y / 13) + generator.normal(0, 6, x.shape)
    waves[:20], waves[:, :12] = 0, 0
    return (waves.clip(0, 255) * (levels / 256)).astype(np.uint8)


def encode(image, kind, **options):
    """Encode an array, or a picture of Pillow's, in memory: bytes."""
    stream = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    image.save(stream, kind, **options)
    return stream.getvalue()


def encode_bitmap_runs(image):
    """Encode 8-bit levels as a BMP with run lengths: bytes."""
    body = bytearray()
    for row in image[::-1]:
        edges = np.flatnonzero(np.diff(row)) + 1
        for part in np.split(row, edges):
            for start in range(0, len(part), 255):
                body += bytes((len(part[start : start + 255]), part[0]))
        body += b"\0\0"
    body += b"\0\1"
    plain = encode(image, "BMP")
    start = int.from_bytes(plain[10:14], "little")
    head = bytearray(plain[:start])
    head[2:6] = (start + len(body)).to_bytes(4, "little")
    head[30:38] = (1).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return bytes(head + body)


def encode_dicom(image, run_lengths=False):
    """Encode 8-bit levels as DICOM: bytes."""
    import pydicom
    from pydicom.uid import ExplicitVRLittleEndian, RLELossless, generate_uid

    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1", generate_uid()
    dataset.Rows, dataset.Columns = image.shape
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 7, 0, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = image.tobytes()
    dataset["PixelData"].VR = "OB"
    if run_lengths:
        dataset.compress(RLELossless)
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def make_pictures():
    """Name to bytes: a picture of every format and compression."""
    grey = draw()
    colour = Image.fromarray(np.stack([grey, grey, grey[::-1]], axis=2))
    wide = grey.astype(np.uint16) * 257
    return {
        "JPEG": encode(grey, "JPEG", quality=90),
        "JPEG restarts": encode(grey, "JPEG", quality=90, restart_marker_rows=1),
        "JPEG colour": encode(colour, "JPEG", quality=80),
        "JPEG progressive": encode(grey, "JPEG", quality=90, progressive=True),
        "PNG": encode(grey, "PNG"),
        "PNG 16 bits": encode(Image.fromarray(wide), "PNG"),
        "TIFF": encode(grey, "TIFF"),
        "TIFF PackBits": encode(grey, "TIFF", compression="packbits"),
        "TIFF LZW": encode(grey, "TIFF", compression="tiff_lzw"),
        "TIFF Deflate": encode(grey, "TIFF", compression="tiff_adobe_deflate"),
        "BMP": encode(grey, "BMP"),
        "BMP runs": encode_bitmap_runs(draw(16)),
        "DICOM": encode_dicom(grey),
        "DICOM RLE": encode_dicom(grey, run_lengths=True),
    }


def change_bytes(content, generator):
    """Overwrite, insert, remove or repeat some bytes."""
    content = bytearray(content)
    for _ in range(generator.integers(1, 6)):
        place = int(generator.integers(4, len(content)))
        length = int(generator.integers(1, 4))
        match generator.integers(4):
            case 0 | 1:
                content[place : place + length] = generator.bytes(length)
            case 2:
                content[place:place] = generator.bytes(length)
            case _:
                del content[place : place + length]
    return bytes(content)


def fuzz(name, strict, mutations, seed):
    """Try mutations of one picture: (counts, growth of memory in MB)."""
    generator, content = np.random.default_rng(seed), make_pictures()[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(content)
        right = read_image(path, strict=strict)

        def read():
            image = read_image(path, strict=strict)
            return "as before" if np.array_equal(image, right) else "damaged without a word"

        return count_outcomes(
            lambda: path.write_bytes(change_bytes(content, generator)), read, ImageError, mutations
        )


def main():
    """Try all formats, each in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=500, help="of each picture")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    jobs = {
        f"{name}, strict" if strict else name: (name, strict, arguments.mutations, arguments.seed)
        for name in make_pictures()
        for strict in ((False, True) if name.startswith(("JPEG", "BMP")) else (False,))
    }
    return run(jobs, fuzz)


if __name__ == "__main__":
    sys.exit(main())

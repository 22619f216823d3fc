"""DICOM, with the extra `dicom`: stored values to what a display shows."""

import io

import numpy as np

from featurex.images import jpeg
from featurex.images.file import Header, ImageFile, check_plausible
from featurex.images.grey import convert_blocks, to_grey, widen

_EXTRA = "install it with pip install 'featurex-xray[dicom]'"
_PREAMBLE = 128
# The largest ratio of run lengths: two bytes become 128 (PS3.5, G.3).
_MAX_RLE = 64
# Little-endian groups 0002 and 0008, with which a file without preamble begins.
_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00")
# Transfer syntaxes, PS3.5 section 10 and PS3.6 table A-1.
_DEFLATED, _RLE, _JPEG_BASELINE = (
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.50",
)
_UNCOMPRESSED = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
# Baseline, extended, lossless twice, JPEG-LS lossless and near-lossless.
_JPEG = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 57, 70, 80, 81))
_JPEG_LS = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (80, 81))
_JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")


def has_signature(data):
    """Return whether the DICOM signature stands behind a preamble, which may hold anything."""
    return data[_PREAMBLE : _PREAMBLE + 4] == b"DICM"


def matches(data):
    """Return whether bytes begin as a DICOM file does, with or without its preamble."""
    if has_signature(data):
        return True
    explicit, implicit = data[4:6].isalpha() and data[4:6].isupper(), data[6:8] == b"\0\0"
    return data[:2] in _FIRST_GROUPS and data[3:4] == b"\0" and (explicit or implicit)


def read_header(file):
    """Read what a DICOM file declares about its image.

    Parameters
    ----------
    file : ImageFile
        A DICOM file, with or without its preamble.

    Returns
    -------
    header : Header
        Its notes say what had to be assumed, as a missing transfer syntax.

    Raises
    ------
    ImageError
        NO_PIXEL_DATA, SEVERAL_IMAGES, UNSUPPORTED_COLOUR, UNSUPPORTED_FORMAT, DECODER_MISSING or
        CORRUPT_IMAGE.
    """
    dataset, notes = _read(file)
    return _header(file, dataset, notes)


def decode(file, header, size=None):
    """Decode to what a display shows, black = 0.

    In the standard's order: Modality LUT or rescale; VOI LUT or window (the first, if there are
    several), where there is neither the full range; MONOCHROME1 inverted; pixel padding black.
    Images of more than 8 bits spread over uint16.

    Parameters
    ----------
    file : ImageFile
        A DICOM file.
    header : Header
        As `read_header` gives it for the same file.
    size : int or None
        As in `jpeg.decode`, for JPEG baseline inside DICOM.

    Returns
    -------
    image : uint8 or uint16 array of shape (rows, columns)

    Raises
    ------
    ImageError

    Notes
    -----
    DICOM PS3.3, C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.7.6.3.1.2 (photometric interpretation).
    Presentation state objects and overlays are not applied.
    """
    from featurex.images.display import display_table

    dataset, _ = _read(file)
    stored = _stored(file, dataset, header, size)
    if stored.ndim == 3:
        return widen(to_grey(stored), header.bits) if header.bits > 8 else to_grey(stored)
    lowest, table = display_table(dataset)
    if stored.min() < lowest or stored.max() - lowest >= len(table):
        raise file.refuse(
            "CORRUPT_IMAGE", f"stored values exceed the declared {dataset.BitsStored} bits"
        )
    return convert_blocks(stored, lambda block: table[block - np.int32(lowest)], table.dtype)


def _read(file):
    """Parse the data set; return it and notes."""
    try:
        import pydicom
    except (
        ImportError,
        AttributeError,
    ) as error:  # python-gdcm imports any module named dl, and breaks on it
        raise file.refuse(
            "DECODER_MISSING", f"DICOM needs the extra 'dicom' ({error}): {_EXTRA}"
        ) from error
    if _DEFLATED.encode() in file.data[: 2**12]:
        raise file.refuse(
            "UNSUPPORTED_FORMAT", "a deflated DICOM file; save it with another transfer syntax"
        )
    dataset = pydicom.dcmread(io.BytesIO(file.data), force=True)
    if "PixelData" not in dataset:
        raise file.refuse("NO_PIXEL_DATA", "the DICOM object holds no image")
    if "TransferSyntaxUID" in dataset.file_meta:
        return dataset, ()
    implicit, little = dataset.original_encoding
    dataset.file_meta.TransferSyntaxUID = _guess_syntax(implicit, little)
    name = dataset.file_meta.TransferSyntaxUID.name
    return dataset, (f"it names no transfer syntax: read as {name}, which its encoding shows",)


def _guess_syntax(implicit, little):
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _header(file, dataset, notes):
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax not in (*_UNCOMPRESSED, _RLE, *_JPEG, *_JPEG_2000):
        raise file.refuse(
            "UNSUPPORTED_FORMAT",
            f"its transfer syntax is {syntax.name} ({syntax}); uncompressed, RLE, JPEG, JPEG-LS "
            f"and JPEG 2000 images are read",
        )
    if int(dataset.get("NumberOfFrames") or 1) > 1:
        raise file.refuse(
            "SEVERAL_IMAGES", f"the DICOM object has {dataset.NumberOfFrames} frames; save one"
        )
    colour = dataset.PhotometricInterpretation
    channels = int(dataset.SamplesPerPixel)
    if (colour, channels) not in {(name, 1) for name in _GREY} | {(name, 3) for name in _COLOUR}:
        raise file.refuse(
            "UNSUPPORTED_COLOUR", f"DICOM pixels are {colour} with {channels} samples"
        )
    if not 8 <= dataset.BitsStored <= 16 or dataset.HighBit != dataset.BitsStored - 1:
        raise file.refuse(
            "UNSUPPORTED_FORMAT",
            f"{dataset.BitsStored} bits up to bit {dataset.HighBit}; 8 to 16 bits from bit 0 are "
            f"read",
        )
    return Header("DICOM", dataset.Rows, dataset.Columns, dataset.BitsStored, channels, notes=notes)


def _stored(file, dataset, header, size):
    """Stored values as an array (rows, columns) or, with colours, (rows, columns, 3)."""
    from pydicom.encaps import get_frame
    from pydicom.pixels import get_decoder

    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax.is_encapsulated and syntax != _RLE:
        frame = ImageFile(
            file.name, get_frame(dataset.PixelData, 0, number_of_frames=1), file.strict
        )
        if syntax in _JPEG_2000:
            return _jpeg2000(frame, header, _is_signed(dataset))
        _check_jpeg(frame, header)
        if syntax not in _JPEG_LS:
            check_plausible(frame, header, jpeg.MAX_PIXELS_PER_BYTE)
        if syntax == _JPEG_BASELINE and header.channels == 1:
            return jpeg.decode(frame, jpeg.read_header(frame), size)
    if syntax == _RLE:
        frame = ImageFile(
            file.name, get_frame(dataset.PixelData, 0, number_of_frames=1), file.strict
        )
        check_plausible(frame, header, _MAX_RLE / header.pixel_bytes)
        # Late: it loads Numba.
        from featurex.images.lengths import check_segment_lengths

        check_segment_lengths(frame, header.rows, header.columns)
    decoder = get_decoder(syntax)
    if not decoder.is_available:
        raise file.refuse("DECODER_MISSING", f"{syntax.name} needs the extra 'dicom': {_EXTRA}")
    # Bits beyond the declared ones are cleared only where they may repeat the sign or hold an
    # overlay: elsewhere they show that the declaration is wrong, and clearing them would wrap
    # bright pixels to dark ones.
    known = _is_signed(dataset) or _has_overlay_in_pixels(dataset)
    return decoder.as_array(dataset, correct_unused_bits=known)[0]


def _is_signed(dataset):
    return dataset.get("PixelRepresentation", 0) == 1


def _has_overlay_in_pixels(dataset):
    """Return whether an overlay lies in unused bits of the pixels (retired; PS3.5, 8.1.2)."""
    positions = (dataset.get((group, 0x0102)) for group in range(0x6000, 0x6020, 2))
    return any(
        element is not None and (element.value or 0) >= dataset.BitsStored for element in positions
    )


def _jpeg2000(frame, header, signed):
    # Not through pydicom, which prefers GDCM: that ends the whole process on some damaged streams.
    try:
        import openjpeg
    except ImportError as error:
        raise frame.refuse(
            "DECODER_MISSING", f"JPEG 2000 needs the extra 'dicom': {_EXTRA}"
        ) from error
    inside = openjpeg.get_parameters(frame.data)
    _check_same(frame, (inside["rows"], inside["columns"], inside["samples_per_pixel"]), header)
    stored = openjpeg.decode(frame.data)
    if bool(inside["is_signed"]) == signed:
        return stored
    # The stream may contradict the header, which decides: the same bits, read with or without sign.
    half, stored = 2 ** (header.bits - 1), stored.astype(np.int32)
    if signed:
        return np.where(stored >= half, stored - 2 * half, stored)
    return np.where(stored < 0, stored + 2 * half, stored)


def _check_jpeg(frame, header):
    """Refuse a JPEG stream without its end, which GDCM decodes all the same, or of another size."""
    if not frame.data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise frame.refuse("TRUNCATED", "the JPEG stream in the DICOM file has no end")
    _check_same(frame, jpeg.read_extent(frame), header)


def _check_same(frame, inside, header):
    """Compare a compressed stream's size with the header's, before memory is taken for it."""
    outside = (header.rows, header.columns, header.channels)
    if inside != outside:
        raise frame.refuse(
            "CORRUPT_IMAGE",
            f"the compressed pixels are {inside}, the header says {outside} (rows, columns, "
            f"channels)",
        )

"""DICOM, with the extra `dicom`: stored values to what a display shows."""

import io
import struct

import numpy as np

from featurex.images import jpeg
from featurex.images.file import Header, ImageFile
from featurex.images.grey import to_grey, widen

_EXTRA = "install it with pip install 'featurex-xray[dicom]'"
_PREAMBLE = 128
# Little-endian groups 0002 and 0008, with which a file without preamble begins.
_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00")
_DEFLATED, _JPEG_BASELINE = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.50"
_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
# What pydicom and the decoders behind it raise on damaged files, by the fuzzing test.
_DECODER_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)


def matches(data):
    """Whether bytes begin as a DICOM file does, with or without its preamble."""
    if data[_PREAMBLE : _PREAMBLE + 4] == b"DICM":
        return True
    explicit, implicit = data[4:6].isalpha() and data[4:6].isupper(), data[6:8] == b"\0\0"
    return data[:2] in _FIRST_GROUPS and data[3:4] == b"\0" and (explicit or implicit)


def read_header(file):
    """Read what a DICOM file declares about its image.

    Parameters
    ----------
    file : ImageFile

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
    return _run(file, lambda: _header(file, dataset, notes))


def decode(file, header, size=None):
    """Decode to what a display shows, black = 0.

    In the standard's order: Modality LUT or rescale; VOI LUT or window (the first, if there are several),
    where there is neither the full range; MONOCHROME1 inverted; pixel padding black. Images of more than 8
    bits spread over uint16.

    Parameters
    ----------
    file : ImageFile
    header : Header
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
    stored = _run(file, lambda: _stored(file, dataset, header, size))
    if stored.ndim == 3:
        return widen(to_grey(stored), header.bits) if header.bits > 8 else to_grey(stored)
    lowest, table = _run(file, lambda: display_table(dataset))
    if stored.min() < lowest or stored.max() - lowest >= len(table):
        raise file.refuse("CORRUPT_IMAGE", f"stored values exceed the declared {dataset.BitsStored} bits")
    return table[stored - np.int32(lowest)]


def _read(file):
    """Parse the data set; return it and notes."""
    try:
        import pydicom
    except ImportError as error:
        raise file.refuse("DECODER_MISSING", f"DICOM needs the extra 'dicom': {_EXTRA}") from error
    if _DEFLATED.encode() in file.data[: 2**12]:
        raise file.refuse("UNSUPPORTED_FORMAT", "a deflated DICOM file; save it with another transfer syntax")
    dataset = _run(file, lambda: pydicom.dcmread(io.BytesIO(file.data), force=True))
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
    if int(dataset.get("NumberOfFrames") or 1) > 1:
        raise file.refuse("SEVERAL_IMAGES", f"the DICOM object has {dataset.NumberOfFrames} frames; save one")
    colour = dataset.PhotometricInterpretation
    channels = int(dataset.SamplesPerPixel)
    if (colour, channels) not in {(name, 1) for name in _GREY} | {(name, 3) for name in _COLOUR}:
        raise file.refuse("UNSUPPORTED_COLOUR", f"DICOM pixels are {colour} with {channels} samples")
    if not 8 <= dataset.BitsStored <= 16 or dataset.HighBit != dataset.BitsStored - 1:
        raise file.refuse(
            "UNSUPPORTED_FORMAT",
            f"{dataset.BitsStored} bits up to bit {dataset.HighBit}; 8 to 16 bits from bit 0 are read",
        )
    return Header("DICOM", dataset.Rows, dataset.Columns, dataset.BitsStored, channels, notes=notes)


def _stored(file, dataset, header, size):
    """Stored values as an array (rows, columns) or, with colours, (rows, columns, 3)."""
    from pydicom.encaps import get_frame
    from pydicom.pixels import get_decoder

    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax.is_encapsulated:
        frame = ImageFile(file.name, get_frame(dataset.PixelData, 0, number_of_frames=1))
        _check_frame(frame, header)
        if syntax == _JPEG_BASELINE and header.channels == 1:
            return jpeg.decode(frame, jpeg.read_header(frame), size)
    decoder = get_decoder(syntax)
    if not decoder.is_available:
        raise file.refuse("DECODER_MISSING", f"{syntax.name} needs the extra 'dicom': {_EXTRA}")
    return dataset.pixel_array


def _check_frame(frame, header):
    """Refuse a compressed frame of another size than the header's, before it is decoded."""
    if frame.data.startswith(b"\xff\x4f\xff\x51"):  # JPEG 2000: ITU-T T.800, A.5.1
        columns, rows, left, top = struct.unpack_from(">4I", frame.data, 8)
        extent = (rows - top, columns - left)
    elif frame.data.startswith(b"\xff\xd8"):
        extent = jpeg.read_extent(frame)
    else:  # RLE has no size of its own
        return
    if extent != (header.rows, header.columns):
        raise frame.refuse(
            "CORRUPT_IMAGE",
            f"the compressed frame has {extent} pixels, the header {(header.rows, header.columns)}",
        )


def _run(file, work):
    """Call `work`, and turn what pydicom raises on damaged files into an ImageError."""
    from featurex.errors import ImageError

    try:
        return work()
    except ImageError:
        raise
    except _DECODER_ERRORS as error:
        text = str(error).lower()
        cut = isinstance(error, EOFError) or any(
            word in text for word in ("less than", "truncated", "end of")
        )
        reason = "TRUNCATED" if cut else "CORRUPT_IMAGE"
        raise file.refuse(reason, f"the DICOM decoder stopped: {error or type(error).__name__}") from error

"""The one EXIF field that changes how an image is seen."""

import struct

EXIF_PREFIX = b"Exif\0\0"
_ORIENTATION, _SHORT = 0x0112, 3


def read_orientation(payload):
    """Find the orientation in an EXIF payload.

    Parameters
    ----------
    payload : bytes
        "Exif", two zeros, and a TIFF structure (EXIF 2.32, section 4.5).

    Returns
    -------
    orientation : int or None
        None where the payload is something else, names none, or is broken: the image does not
        depend on the remaining metadata, so that they are no reason to refuse it.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(payload[6:10])
    if not payload.startswith(EXIF_PREFIX) or order is None:
        return None
    tiff = payload[len(EXIF_PREFIX) :]
    try:
        (offset,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, offset)
        for entry in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, offset + 2 + 12 * entry)
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return value
    except struct.error:
        return None
    return None

"""What a display shows of each stored DICOM value, as one table over all of them."""

import numpy as np


def display_table(dataset):
    """Tabulate the standard's chain: Modality LUT or rescale, VOI LUT or window, inversion,
    padding.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Of a grey image with 8 to 16 bits stored.

    Returns
    -------
    lowest : int
        The stored value to which ``table[0]`` belongs.
    table : uint8 or uint16 array of shape (2**bits,)
        uint8 where neither the stored values nor a Modality LUT have more than 8 bits.

    Notes
    -----
    DICOM PS3.3: C.11.1, C.11.2, C.7.5.1.1.2 (padding).
    """
    bits, signed = dataset.BitsStored, dataset.get("PixelRepresentation", 0) == 1
    lowest = -(2 ** (bits - 1)) if signed else 0
    values = np.arange(lowest, lowest + 2**bits)
    if dataset.get("ModalityLUTSequence"):
        values, lut_bits = _look_up(dataset.ModalityLUTSequence[0], values, bits)
        bits = max(bits, lut_bits)
    elif dataset.get("RescaleSlope") is not None:
        values = values * float(dataset.RescaleSlope) + float(dataset.get("RescaleIntercept") or 0)
    top = 255 if bits <= 8 else 65535
    light = np.rint(top * _values_of_interest(dataset, values))
    if light.min() == light.max():
        raise ValueError("its rescale slope, LUT or window shows every value alike")
    table = light.astype(np.uint8 if bits <= 8 else np.uint16)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        table = top - table
    padding = dataset.get("PixelPaddingValue")
    if padding is not None and lowest <= padding < lowest + len(table):
        table[padding - lowest] = 0
    return lowest, table


def _values_of_interest(dataset, values):
    """Brightness from 0 to 1; without LUT and window all values that can occur span it."""
    if dataset.get("VOILUTSequence"):
        values, bits = _look_up(
            dataset.VOILUTSequence[0], np.rint(values).astype(np.int64), dataset.BitsStored
        )
        return values / (2**bits - 1)
    if dataset.get("WindowWidth") is None or dataset.get("WindowCenter") is None:
        return (values - values.min()) / (np.ptp(values) or 1.0)
    center, width = (
        float(np.atleast_1d(value)[0]) for value in (dataset.WindowCenter, dataset.WindowWidth)
    )
    return _window(values, center, width, dataset.get("VOILUTFunction") or "LINEAR")


def _look_up(item, values, stored_bits):
    """Return values of a LUT, and its bits; inputs outside it take its first or last value
    (C.11.1.1.1).

    The entries decide about the bits where the descriptor contradicts them. Some writers declare 16
    bits for entries that reach the top of fewer, often of the stored bits.
    """
    entries, first, bits = item.LUTDescriptor
    entries = entries or 2**16  # 0 stands for what 16 bits cannot hold
    if first >= 2**15 and values[0] < 0:
        first -= 2**16  # its type follows that of the pixels, which not every writer knows
    data = item.LUTData
    if isinstance(data, bytes):
        data = np.frombuffer(data, np.uint8 if len(data) == entries else "<u2")
    data = np.asarray(data)[:entries]
    highest = int(data.max())
    used = highest.bit_length()
    if used > bits or (8 <= used < bits and (used == stored_bits or highest == 2**used - 1)):
        bits = used
    return data[np.clip(values - first, 0, len(data) - 1)].astype(np.int64), bits


def _window(values, center, width, function):
    """PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID) and C.11.2.1.3.2 (LINEAR_EXACT)."""
    if function == "SIGMOID" and width > 0:
        return 1 / (1 + np.exp(-4 * (values - center) / width))
    if function == "LINEAR" and width >= 1:
        return np.clip((values - (center - 0.5)) / max(width - 1, 1e-9) + 0.5, 0, 1)
    if function == "LINEAR_EXACT" and width > 0:
        return np.clip((values - center) / width + 0.5, 0, 1)
    raise ValueError(f"a window of width {width} with the function {function}")

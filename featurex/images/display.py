"""What a display shows of each stored DICOM value, as one table over all of them."""

import numpy as np


def display_table(dataset):
    """Tabulate the standard's chain: Modality LUT or rescale, VOI LUT or window, inversion, padding.

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
    stored = np.arange(lowest, lowest + 2**bits)
    values, bits = _modality(dataset, stored, bits)
    light = _values_of_interest(dataset, values)
    top = 255 if bits <= 8 else 65535
    table = np.rint(light * top).astype(np.uint8 if bits <= 8 else np.uint16)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        table = top - table
    padding = dataset.get("PixelPaddingValue")
    if padding is not None and lowest <= padding < lowest + len(table):
        table[padding - lowest] = 0
    return lowest, table


def _modality(dataset, stored, bits):
    """Modality values and their bits."""
    from pydicom.pixels import apply_modality_lut

    if dataset.get("ModalityLUTSequence"):
        bits = max(bits, dataset.ModalityLUTSequence[0].LUTDescriptor[2])
    return apply_modality_lut(stored, dataset), bits


def _values_of_interest(dataset, values):
    """Brightness from 0 to 1; without LUT and window all values that can occur span it."""
    from pydicom.pixels import apply_voi

    if dataset.get("VOILUTSequence"):
        lut_bits = dataset.VOILUTSequence[0].LUTDescriptor[2]
        return apply_voi(np.rint(values).astype(np.int64), dataset) / (2**lut_bits - 1)
    if dataset.get("WindowWidth") is None or dataset.get("WindowCenter") is None:
        return (values - values.min()) / np.ptp(values)
    return _window(
        values,
        float(np.atleast_1d(dataset.WindowCenter)[0]),
        float(np.atleast_1d(dataset.WindowWidth)[0]),
        dataset.get("VOILUTFunction") or "LINEAR",
    )


def _window(values, center, width, function):
    """PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID) and C.11.2.1.3.2 (LINEAR_EXACT)."""
    if function == "SIGMOID" and width > 0:
        return 1 / (1 + np.exp(-4 * (values - center) / width))
    if function == "LINEAR" and width >= 1:
        return np.clip((values - (center - 0.5)) / max(width - 1, 1e-9) + 0.5, 0, 1)
    if function == "LINEAR_EXACT" and width > 0:
        return np.clip((values - center) / width + 0.5, 0, 1)
    raise ValueError(f"a window of width {width} with the function {function}")

"""Whether the coefficients of a JPEG can be those of an image: what its decoder does not ask."""

import re
import struct

import numpy as np

from featurex.kernels.jpeg_scan import (
    FINE,
    NO_CODE,
    OUT_OF_RANGE,
    TOO_LONG,
    TOO_MANY,
    TOO_SHORT,
    check_blocks,
)

# ITU-T T.81, table B.1.
_SOF0, _SOF1, _DHT, _EOI, _SOS, _DQT, _DRI = 0xC0, 0xC1, 0xC4, 0xD9, 0xDA, 0xDB, 0xDD
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_MARGIN = 8.0
_WORDS = {
    NO_CODE: "holds bits that are no code",
    TOO_MANY: "has more than 64 coefficients",
    OUT_OF_RANGE: "has coefficients that no 8-bit image gives",
    TOO_SHORT: "ends early",
    TOO_LONG: "leaves bits over",
}


def check_coefficients(file):
    """Refuse a baseline JPEG with coefficients that no image gives: bytes were changed.

    Parameters
    ----------
    file : ImageFile
        A JPEG file whose header has been read. Progressive ones are not checked.

    Raises
    ------
    ImageError
        CORRUPT_JPEG, with the place.
    """
    reader = _Scans(file)
    position = 2
    while position + 4 <= len(file.data):
        marker = file.data[position + 1]
        if file.data[position] != 0xFF or marker == _EOI:
            return
        if marker == 0xFF or marker in _STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", file.data, position + 2)
        payload = file.data[position + 4 : position + 2 + length]
        position += 2 + length
        if marker == _SOS:
            stop = _find_end(file.data, position)
            reader.check(payload, file.data[position:stop])
            position = stop
        elif marker in _FRAMES and marker not in (_SOF0, _SOF1):
            return
        else:
            reader.read(marker, payload)


def _find_end(data, start):
    """Find the marker that ends entropy-coded data: not a stuffed zero, and no restart."""
    found = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]").search(data, start)
    return found.start() if found else len(data)


class _Scans:
    """The tables of a JPEG as far as they were read, and checks of its scans."""

    def __init__(self, file):
        self.file = file
        self.codes = np.zeros((8, 65536), np.int32)
        self.quantisation, self.components = {}, {}
        self.rows = self.columns = self.restart = 0

    def read(self, marker, payload):
        """Read a segment of tables."""
        if marker == _DQT:
            while payload:
                wide, index = payload[0] >> 4, payload[0] & 15
                kind, size = (">u2", 128) if wide else ("u1", 64)
                self.quantisation[index] = np.frombuffer(payload[1 : 1 + size], kind)
                payload = payload[1 + size :]
        elif marker == _DHT:
            while payload:
                n_codes = sum(payload[1:17])
                table = (payload[0] >> 4 & 1) * 4 + (payload[0] & 3)
                _fill_codes(self.codes[table], payload[1:17], payload[17 : 17 + n_codes])
                payload = payload[17 + n_codes :]
        elif marker == _DRI:
            (self.restart,) = struct.unpack(">H", payload)
        elif marker in _FRAMES:
            self.rows, self.columns, number = struct.unpack_from(">HHB", payload, 1)
            self.components = {
                payload[6 + 3 * index]: (
                    payload[7 + 3 * index] >> 4,
                    payload[7 + 3 * index] & 15,
                    payload[8 + 3 * index],
                )
                for index in range(number)
            }

    def check(self, payload, data):
        """Check the blocks of one scan."""
        chosen = [(payload[1 + 2 * i], payload[2 + 2 * i]) for i in range(payload[0])]
        across, down = (
            max(component[axis] for component in self.components.values()) for axis in (0, 1)
        )
        blocks = []
        for index, (name, tables) in enumerate(chosen):
            right, below, _ = self.components[name]
            # A scan of one component has a block a unit, whatever the sampling.
            count = right * below if len(chosen) > 1 else 1
            blocks += count * [(tables >> 4 & 3, tables & 3, index)]
        if len(chosen) > 1:
            units = -(-self.columns // (8 * across)) * -(-self.rows // (8 * down))
        else:
            right, below, _ = self.components[chosen[0][0]]
            units = -(-self.columns * right // (8 * across)) * -(-self.rows * below // (8 * down))
        tables = [self.quantisation[self.components[name][2]] for name, _ in chosen]
        basis = np.stack([_scale(table) for table in tables])
        limits = [(*_bound_mean(int(table[0])), _allow(table)) for table in tables]
        coding = np.array(blocks, np.int64), basis, np.array(limits, np.float32)
        self._check_intervals(data, coding, units)

    def _check_intervals(self, data, coding, n_units):
        done, intervals = 0, re.split(rb"\xff+[\xd0-\xd7]", data)
        for interval in intervals if self.restart else [data]:
            units = min(self.restart or n_units, n_units - done)
            coded = np.frombuffer(interval.replace(b"\xff\x00", b"\xff") + b"\0\0", np.uint8)
            sums = np.zeros(len(coding[1]), np.int64)
            status, unit = check_blocks(coded, self.codes, *coding, units, sums)
            if status != FINE:
                raise self.file.refuse(
                    "CORRUPT_JPEG",
                    f"block {done + unit + 1:,} of {n_units:,} {_WORDS[status]}: bytes of the JPEG "
                    f"were changed",
                )
            done += units
        if done < n_units:
            raise self.file.refuse("CORRUPT_JPEG", f"the JPEG holds {done:,} of {n_units:,} blocks")


def _fill_codes(codes, counts, symbols):
    """Fill the look-up table of a Huffman table: T.81, C.2."""
    codes[:] = 0
    code = place = 0
    for length, count in enumerate(counts, start=1):
        for symbol in symbols[place : place + count]:
            start = code << (16 - length)
            codes[start : start + (1 << (16 - length))] = 256 * length + symbol
            code += 1
        place += count
        code <<= 1


def _scale(quantisation):
    """Return what a step of each coefficient adds to a block: float32 array, shape (64, 64)."""
    return (_BASIS * np.asarray(quantisation, np.float64)[:, None]).astype(np.float32)


def _bound_mean(step):
    """Return the smallest and largest DC coefficients of 64 samples from -128 to 127."""
    # Half a step for rounding, and as much for encoders that weigh size against error.
    return -(8 * 128 // step) - 1, 8 * 127 // step + 1


def _allow(quantisation):
    """Return the largest absolute value of a sample that coding an 8-bit image may give."""
    # Each coefficient is wrong by half a step at most.
    return 128 + _MARGIN * float(np.sqrt(np.mean(np.square(quantisation, dtype=np.float64) / 12)))


def _make_basis():
    """Make the basis functions of ITU-T T.81, A.3.3, in zigzag order: shape (64, 64)."""
    angles = np.outer(np.arange(8), 2 * np.arange(8) + 1) * np.pi / 16
    waves = np.cos(angles) * np.where(np.arange(8) == 0, np.sqrt(0.5), 1)[:, None] / 2
    places = sorted(np.ndindex(8, 8), key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]))
    return np.stack([np.outer(waves[down], waves[right]).ravel() for down, right in places])


_BASIS = _make_basis()

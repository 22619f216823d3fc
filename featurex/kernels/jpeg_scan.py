"""The entropy-coded blocks of a sequential JPEG, decoded as far as to see whether they can be an
image's.
"""

import numpy as np

from featurex.kernels._jit import inline, jit

# What `check_blocks` returns.
FINE, NO_CODE, TOO_MANY, OUT_OF_RANGE, TOO_SHORT, TOO_LONG = range(6)


@inline
def _extend(bits, size):
    """Read a coefficient of so many bits: T.81, F.2.2.1."""
    return bits if bits >= 1 << (size - 1) else bits + 1 - (1 << size)


@inline
def _add_step(samples, function, step):
    """Add a multiple of a basis function to the samples of a block."""
    for place in range(64):
        samples[place] += step * function[place]


@inline
def _find_largest(samples):
    """Find the largest absolute value."""
    highest = np.float32(0)
    for place in range(64):
        highest = max(highest, abs(samples[place]))
    return highest


@inline
def _is_filled(data, n_left):
    """Return whether bits left over are of the last byte, and ones or, of some encoders, zeros."""
    ones = (1 << min(max(n_left, 0), 8)) - 1
    filled = np.int64(data[max(data.size - 3, 0)]) & ones
    return n_left < 8 and (filled == 0 or filled == ones)


@jit
def check_blocks(data, codes, blocks, basis, limits, n_units, sums):
    """Decode Huffman-coded blocks, and stop at the first that no image can have.

    Sequential coding of ITU-T T.81, F.2.2. Without it a decoder shows what it is given: a changed
    byte may make another valid code, and so another coefficient.

    Parameters
    ----------
    data : uint8 array, shape (n_bytes,)
        One interval between restart markers, without stuffed zeros; followed by two bytes at least.
    codes : int32 array, shape (8, 65536)
        By table (four for DC, then four for AC) and the next 16 bits: 256 times the length of the
        code, plus its symbol; 0 where no code begins so.
    blocks : int64 array, shape (blocks in a unit, 3)
        DC table, AC table and component of each block of a minimum coded unit.
    basis : float32 array, shape (n_components, 64, 64)
        What one step of each coefficient, in zigzag order, adds to the samples of a block.
    limits : float32 array, shape (n_components, 3)
        The smallest and the largest DC coefficient, and the largest absolute value of a sample,
        whose middle is 0, before it is clipped.
    n_units : int
        Minimum coded units of the interval.
    sums : int64 array, shape (n_components,)
        Zeros: becomes the DC coefficients of the last blocks.

    Returns
    -------
    status : int
        `FINE`; `NO_CODE` where bits are no code; `TOO_MANY` where a block has more than 64
        coefficients; `OUT_OF_RANGE` where a mean or a sample is beyond what is allowed;
        `TOO_SHORT` where bits are missing, `TOO_LONG` where some are left.
    unit : int
        The unit where it stopped.
    """
    n_bits = 8 * (data.size - 2)
    at, held, n_held = 0, 0, 0
    samples = np.empty(64, np.float32)
    for unit in range(n_units):
        for b in range(blocks.shape[0]):
            component = blocks[b, 2]
            k, table = 0, blocks[b, 0]
            samples[:] = 0
            while k < 64:
                # At least 32 bits at hand: a code and a coefficient take 16 each at most.
                while n_held < 32:
                    held = ((held & 0xFFFFFFFF) << 8) | (data[at] if at < data.size else 0)
                    at, n_held = at + 1, n_held + 8
                code = codes[table, (held >> (n_held - 16)) & 0xFFFF]
                if code == 0:
                    return NO_CODE, unit
                n_held -= code >> 8
                symbol = code & 0xFF
                run, size = (symbol >> 4, symbol & 15) if k > 0 else (0, symbol)
                if k > 0 and size == 0 and run < 15:
                    if run > 0:
                        return NO_CODE, unit
                    break
                k += run
                if k > 63:
                    return TOO_MANY, unit
                if size > (10 if k > 0 else 11):
                    return NO_CODE, unit
                value = 0
                if size > 0:
                    value = _extend((held >> (n_held - size)) & ((1 << size) - 1), size)
                    n_held -= size
                if k == 0:
                    sums[component] += value
                    value = sums[component]
                    table = 4 + blocks[b, 1]
                    if value < limits[component, 0] or value > limits[component, 1]:
                        return OUT_OF_RANGE, unit
                if value != 0:
                    _add_step(samples, basis[component, k], np.float32(value))
                k += 1
            if _find_largest(samples) > limits[component, 2]:
                return OUT_OF_RANGE, unit
            if 8 * at - n_held > n_bits:
                return TOO_SHORT, unit
    return (FINE if _is_filled(data, n_bits - (8 * at - n_held)) else TOO_LONG), n_units - 1

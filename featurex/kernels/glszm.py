"""Zones: connected pixels of one level."""

import numpy as np

from featurex.kernels._jit import inline, jit

# Which of the neighbours that were seen before have the pixel's level.
_ABOVE, _RIGHT, _LEFT, _BESIDE, _OUTSIDE = 1, 2, 4, 8, 16


@inline
def _compare(here, above, codes):
    """Note which neighbours on the row above and to the left have a pixel's level."""
    columns = codes.size
    middle, left, right, beside = above[1 : columns + 1], above[:columns], above[2:], here[:columns]
    here = here[1 : columns + 1]
    for x in range(columns):
        level = here[x]
        code = np.uint8(_ABOVE) if middle[x] == level else np.uint8(0)
        code |= np.uint8(_RIGHT) if right[x] == level else np.uint8(0)
        code |= np.uint8(_LEFT) if left[x] == level else np.uint8(0)
        code |= np.uint8(_BESIDE) if beside[x] == level else np.uint8(0)
        codes[x] = code if level > 0 else np.uint8(_OUTSIDE)


@inline
def _root(parents, part):
    while parents[part] != part:
        parents[part] = parents[np.uintp(parents[part])]
        part = np.uintp(parents[part])
    return part


@jit
def label_components(levels, distances, kinds, sizes, nearest, parents):
    """Cut zones of pixels that touch at a side or corner into parts, row by row, and note which
    belong together.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2, columns + 2)
        With a frame of zeros; 0 outside the region, 1 to n inside.
    distances : int32 array, shape (rows, columns), or None
        Of each pixel to the border of the region.
    kinds : array of the type of `levels`, shape (rows * columns + 1,)
        The first are filled with the level of each part.
    sizes : uint32 array, shape (rows * columns + 1, 2)
        The first rows are filled with the number of pixels of each part, to be added: successive
        pixels, which are often of one part, take turns.
    nearest : int32 array, shape (rows * columns + 1,), or None
        The first are filled with the least distance of each part; None where there are no
        distances.
    parents : uint32 array, shape (rows * columns + 1,)
        Filled for each part with itself, or an earlier one of the same zone.

    Returns
    -------
    count : int
        Of the parts.
    """
    columns = levels.shape[1] - 2
    # Of the three pixels above, that of which the name is taken, by code.
    steps = np.empty(16, np.uintp)
    for code in range(16):
        steps[code] = 1 if code & _ABOVE else (2 if code & _RIGHT else 0)
    # Of this row and of the one above it, in turn, with a frame.
    names = np.zeros((2, columns + 2), np.uint32)
    codes = np.empty(columns, np.uint8)
    count, one = np.uintp(0), np.uint32(1)
    for row in range(1, levels.shape[0] - 1):
        _compare(levels[row], levels[row - 1], codes)
        here, before, named = levels[row, 1:], names[1 - (row & 1)], names[row & 1]
        last = count
        for x in range(columns):
            code = codes[x]
            if code == _OUTSIDE:
                continue
            above = np.uintp(before[np.uintp(x) + steps[code]])
            part = last if code & _BESIDE else count
            part = above if code & (_ABOVE | _RIGHT | _LEFT) else part
            # As if a new part began; what is written of it is written over if none does.
            parents[count], kinds[count], sizes[count, 0], sizes[count, 1] = count, here[x], 0, 0
            named[x + 1] = part
            sizes[part, x & 1] += one
            if distances is not None:
                away = distances[row - 1, x]
                nearest[part] = min(nearest[part], away) if code else away
            count += np.uintp(code == 0)
            if code > _RIGHT and (code & (_ABOVE | _RIGHT)) == _RIGHT:
                other = np.uintp(before[x]) if code & _LEFT else last
                if other != part:
                    first, second = _root(parents, part), _root(parents, other)
                    parents[max(first, second)] = min(first, second)
            last = part
    return count


@jit
def merge_components(kinds, sizes, nearest, parents, zones):
    """Add up the parts of each zone.

    Parameters
    ----------
    kinds, sizes, nearest, parents : arrays, shape (n_parts,), of sizes (n_parts, 2)
        See `label_components`. Sizes and least distances are overwritten.
    zones : int64 array, shape (3, n_parts)
        The first columns are filled with level, number of pixels and least distance of each zone, 0
        without any.

    Returns
    -------
    count : int
        Of the zones.
    """
    # A parent comes before its children, so that from the last on all children are added before it
    # is looked at.
    for part in range(len(parents) - 1, -1, -1):
        parent = np.uintp(parents[part])
        sizes[part, 0] += sizes[part, 1]
        if parent != np.uintp(part):
            sizes[parent, 0] += sizes[part, 0]
            if nearest is not None:
                nearest[parent] = min(nearest[parent], nearest[part])
    count = 0
    for part in range(len(parents)):
        if parents[part] == part:
            zones[0, count], zones[1, count] = kinds[part], sizes[part, 0]
            zones[2, count] = 0 if nearest is None else nearest[part]
            count += 1
    return count

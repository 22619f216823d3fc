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
def find_parts(levels, distances, parts, parents):
    """Cut zones of pixels that touch at a side or corner into parts, row by row, and note which belong together.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2, columns + 2)
        With a frame of zeros; 0 outside the region, 1 to n inside.
    distances : int32 array, shape (rows, columns), or None
        Of each pixel to the border of the region; None stands for 0.
    parts : int32 array, shape (rows * columns, 3)
        The first rows are filled with level, number of pixels and least distance of each part.
    parents : uint32 array, shape (rows * columns,)
        Filled for each part with itself, or an earlier one of the same zone.

    Returns
    -------
    count : int
        Of the parts.
    """
    width = levels.shape[1]
    columns = width - 2
    # The part of each pixel; it is that of a neighbour, or the pixel's own, at a step that depends on the code.
    names = np.empty(levels.size, np.uint32)
    steps = np.full(16, width)
    for code in range(0, 16, 2):
        steps[code] = width - 1 if code & _RIGHT else (width + 1 if code & _LEFT else code // _BESIDE)
    codes = np.empty(columns, np.uint8)
    count = np.uintp(0)
    for row in range(1, levels.shape[0] - 1):
        _compare(levels[row], levels[row - 1], codes)
        here = levels[row, 1:]
        for x in range(columns):
            code = codes[x]
            if code == _OUTSIDE:
                continue
            place = np.uintp(row * width + x + 1)
            # As if it were a new part; what is written of it is written over if it is none.
            names[place] = count
            parents[count] = count
            parts[count, 0] = here[x]
            parts[count, 1] = 0
            parts[count, 2] = 0 if distances is None else distances[row - 1, x]
            count += np.uintp(code == 0)
            part = np.uintp(names[place - np.uintp(steps[code])])
            names[place] = part
            parts[part, 1] += 1
            if distances is not None:
                parts[part, 2] = min(parts[part, 2], distances[row - 1, x])
            if code > _RIGHT and (code & (_ABOVE | _RIGHT)) == _RIGHT:
                one = _root(parents, part)
                two = _root(parents, np.uintp(names[place - np.uintp(width + 1 if code & _LEFT else 1)]))
                parents[max(one, two)] = min(one, two)
    return count


@jit
def join_parts(parts, parents, zones):
    """Add up the parts of each zone.

    Parameters
    ----------
    parts : int32 array, shape (n_parts, 3)
        See `find_parts`. Overwritten.
    parents : uint32 array, shape (n_parts,)
    zones : int64 array, shape (3, n_parts)
        The first columns are filled with level, number of pixels and least distance of each zone.

    Returns
    -------
    count : int
        Of the zones.
    """
    # A parent comes before its children, so that from the last on all children are added before it is looked at.
    for part in range(len(parts) - 1, -1, -1):
        parent = np.uintp(parents[part])
        if parent != np.uintp(part):
            parts[parent, 1] += parts[part, 1]
            parts[parent, 2] = min(parts[parent, 2], parts[part, 2])
    count = 0
    for part in range(len(parts)):
        if parents[part] == part:
            zones[0, count], zones[1, count], zones[2, count] = parts[part, 0], parts[part, 1], parts[part, 2]
            count += 1
    return count

"""Grey-level size zones (IBSI 9SAK), and distance zones (VMDZ): connected components of one level.

Components are labelled in one pass over the rows, with a union-find forest of provisional labels
(Rosenfeld and Pfaltz 1966; Wu, Otoo and Suzuki 2009), and sizes are counted on the way: no second
pass over the pixels is needed.
"""

import numpy as np

from featurex.kernels._jit import inline, jit

# Bits of a code: which of the neighbours seen before a pixel have its level.
_ABOVE, _ABOVE_RIGHT, _ABOVE_LEFT, _LEFT, _OUTSIDE = 1, 2, 4, 8, 16


@inline
def _compare_neighbours(here, above, codes):
    """Fill the code of each pixel of a row: a loop of its own, as it vectorises."""
    columns = codes.size
    middle, left, right, before = above[1 : columns + 1], above[:columns], above[2:], here[:columns]
    here = here[1 : columns + 1]
    for x in range(columns):
        level = here[x]
        code = np.uint8(_ABOVE) if middle[x] == level else np.uint8(0)
        code |= np.uint8(_ABOVE_RIGHT) if right[x] == level else np.uint8(0)
        code |= np.uint8(_ABOVE_LEFT) if left[x] == level else np.uint8(0)
        code |= np.uint8(_LEFT) if before[x] == level else np.uint8(0)
        codes[x] = code if level > 0 else np.uint8(_OUTSIDE)


@inline
def _find_root(parents, label):
    """The root of a label's tree, with path halving."""
    while parents[label] != label:
        parents[label] = parents[np.uintp(parents[label])]
        label = np.uintp(parents[label])
    return label


@jit
def label_components(levels, distances, label_levels, sizes, nearest, parents):
    """Label pixels row by row, and note which labels belong to one connected component.

    Pixels are connected at a side or corner (8-connectivity). A pixel takes the label of the one
    above it, above and right, above and left, or left of it, whichever first has its level, and
    else a new label. Two labels can meet only at a pixel whose neighbour above and right has its
    level, the one above has not, and one to the left, above or beside, has.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2, columns + 2)
        0 in the padding and outside the region, 1 to n inside.
    distances : int32 array, shape (rows, columns), or None
        Distance of each pixel to the border of the region.
    label_levels : array of the type of `levels`, shape (rows * columns + 1,)
        The first entries are filled with the level of each label.
    sizes : uint32 array, shape (rows * columns + 1, 2)
        The first rows are filled with two numbers of pixels for each label, to be added up:
        successive pixels, which often have one label, take turns, as an increment would wait for
        the one before it to be stored.
    nearest : int32 array, shape (rows * columns + 1,), or None
        The first entries are filled with the smallest distance of each label; None where there are
        no distances.
    parents : uint32 array, shape (rows * columns + 1,)
        The union-find forest: filled for each label with itself, if it is a root, or a smaller
        label of the same component.

    Returns
    -------
    count : int
        Number of labels.

    References
    ----------
    G. Thibault, J. Angulo, F. Meyer (2014). Advanced statistical matrices for texture
    characterization: application to cell classification. IEEE Transactions on Biomedical
    Engineering 61(3), 630-637. doi:10.1109/TBME.2013.2284600
    K. Wu, E. Otoo, K. Suzuki (2009). Optimizing two-pass connected-component labeling algorithms.
    Pattern Analysis and Applications 12, 117-135. doi:10.1007/s10044-008-0109-y
    """
    columns = levels.shape[1] - 2
    # By code, in which of the three pixels above the label is found: left, middle or right.
    steps = np.empty(16, np.uintp)
    for code in range(16):
        steps[code] = 1 if code & _ABOVE else (2 if code & _ABOVE_RIGHT else 0)
    # Labels of this row and of the one above it, in turn, with padding: labels of earlier rows are
    # never read again.
    labels = np.zeros((2, columns + 2), np.uint32)
    codes = np.empty(columns, np.uint8)
    count, one = np.uintp(0), np.uint32(1)
    for row in range(1, levels.shape[0] - 1):
        _compare_neighbours(levels[row], levels[row - 1], codes)
        here, before, labelled = levels[row, 1:], labels[1 - (row & 1)], labels[row & 1]
        last = count
        for x in range(columns):
            code = codes[x]
            if code == _OUTSIDE:
                continue
            above = np.uintp(before[np.uintp(x) + steps[code]])
            label = last if code & _LEFT else count
            label = above if code & (_ABOVE | _ABOVE_RIGHT | _ABOVE_LEFT) else label
            # As if a new label began: without a branch, as it is written over if none does.
            parents[count], label_levels[count] = count, here[x]
            sizes[count, 0], sizes[count, 1] = 0, 0
            labelled[x + 1] = label
            sizes[label, x & 1] += one
            if distances is not None:
                away = distances[row - 1, x]
                nearest[label] = min(nearest[label], away) if code else away
            count += np.uintp(code == 0)
            if code > _ABOVE_RIGHT and (code & (_ABOVE | _ABOVE_RIGHT)) == _ABOVE_RIGHT:
                other = np.uintp(before[x]) if code & _ABOVE_LEFT else last
                if other != label:
                    first, second = _find_root(parents, label), _find_root(parents, other)
                    # The smaller label is the root, as `merge_components` needs it.
                    parents[max(first, second)] = min(first, second)
            last = label
    return count


@jit
def merge_components(label_levels, sizes, nearest, parents, zones):
    """Merge the labels of each connected component, IBSI's zone.

    Parameters
    ----------
    label_levels : array of the type of the levels, shape (n_labels,)
        Level of each label.
    sizes : uint32 array, shape (n_labels, 2)
        Numbers of pixels; overwritten.
    nearest : int32 array, shape (n_labels,), or None
        Smallest distances; overwritten.
    parents : uint32 array, shape (n_labels,)
        The union-find forest, all as from `label_components`.
    zones : int64 array, shape (3, n_labels)
        The first columns are filled with each zone's level, number of pixels, and smallest
        distance, which is 0 without distances.

    Returns
    -------
    count : int
        Number of zones.
    """
    # A parent is smaller than its children: from the last label on, a label's descendants have all
    # been added to it before it is added to its own parent.
    for label in range(len(parents) - 1, -1, -1):
        parent = np.uintp(parents[label])
        sizes[label, 0] += sizes[label, 1]
        if parent != np.uintp(label):
            sizes[parent, 0] += sizes[label, 0]
            if nearest is not None:
                nearest[parent] = min(nearest[parent], nearest[label])
    count = 0
    for label in range(len(parents)):
        if parents[label] == label:
            zones[0, count], zones[1, count] = label_levels[label], sizes[label, 0]
            zones[2, count] = 0 if nearest is None else nearest[label]
            count += 1
    return count

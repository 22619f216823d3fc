"""Shapley values of decision trees."""

from featurex.kernels._jit import inline, jit

# Of the integers and of the floats that are known of a node.
COLUMN, PARENT, LEFT = range(3)
THRESHOLD, COVER, VALUE = range(3)
# Of a feature on the path to a leaf.
FEATURE, FRACTION, REACHED = range(3)


@jit
def add_shapley_values(values, nodes, numbers, path, weights, out):
    """Add the Shapley values of every column, over all trees, to `out`.

    A column that is not known lets an image go both ways, in proportion to the training images
    that did. The leaf's value is then divided among the columns on the path to it, by the
    polynomial algorithm of Lundberg et al.; here each leaf is taken for itself, from the leaf
    up to the root, which needs no recursion.

    Parameters
    ----------
    values : float32 array, shape (n, n_columns)
        The images.
    nodes : int32 array, shape (n_nodes, 3)
        Of every node the `COLUMN` that it asks (-1 for a leaf), its `PARENT` (-1 for a root) and
        its `LEFT` child.
    numbers : float64 array, shape (n_nodes, 3)
        Of every node the `THRESHOLD` up to which an image goes left, its `COVER` (training images
        that reached it) and its `VALUE`, which counts for leaves alone.
    path : float64 array, shape (max_depth, 3)
        Scratch buffer: of each column on the path the `FEATURE`, the `FRACTION` of the training
        images that would go on towards the leaf, and whether the image does (`REACHED`).
    weights : float64 array, shape (max_depth + 1,)
        Scratch buffer: for each number of known columns, the weight of the orders in which the
        image arrives at the leaf.
    out : float64 array, shape (n, n_columns)
        Added to.

    References
    ----------
    S. M. Lundberg et al. (2020). From local explanations to global understanding with explainable
    AI for trees. Nature Machine Intelligence 2, 56-67. doi:10.1038/s42256-019-0138-9
    """
    for leaf in range(len(nodes)):
        if nodes[leaf, COLUMN] >= 0 or numbers[leaf, VALUE] == 0.0:
            continue
        for image in range(len(values)):
            length = _walk_up(values[image], nodes, numbers, leaf, path)
            weights[0] = 1.0
            for place in range(length):
                _extend(weights, place + 1, path[place, FRACTION], path[place, REACHED])
            for place in range(length):
                fraction, reached = path[place, FRACTION], path[place, REACHED]
                if fraction == 0.0 and reached == 0.0:
                    continue
                total = _sum_without(weights, length, fraction, reached)
                out[image, int(path[place, FEATURE])] += (
                    total * (reached - fraction) * numbers[leaf, VALUE]
                )


@inline
def _walk_up(image, nodes, numbers, leaf, path):
    """Fill the path of a leaf, each column once; return the number of columns."""
    length, child = 0, leaf
    while nodes[child, PARENT] >= 0:
        parent = nodes[child, PARENT]
        column, cover = nodes[parent, COLUMN], numbers[parent, COVER]
        goes_left = image[column] <= numbers[parent, THRESHOLD]
        reached = 1.0 if goes_left == (nodes[parent, LEFT] == child) else 0.0
        fraction = numbers[child, COVER] / cover if cover > 0.0 else 0.5
        place = 0
        while place < length and path[place, FEATURE] != column:
            place += 1
        if place == length:
            path[place, FEATURE] = column
            path[place, FRACTION], path[place, REACHED] = fraction, reached
            length += 1
        else:
            path[place, FRACTION] *= fraction
            path[place, REACHED] *= reached
        child = parent
    return length


@inline
def _extend(weights, length, fraction, reached):
    """Let one more column be known or not known."""
    weights[length] = 0.0
    for known in range(length - 1, -1, -1):
        weights[known + 1] += reached * weights[known] * (known + 1) / (length + 1)
        weights[known] *= fraction * (length - known) / (length + 1)


@inline
def _sum_without(weights, length, fraction, reached):
    """Undo `_extend` for one column, and return the sum of the weights."""
    total, following = 0.0, weights[length]
    for known in range(length - 1, -1, -1):
        if reached != 0.0:
            own = following * (length + 1) / ((known + 1) * reached)
            following = weights[known] - own * fraction * (length - known) / (length + 1)
        else:
            own = weights[known] * (length + 1) / (fraction * (length - known))
        total += own
    return total

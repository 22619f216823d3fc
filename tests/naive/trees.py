"""Decision trees node by node: what they say, and the Shapley values of what they say."""

import itertools
import math


def find_value(trees, node, image, output):
    """What a tree of `featurex.scorers.Trees` adds to an output for one image."""
    if trees.columns[node] < 0:
        return trees.leaves[node, output]
    goes_left = image[trees.columns[node]] <= trees.thresholds[node]
    child = (trees.left if goes_left else trees.right)[node]
    return find_value(trees, child, image, output)


def find_expectation(trees, node, image, known):
    """The mean over the training images that agree with an image in what is known of it."""
    if trees.columns[node] < 0:
        return trees.leaves[node, 0]
    left, right = trees.left[node], trees.right[node]
    if trees.columns[node] in known:
        goes_left = image[trees.columns[node]] <= trees.thresholds[node]
        return find_expectation(trees, left if goes_left else right, image, known)
    return sum(
        trees.covers[child] / trees.covers[node] * find_expectation(trees, child, image, known)
        for child in (left, right)
    )


def shapley_values(trees, image):
    """Shapley's definition, over all sets of columns: a list of floats, one a column."""
    columns = range(len(image))
    values = []
    for column in columns:
        others = [other for other in columns if other != column]
        total = 0.0
        for size in range(len(columns)):
            weight = 1 / (len(columns) * math.comb(len(columns) - 1, size))
            for known in itertools.combinations(others, size):
                for root in trees.roots:
                    total += weight * (
                        find_expectation(trees, root, image, {*known, column})
                        - find_expectation(trees, root, image, set(known))
                    )
        values.append(total)
    return values

"""Sums over decision trees: forests and boosted trees alike."""

import functools
from dataclasses import dataclass

import numpy as np

from featurex.errors import DataError
from featurex.scorers.base import Scorer, check_array, count_classes, margins_to_probabilities

# What the sums of the trees are.
MARGINS, PROBABILITIES = "margins", "probabilities"
LEAF = -1
# Forests of thousands of images are some 30 deep.
MAX_DEPTH = 1000


@dataclass(frozen=True, eq=False)
class Trees(Scorer):
    """A classifier that sums the values of the leaves that an image reaches.

    At an inner node an image goes left if its column, in single precision, is <= the threshold.
    The nodes of a tree are one after the other, its root first and children after their parents;
    a leaf has `LEAF` for its column and its children.

    Parameters
    ----------
    columns, left, right : int array, shape (n_nodes,)
        The column that a node asks, and its children.
    thresholds : float array, shape (n_nodes,)
        0 for a leaf.
    covers : float array, shape (n_nodes,)
        How much of the training set reached each node: images, or their weights. Only explanations
        use it.
    leaves : float array, shape (n_nodes, width)
        What a leaf adds; 0 for other nodes.
    roots : int array, shape (n_trees,)
        Ascending, the first 0.
    outputs : int array, shape (n_trees,)
        The output to which the first of a tree's values is added; the others follow.
    constants : float array, shape (n_outputs,)
        The sums without any tree.
    kind : str
        `MARGINS` (see `margins_to_probabilities`) or `PROBABILITIES`, one a class.
    n_columns : int
        Number of columns that it is given.
    """

    columns: np.ndarray
    left: np.ndarray
    right: np.ndarray
    thresholds: np.ndarray
    covers: np.ndarray
    leaves: np.ndarray
    roots: np.ndarray
    outputs: np.ndarray
    constants: np.ndarray
    kind: str
    n_columns: int

    def __post_init__(self):
        check_array("Trees: columns", self.columns, "i", (None,))
        for name in ("left", "right"):
            check_array(f"Trees: {name}", getattr(self, name), "i", self.columns.shape)
        for name in ("thresholds", "covers"):
            check_array(f"Trees: {name}", getattr(self, name), "f", self.columns.shape)
        check_array("Trees: leaves", self.leaves, "f", (len(self.columns), None))
        check_array("Trees: roots", self.roots, "i", (None,))
        check_array("Trees: outputs", self.outputs, "i", self.roots.shape)
        check_array("Trees: constants", self.constants, "f", (None,))
        if self.kind not in (MARGINS, PROBABILITIES):
            raise DataError(f"Trees: kind must be {MARGINS} or {PROBABILITIES}")
        if self.kind == PROBABILITIES and len(self.constants) < 2:
            raise DataError("Trees: there must be a probability for each class")
        last = len(self.constants) - self.leaves.shape[1]
        if (self.outputs < 0).any() or (self.outputs > last).any():
            raise DataError("Trees: outputs must lie among the constants")
        self._check_nodes()

    @property
    def n_classes(self):
        """The number of classes."""
        n_outputs = len(self.constants)
        return n_outputs if self.kind == PROBABILITIES else count_classes(n_outputs)

    def find_leaves(self, values):
        """Find the leaf of every tree that every image reaches.

        Parameters
        ----------
        values : array of shape (n, n_columns)
            Columns of images.

        Returns
        -------
        leaves : int array, shape (n, n_trees)
            Indices of nodes.
        """
        # Learnt on single precision, in which two values may be equal that are not in double.
        values = np.asarray(values, np.float32)
        nodes = np.tile(self.roots.astype(np.intp), (len(values), 1))
        images, trees = np.nonzero(self.columns[nodes] != LEAF)
        while len(images):
            now = nodes[images, trees]
            goes_left = values[images, self.columns[now]] <= self.thresholds[now]
            now = np.where(goes_left, self.left[now], self.right[now])
            nodes[images, trees] = now
            inner = self.columns[now] != LEAF
            images, trees = images[inner], trees[inner]
        return nodes

    def find_sums(self, values):
        """Sum the values of the leaves: array of shape (n, n_columns) to (n, n_outputs)."""
        nodes = self.find_leaves(values)
        sums = np.tile(self.constants.astype(np.float64), (len(nodes), 1))
        width = self.leaves.shape[1]
        for output in np.unique(self.outputs):
            trees = self.outputs == output
            sums[:, output : output + width] += self.leaves[nodes[:, trees]].sum(axis=1)
        return sums

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, n_columns) to (n, n_classes)."""
        sums = self.find_sums(values)
        return sums if self.kind == PROBABILITIES else margins_to_probabilities(sums)

    def explain_sum(self, values, output):
        """Divide a sum of the trees among the columns: Shapley values.

        Parameters
        ----------
        values : array of shape (n, n_columns)
            Columns of images, at least one.
        output : int
            Which sum.

        Returns
        -------
        base : float
            The mean sum over the training images.
        columns : float64 array, shape (n, n_columns)
            What each column adds; base + the columns = the sum.
        """
        # Late: only who explains waits for Numba.
        from featurex.kernels.trees import add_shapley_values

        values = np.ascontiguousarray(values, np.float32)
        index, n_nodes = np.arange(len(self.columns)), len(self.columns)
        parents = np.full(n_nodes, -1)
        for children in (self.left, self.right):
            parents[children[children >= 0]] = index[children >= 0]
        # A tree may add to this output or not.
        tree = np.searchsorted(self.roots, index, side="right") - 1
        place = output - self.outputs[tree]
        adds = (place >= 0) & (place < self.leaves.shape[1])
        leaves = np.where(adds, self.leaves[index, np.where(adds, place, 0)], 0.0)
        columns = np.zeros((len(values), self.n_columns))
        add_shapley_values(
            values,
            np.column_stack([self.columns, parents, self.left]).astype(np.int32),
            np.column_stack([self.thresholds, self.covers, leaves]).astype(np.float64),
            np.empty((self.depth, 3)),
            np.empty(self.depth + 1),
            columns,
        )
        return float(self.find_sums(values[:1])[0, output] - columns[0].sum()), columns

    @functools.cached_property
    def depth(self):
        """The number of decisions before the deepest leaf, at least 1."""
        level, depth = self.roots, 0
        while (level := self._find_children(level)).size and depth <= MAX_DEPTH:
            depth += 1
        return max(depth, 1)

    def _find_children(self, nodes):
        inner = nodes[self.columns[nodes] != LEAF]
        return np.concatenate([self.left[inner], self.right[inner]])

    def _check_nodes(self):
        """Refuse nodes that do not make trees: a walk must end in a leaf, whatever the image."""
        nodes, roots = np.arange(len(self.columns)), self.roots.astype(np.intp)
        if roots[0] != 0 or (np.diff(roots) <= 0).any() or roots[-1] >= len(nodes):
            raise DataError("Trees: roots must ascend from 0")
        is_leaf = self.columns == LEAF
        children = np.stack([self.left, self.right])
        if (children[:, is_leaf] != LEAF).any():
            raise DataError("Trees: a leaf has no children")
        if (self.columns < LEAF).any() or (self.columns >= self.n_columns).any():
            raise DataError(f"Trees: columns must be below {self.n_columns}")
        ends = np.append(roots[1:], len(nodes))
        end = np.repeat(ends, np.diff(np.append(roots, len(nodes))))
        inner = nodes[~is_leaf]
        if (children[:, inner] <= inner).any() or (children[:, inner] >= end[inner]).any():
            raise DataError("Trees: children must follow their parents within their tree")
        parents = np.bincount(children[:, inner].ravel(), minlength=len(nodes))
        expected = np.ones(len(nodes), int)
        expected[roots] = 0
        if not np.array_equal(parents, expected):
            raise DataError("Trees: every node but a root must have one parent")
        if self.depth > MAX_DEPTH:
            raise DataError(f"Trees: they must be at most {MAX_DEPTH} deep")

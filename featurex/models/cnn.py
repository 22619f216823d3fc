"""A small convolutional network with scikit-learn's interface: the rival of the classical
models.
"""

from contextlib import contextmanager

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer, check_number, check_sequence
from featurex.errors import DataError, MissingExtraError
from featurex.images.stack import check_stack, iter_images
from featurex.models.base import MAX_SEED
from featurex.models.training import TrainingPlan
from featurex.preprocess import resize


class CNN(ClassifierMixin, BaseEstimator):
    """Four convolution blocks on small images, about 95,000 weights.

    Trained from scratch on one thread, with class weights, light augmentation (rotation, zoom,
    shift, brightness, contrast) and early stopping on held-out patients, so that any input gets the
    same budget. The same seed gives the same weights on the same machine.

    Parameters
    ----------
    size : int
        Rows and columns to which images are brought by area averaging, 16 to 512; every block
        halves them, and at least 2 must be left.
    channels : sequence of int
        Channels of each block, from the first to the last.
    max_iter : int
        Maximum number of epochs; the learning rate rises and falls over all of them.
    batch_size : int
        Images a step.
    learning_rate : float
        The maximum of the schedule.
    weight_decay : float
        Decoupled weight decay of AdamW.
    n_iter_no_change : int
        Epochs without a smaller validation loss before training stops.
    validation_fraction : float
        Fraction of the training images, by whole patients, that early stopping watches, 0.02 to
        0.5.
    random_state : int
        Seed of weights, order, augmentation and the choice of these patients.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    weights_ : dict of str to array
        The network's parameters and running statistics, plain arrays.
    mean_, scale_ : float
        Mean and standard deviation of the training images' grey levels, by which every image is
        standardised.
    history_ : list of featurex.models.training.Epoch
        One item an epoch, in their order.

    Notes
    -----
    The names of parameters are those of `sklearn.neural_network.MLPClassifier`, which counts epochs
    in ``max_iter``, too. Two are not: its ``learning_rate_init`` is no maximum of a schedule, and
    its ``alpha`` is a squared penalty, not a decoupled decay.

    Images are stacks (n, rows, columns) or lists of 2-D arrays of any type, the same for `fit` and
    `predict_proba`. A lung region is ignored: the network sees every pixel.
    """

    def __init__(
        self,
        size=64,
        channels=(8, 32, 64, 128),
        max_iter=8,
        batch_size=32,
        learning_rate=0.005,
        weight_decay=0.05,
        n_iter_no_change=5,
        validation_fraction=0.1,
        random_state=0,
    ):
        self.size = size
        self.channels = channels
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.n_iter_no_change = n_iter_no_change
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def check_parameters(self):
        """Return the checked parameters.

        Returns
        -------
        plan : TrainingPlan

        Raises
        ------
        ParameterError
            If a parameter breaks its rule.
        """
        channels = check_sequence("channels", self.channels, check_integer, low=1, high=4096)
        return TrainingPlan(
            check_integer("size", self.size, max(16, 2 ** (len(channels) + 1)), 512),
            channels,
            check_integer("max_iter", self.max_iter, 1, 10_000),
            check_integer("batch_size", self.batch_size, 2, 65_536),
            check_number("learning_rate", self.learning_rate, 1e-6, 10.0),
            check_number("weight_decay", self.weight_decay, 0.0, 10.0),
            check_integer("n_iter_no_change", self.n_iter_no_change, 1),
            check_number("validation_fraction", self.validation_fraction, 0.02, 0.5),
            check_integer("random_state", self.random_state, 0, MAX_SEED),
        )

    def fit(self, X, y, groups=None, on_epoch=None):
        """Train the network.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            Grey levels; the images are resized to the network's size.
        y : array-like, shape (n,)
            Classes.
        groups : array-like, shape (n,), or None
            The patient of every image; None takes each image for a patient of its own.
        on_epoch : callable (Epoch) or None
            Called after every epoch.

        Returns
        -------
        self

        Raises
        ------
        MissingExtraError
            If PyTorch is not installed.
        ParameterError
            If a parameter breaks its rule, or an image is not a finite 2-D array of numbers.
        DataError
            If lengths differ, or there are not two patients of every class to learn from.
        """
        plan = self.check_parameters()
        torch, network = _import_torch()
        check_stack(X)
        y = np.asarray(y)
        groups = np.arange(len(y)) if groups is None else np.asarray(groups)
        if not len(X) == len(y) == len(groups):
            raise DataError(
                f"images, classes and patients must be equally many, but there are {len(X)}, "
                f"{len(y)} and {len(groups)}"
            )
        self.classes_, labels = np.unique(y, return_inverse=True)
        train, valid = _hold_out(labels, groups, plan)
        images = _shrink(X, plan.size)
        self.mean_ = float(images[train].mean())
        self.scale_ = float(images[train].std()) or 1.0
        images = torch.from_numpy(self._standardize(images))
        labels = torch.from_numpy(labels)
        generator = torch.Generator().manual_seed(plan.random_state)
        with _one_thread(torch):
            model = network.build_network(plan.channels, len(self.classes_), generator)
            self.history_ = network.train_network(
                model,
                (images[train], labels[train]),
                (images[valid], labels[valid]),
                plan,
                generator,
                on_epoch,
            )
        self.weights_ = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
        return self

    def predict_proba(self, X):
        """Probabilities of the classes.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            Grey levels; the images are resized to the network's size.

        Returns
        -------
        probabilities : float64 array, shape (n, n_classes)
        """
        check_is_fitted(self)
        torch, network = _import_torch()
        model = network.build_network(tuple(self.channels), len(self.classes_), torch.Generator())
        model.load_state_dict(
            {name: torch.from_numpy(array) for name, array in self.weights_.items()}
        )
        with _one_thread(torch):
            logits = network.predict_logits(
                model, torch.from_numpy(self._standardize(_shrink(X, self.size)))
            )
            return torch.softmax(logits.double(), dim=1).numpy()

    def predict(self, X):
        """The class of the largest probability: images (n, rows, columns) to array of shape
        (n,).
        """
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def _standardize(self, images):
        return ((images - self.mean_) / self.scale_)[:, None]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


def _import_torch():
    try:
        import torch
    except ImportError as error:
        raise MissingExtraError("cnn", "the CNN") from error
    from featurex.models import network

    return torch, network


def _shrink(images, size):
    """Images as a float32 stack (n, size, size)."""
    return np.stack(
        [resize(image, size) for image, _ in iter_images(images, region="ignore")]
    ).astype(np.float32)


def _hold_out(labels, groups, plan):
    """Row numbers to train on and to validate on, no patient on both sides."""
    if labels.max() == 0:
        raise DataError("the CNN was given images of one class only: it needs at least two classes")
    patients = min(len(np.unique(groups[labels == label])) for label in np.unique(labels))
    if patients < 2:
        raise DataError(
            "the CNN needs at least two patients of every class, one to train on and one to "
            "validate on; "
            "add images of other patients"
        )
    parts = min(round(1.0 / plan.validation_fraction), patients)
    splitter = StratifiedGroupKFold(parts, shuffle=True, random_state=plan.random_state)
    return next(splitter.split(labels, labels, groups))


@contextmanager
def _one_thread(torch):
    """Keep PyTorch to the calling thread: folds run in parallel, and so do not share cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

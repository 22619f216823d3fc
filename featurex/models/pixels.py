"""What all networks that are given images share: how they are fitted and asked, with
scikit-learn's interface.
"""

from contextlib import contextmanager

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer, check_number
from featurex.errors import DataError, MissingExtraError
from featurex.images.resize import resize
from featurex.images.stack import check_stack, iter_images
from featurex.models.base import MAX_SEED
from featurex.models.training import TrainingPlan


class PixelClassifier(ClassifierMixin, BaseEstimator):
    """Base class of the networks in `featurex.models.MODELS`, which learn features from pixels.

    A subclass has an ``__init__`` that only assigns `size`, `max_iter`, `batch_size`,
    `learning_rate`, `weight_decay`, `n_iter_no_change`, `validation_fraction`, `n_seeds` and
    `random_state`, and builds its network.

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
    """

    # Images of fewer rows and columns would leave the last layer too little to normalise.
    smallest_size = 16

    def build(self, torch, n_classes, generator):
        """Build the network before it is trained.

        Parameters
        ----------
        torch : module
            PyTorch.
        n_classes : int
            Number of outputs.
        generator : torch.Generator
            Of the initial weights.

        Returns
        -------
        network : torch.nn.Module
            From float images of shape (n, 1, size, size) to logits of shape (n, n_classes).
        """
        raise NotImplementedError

    def prepare(self, network):
        """Prepare a network that was built for training: by default it stays.

        Parameters
        ----------
        network : torch.nn.Module
            With random weights; changed in place.
        """

    def check_parameters(self):
        """Return the checked parameters of training.

        Returns
        -------
        plan : TrainingPlan

        Raises
        ------
        ParameterError
            If a parameter breaks its rule.
        """
        check_integer("n_seeds", self.n_seeds, 1, 100)
        return TrainingPlan(
            check_integer("size", self.size, self.smallest_size, 512),
            check_integer("max_iter", self.max_iter, 1, 10_000),
            check_integer("batch_size", self.batch_size, 2, 65_536),
            check_number("learning_rate", self.learning_rate, 1e-6, 10.0),
            check_number("weight_decay", self.weight_decay, 0.0, 10.0),
            check_integer("n_iter_no_change", self.n_iter_no_change, 1),
            check_number("validation_fraction", self.validation_fraction, 0.02, 0.5),
            check_integer("random_state", self.random_state, 0, MAX_SEED - self.n_seeds + 1),
        )

    def split_seeds(self):
        """The networks of one seed each that stand for this one: list of unfitted clones."""
        self.check_parameters()
        return [
            clone(self).set_params(n_seeds=1, random_state=self.random_state + number)
            for number in range(self.n_seeds)
        ]

    def fit(self, X, y, groups=None, on_epoch=None):
        """Train the network; of several seeds, the one of the median validation loss is kept.

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
        torch, network = import_torch()
        check_stack(X)
        y = np.asarray(y)
        groups = np.arange(len(y)) if groups is None else np.asarray(groups)
        if not len(X) == len(y) == len(groups):
            raise DataError(
                f"images, classes and patients must be equally many, but there are {len(X)}, "
                f"{len(y)} and {len(groups)}"
            )
        if self.n_seeds > 1:
            return self._fit_seeds(X, y, groups, on_epoch)
        self.classes_, labels = np.unique(y, return_inverse=True)
        train, valid = _hold_out(labels, groups, plan)
        images = _shrink(X, plan.size)
        self.mean_ = float(images[train].mean())
        self.scale_ = float(images[train].std()) or 1.0
        images = torch.from_numpy(self._standardize(images))
        labels = torch.from_numpy(labels)
        generator = torch.Generator().manual_seed(plan.random_state)
        with _one_thread(torch):
            model = self.build(torch, len(self.classes_), generator)
            self.prepare(model)
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

    def _fit_seeds(self, X, y, groups, on_epoch):
        """Train a network for each seed, and keep the one of the median validation loss."""
        fitted = [one.fit(X, y, groups, on_epoch) for one in self.split_seeds()]
        losses = [one.validation_loss_ for one in fitted]
        chosen = fitted[np.argsort(losses, kind="stable")[(len(losses) - 1) // 2]]
        for name in ("classes_", "weights_", "mean_", "scale_", "history_"):
            setattr(self, name, getattr(chosen, name))
        return self

    @property
    def validation_loss_(self):
        """The smallest loss on the patients that were held out of training: float, in nats."""
        check_is_fitted(self)
        return min(epoch.validation_loss for epoch in self.history_)

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
        torch, network = import_torch()
        model = self.build(torch, len(self.classes_), torch.Generator())
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


def import_torch():
    """Import PyTorch and what needs it: the modules torch and featurex.models.network."""
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
        raise DataError(
            "the network was given images of one class only: it needs at least two classes"
        )
    patients = min(len(np.unique(groups[labels == label])) for label in np.unique(labels))
    if patients < 2:
        raise DataError(
            "a network needs at least two patients of every class, one to train on and one to "
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

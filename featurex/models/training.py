"""What the training of a network is told, and what it tells: plain values without PyTorch."""

from typing import NamedTuple


class TrainingPlan(NamedTuple):
    """The checked parameters of a network, by the same names.

    Parameters
    ----------
    size : int
        Rows and columns of the images.
    max_iter : int
        Maximum number of epochs.
    batch_size : int
        Images a step.
    learning_rate : float
        The maximum of the schedule.
    weight_decay : float
        Decoupled weight decay of AdamW.
    n_iter_no_change : int
        Epochs without a smaller validation loss before training stops.
    validation_fraction : float
        Fraction of the images that early stopping watches.
    random_state : int
        Seed of everything random.
    """

    size: int
    max_iter: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    n_iter_no_change: int
    validation_fraction: float
    random_state: int


class Epoch(NamedTuple):
    """What is known after an epoch.

    Parameters
    ----------
    number, total : int
        The epoch, counted from 1, and how many there are at most: training may stop before the
        last.
    training_loss, validation_loss : float
        Cross-entropy in nats, each class weighted alike.
    """

    number: int
    total: int
    training_loss: float
    validation_loss: float

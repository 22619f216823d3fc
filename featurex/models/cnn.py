"""A small convolutional network: the rival of the classical models."""

from featurex.checks import check_integer, check_sequence
from featurex.models.pixels import PixelClassifier


class CNN(PixelClassifier):
    """Four convolution blocks on small images, about 95,000 weights.

    Trained from scratch on one thread, with class weights, light augmentation (rotation, zoom,
    shift, brightness, contrast) and early stopping on held-out patients, so that any input gets the
    same budget. The same seed gives the same weights on the same machine.

    Parameters
    ----------
    size : int
        Rows and columns to which images are brought by area averaging, 16 to 512; every block
        halves them, and at least 2 must be left. On 64 instead of 48 training takes about twice as
        long; on 1,600 aligned images of Kermany's set it ordered others no better.
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
    n_seeds : int
        Networks that are trained, with seeds from `random_state` on; the one of the median
        validation loss counts. In a benchmark, which tells the spread, folds train the first alone.
    random_state : int
        Seed of weights, order, augmentation and the choice of these patients.

    Attributes
    ----------
    classes_, weights_, mean_, scale_, history_
        See `featurex.models.pixels.PixelClassifier`.

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
        size=48,
        channels=(8, 32, 64, 128),
        max_iter=8,
        batch_size=32,
        learning_rate=0.005,
        weight_decay=0.05,
        n_iter_no_change=5,
        validation_fraction=0.1,
        n_seeds=1,
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
        self.n_seeds = n_seeds
        self.random_state = random_state

    @property
    def smallest_size(self):
        """The smallest `size` of which the blocks leave 2 rows."""
        channels = check_sequence("channels", self.channels, check_integer, low=1, high=4096)
        return max(16, 2 ** (len(channels) + 1))

    def build(self, torch, n_classes, generator):
        """Build the network; see `PixelClassifier.build`."""
        from featurex.models.network import build_network

        return build_network(tuple(self.channels), n_classes, generator)

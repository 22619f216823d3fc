"""The residual network of 18 layers, with one input channel."""

from pathlib import Path

from featurex.checks import fail
from featurex.models.pixels import PixelClassifier


class ResNet18(PixelClassifier):
    """A residual network of 18 layers (He et al. 2016, doi:10.1109/CVPR.2016.90), about 11.2
    million weights.

    The architecture is that of torchvision's ``resnet18``, and so are the names of its weights; but
    it takes images of one channel. It is trained as `CNN` is, from scratch or from weights in a
    file of your own. Nothing is downloaded. From scratch it wants more images, and more time, than
    most sets and processors have: it is in no configuration that comes with featurex.

    Parameters
    ----------
    size : int
        Rows and columns to which images are brought by area averaging, 64 to 512.
    weights : str, path-like or None
        A file of weights to start from, as ``torch.save(model.state_dict(), path)`` writes it, by
        torchvision's names; None starts from random ones. It is read with ``weights_only``, and
        nothing in it is run. Kernels for three channels are summed to one, which gives grey images
        the same result; a last layer for other classes is drawn anew.
    max_iter, batch_size, learning_rate, weight_decay, n_iter_no_change
        As for `CNN`; weights from a file want a smaller `learning_rate`, as 0.0003.
    validation_fraction, n_seeds, random_state
        As for `CNN`.

    Attributes
    ----------
    classes_, weights_, mean_, scale_, history_
        See `featurex.models.pixels.PixelClassifier`.
    """

    # The last of five halvings leaves 2 rows.
    smallest_size = 64

    def __init__(
        self,
        size=128,
        weights=None,
        max_iter=8,
        batch_size=32,
        learning_rate=0.002,
        weight_decay=0.05,
        n_iter_no_change=5,
        validation_fraction=0.1,
        n_seeds=1,
        random_state=0,
    ):
        self.size = size
        self.weights = weights
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.n_iter_no_change = n_iter_no_change
        self.validation_fraction = validation_fraction
        self.n_seeds = n_seeds
        self.random_state = random_state

    def check_parameters(self):
        """Return the checked parameters; see `PixelClassifier.check_parameters`."""
        if self.weights is not None:
            try:
                exists = Path(self.weights).is_file()
            except (TypeError, ValueError):
                exists = False
            if not exists:
                fail("weights", "None or a file that exists", self.weights)
        return super().check_parameters()

    def describe_weights(self):
        """Say in a sentence what the file of weights holds; None without one.

        Returns
        -------
        sentence : str or None

        Raises
        ------
        DataError
            If the file does not hold weights of this network.
        """
        if self.weights is None:
            return None
        from featurex.models.weights import read_weights

        return read_weights(self.weights)[1]

    def build(self, torch, n_classes, generator):
        """Build the network; see `PixelClassifier.build`."""
        from featurex.models.residual import build_resnet18

        return build_resnet18(n_classes, generator)

    def prepare(self, network):
        """Give the network the weights of the file; see `PixelClassifier.prepare`."""
        if self.weights is None:
            return
        from featurex.models.weights import read_weights

        weights, _ = read_weights(self.weights)
        network.load_state_dict(weights, strict=False)

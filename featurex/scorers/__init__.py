"""Fitted classifiers as plain arrays: what is saved of a model, and all that scoring needs.

A scorer is a frozen dataclass of arrays, which are checked when it is made, and scores with NumPy
alone: neither scikit-learn, XGBoost nor PyTorch is imported. `featurex.models.export.make_scorer`
makes it of a fitted classifier, whose probabilities it repeats. The one exception is a class of the
user's own, which scores itself, and is found only where the user allows it: `featurex.scorers.own`.
"""

from featurex.scorers.arrays import SCORERS, from_arrays, to_arrays
from featurex.scorers.base import Scorer
from featurex.scorers.combined import Chain, EqualPriors, Vote
from featurex.scorers.kernel_machine import KernelMachine
from featurex.scorers.layers import Affine, Convolution, Pooling, Rectifier, Residual
from featurex.scorers.linear import Components, Linear, Standardization
from featurex.scorers.network import Network
from featurex.scorers.own import OwnClassifier, OwnTransformer
from featurex.scorers.trees import Trees

__all__ = [
    "SCORERS",
    "Affine",
    "Chain",
    "Components",
    "Convolution",
    "EqualPriors",
    "KernelMachine",
    "Linear",
    "Network",
    "OwnClassifier",
    "OwnTransformer",
    "Pooling",
    "Rectifier",
    "Residual",
    "Scorer",
    "Standardization",
    "Trees",
    "Vote",
    "from_arrays",
    "to_arrays",
]

"""Classifiers, each a scikit-learn estimator with `predict_proba`.

The defaults were chosen on training images of the Kermany set, by the framing-swap AUC of models on
zone histograms, co-occurrence and Gabor features, and by processor time: about 4,000 images and
2,500 columns are what they are made for. Classes count alike in all of them, however many images
each has.
"""

from featurex.models.boosted import HistBoosting, XGBoost
from featurex.models.cnn import CNN
from featurex.models.forests import ExtraTrees, RandomForest
from featurex.models.kernel_svm import KernelSVM
from featurex.models.linear import LDA, Logistic
from featurex.models.resnet import ResNet18
from featurex.models.vote import MEMBERS, Vote

# Every class takes its parameters by name, in scikit-learn's words, and a `random_state`; they are
# checked by `fit`, or before by `check_parameters`. Networks are given images, the others float32
# features of shape (n, n_columns). All are serial inside: folds run in parallel.
MODELS = {**MEMBERS, "vote": Vote, "cnn": CNN, "resnet18": ResNet18}

__all__ = [
    "CNN",
    "LDA",
    "MODELS",
    "ExtraTrees",
    "HistBoosting",
    "KernelSVM",
    "Logistic",
    "RandomForest",
    "ResNet18",
    "Vote",
    "XGBoost",
]

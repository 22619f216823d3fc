"""Factories of classifiers: each gives a new scikit-learn estimator with `predict_proba`."""

from featurex.models.boosted import hist_boosting, xgboost
from featurex.models.classical import extra_trees, lda, logistic, random_forest, vote
from featurex.models.cnn import CNN
from featurex.models.kernel_svm import KernelSVM

# Every factory takes its parameters by name and a `seed`. Functions check them at once; classes
# when they fit, or before with `check_parameters`, as scikit-learn's clone and set_params require.
# The CNN is given images, the others float32 features of shape (n, n_columns). All are serial
# inside: folds run in parallel.
MODELS = {
    "logistic": logistic,
    "svm": KernelSVM,
    "lda": lda,
    "random_forest": random_forest,
    "extra_trees": extra_trees,
    "hist_boosting": hist_boosting,
    "xgboost": xgboost,
    "vote": vote,
    "cnn": CNN,
}

__all__ = [
    "CNN",
    "MODELS",
    "KernelSVM",
    "extra_trees",
    "hist_boosting",
    "lda",
    "logistic",
    "random_forest",
    "vote",
    "xgboost",
]

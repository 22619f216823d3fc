"""The mean of several models' probabilities."""

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_choice, check_sequence
from featurex.models.base import ColumnClassifier
from featurex.models.boosted import HistBoosting, XGBoost
from featurex.models.forests import ExtraTrees, RandomForest
from featurex.models.kernel_svm import KernelSVM
from featurex.models.linear import LDA, Logistic

# Every classifier of columns but the vote itself: the first part of `featurex.models.MODELS`, and
# what a vote may be made of.
MEMBERS = {
    "logistic": Logistic,
    "svm": KernelSVM,
    "lda": LDA,
    "random_forest": RandomForest,
    "extra_trees": ExtraTrees,
    "hist_boosting": HistBoosting,
    "xgboost": XGBoost,
}


class Vote(ColumnClassifier):
    """The mean of several models' probabilities.

    Parameters
    ----------
    estimators : sequence of str
        Names of other classifiers of columns, at least one; each has its default parameters.
    random_state : int
        Seed of every member.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    n_rows_ : int
        Images that the member with the smallest sample was fitted on.
    estimators_ : list of classifier
        The fitted members.
    """

    def __init__(self, estimators=("logistic", "svm", "xgboost"), random_state=0):
        self.estimators = estimators
        self.random_state = random_state

    def check_parameters(self):
        """Raise a ParameterError if a parameter breaks its rule."""
        self.make_members()

    def make_members(self):
        """Make the members, not fitted: dict of str to classifier."""
        names = check_sequence("estimators", self.estimators, check_choice, allowed=tuple(MEMBERS))
        seed = self.check_random_state()
        return {name: MEMBERS[name](random_state=seed) for name in dict.fromkeys(names)}

    def fit(self, X, y):
        """Fit all members; see `ColumnClassifier.fit`."""
        return self._take([member.fit(X, y) for member in self.make_members().values()])

    def join(self, members):
        """Make a fitted vote of members that are fitted already.

        Parameters
        ----------
        members : list of classifier
            In the order of `make_members`, all fitted to the same images.

        Returns
        -------
        vote : Vote
            A new one.
        """
        return clone(self)._take(members)

    def _take(self, members):
        self.estimators_ = members
        self.classes_ = members[0].classes_
        self.n_rows_ = min(member.n_rows_ for member in members)
        return self

    def predict_proba(self, X):
        """The mean of the members' probabilities: array of shape (n, n_columns) to (n,
        n_classes).
        """
        check_is_fitted(self)
        return np.mean([member.predict_proba(X) for member in self.estimators_], axis=0)

"""The mean of several models' probabilities."""

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
    estimator_ : sklearn.ensemble.VotingClassifier
        The fitted members.
    """

    def __init__(self, estimators=("logistic", "svm", "xgboost"), random_state=0):
        self.estimators = estimators
        self.random_state = random_state

    def make_estimator(self):
        """Make the vote; see `ColumnClassifier.make_estimator`."""
        from sklearn.ensemble import VotingClassifier

        names = check_sequence("estimators", self.estimators, check_choice, allowed=tuple(MEMBERS))
        seed = self.check_random_state()
        members = [(name, MEMBERS[name](random_state=seed)) for name in dict.fromkeys(names)]
        return VotingClassifier(members, voting="soft")

    def fit(self, X, y):
        """Fit all members; see `ColumnClassifier.fit`."""
        super().fit(X, y)
        self.n_rows_ = min(member.n_rows_ for member in self.estimator_.estimators_)
        return self

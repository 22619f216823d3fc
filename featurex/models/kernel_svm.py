"""A support vector machine with a Gaussian kernel on principal components, with probabilities."""

from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer, check_number
from featurex.models.base import ColumnClassifier
from featurex.models.components import LeadingComponents
from featurex.scorers.kernel_machine import couple_pairs


class KernelSVM(ColumnClassifier):
    """Support vector machine with a Gaussian kernel on standardised principal components.

    Parameters
    ----------
    C : float
        Cost of a margin violation; classes are weighted to count alike.
    n_components : int
        Maximum number of principal components, which are not whitened; there are fewer where there
        are fewer images or columns.
    random_state : int
        Seed of the randomised decomposition.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    estimator_ : sklearn.pipeline.Pipeline
        The fitted `LeadingComponents` and `sklearn.svm.SVC`.

    Notes
    -----
    The kernel's width is gamma = 1 / (n_components · variance of the components). Probabilities are
    a fixed logistic function of the margin m, 1 / (1 + exp(-2 m)), of every pair of classes; see
    `featurex.scorers.kernel_machine.couple_pairs`. Nothing is fitted for them: they order images as
    the margins do, and are not calibrated; see `featurex.evaluation.calibration`.
    """

    def __init__(self, C=3.0, n_components=150, random_state=0):
        self.C = C
        self.n_components = n_components
        self.random_state = random_state

    def make_estimator(self):
        """Make the pipeline of components and machine; see `ColumnClassifier.make_estimator`."""
        C = check_number("C", self.C, 1e-9, 1e9)
        n_components = check_integer("n_components", self.n_components, 1)
        return make_pipeline(
            LeadingComponents(n_components, self.check_random_state()),
            # Every pair's own margin, not the votes that scikit-learn makes of them.
            SVC(C=C, class_weight="balanced", decision_function_shape="ovo"),
        )

    def predict_proba(self, X):
        """Probabilities from margins: array of shape (n, n_columns) to (n, n_classes)."""
        check_is_fitted(self)
        margins = self.estimator_.decision_function(X)
        if margins.ndim == 1:
            # Of two classes the margin is the second's; of more, that of the first of each pair.
            margins = -margins[:, None]
        return couple_pairs(margins, len(self.classes_))

"""Standardisation and the leading principal components, in one step."""

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted


class LeadingComponents(TransformerMixin, BaseEstimator):
    """Standardise the columns and keep the leading principal components, unwhitened.

    Parameters
    ----------
    n_components : int
        Maximum number of components; there are fewer where there are fewer images or columns.
    random_state : int
        Seed of the randomised decomposition (Halko, Martinsson and Tropp 2011,
        doi:10.1137/090771806).

    Attributes
    ----------
    pipeline_ : sklearn.pipeline.Pipeline
        The fitted scaler and `sklearn.decomposition.PCA`.
    """

    def __init__(self, n_components=150, random_state=0):
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, X, y=None):
        """Fit to columns (n, n_columns); `y` is ignored."""
        n_components = min(self.n_components, len(X) - 1, X.shape[1])
        decomposition = PCA(
            n_components,
            svd_solver="randomized",
            iterated_power=2,
            random_state=self.random_state,
        )
        self.pipeline_ = make_pipeline(StandardScaler(), decomposition).fit(X)
        return self

    def transform(self, X):
        """Project columns (n, n_columns) to components (n, n_components)."""
        check_is_fitted(self)
        return self.pipeline_.transform(X)

"""Standardised leading principal components, as many as there can be."""

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted


class LeadingComponents(TransformerMixin, BaseEstimator):
    """Standardise the columns and keep the leading principal components, unwhitened.

    Parameters
    ----------
    components : int
        At most; the fewer images or columns there are, the fewer.
    seed : int
        Of the randomised decomposition (Halko, Martinsson and Tropp 2011, doi:10.1137/090771806).

    Attributes
    ----------
    pipeline_ : sklearn.pipeline.Pipeline
    """

    def __init__(self, components=150, seed=0):
        self.components = components
        self.seed = seed

    def fit(self, X, y=None):
        """Fit to columns (n, n_columns); `y` is ignored."""
        components = min(self.components, len(X) - 1, X.shape[1])
        decomposition = PCA(
            components, svd_solver="randomized", iterated_power=2, random_state=self.seed
        )
        self.pipeline_ = make_pipeline(StandardScaler(), decomposition).fit(X)
        return self

    def transform(self, X):
        """Project columns (n, n_columns) to components (n, n_components)."""
        check_is_fitted(self)
        return self.pipeline_.transform(X)

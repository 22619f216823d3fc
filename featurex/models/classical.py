"""Linear and kernel machines, forests, and their vote, with defaults for some thousand radiographs.

The defaults were chosen on training images of the Kermany set, by the framing-swap AUC of models on
zone histograms, co-occurrence and Gabor features, and by processor time: about 4,000 images and
2,500 columns are what they are made for. Classes count alike in all of them, however many images
each has.
"""

from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from featurex.checks import check_choice, check_integer, check_number, check_sequence, fail
from featurex.models.balance import EqualPriors
from featurex.models.boosted import hist_boosting, xgboost
from featurex.models.components import LeadingComponents
from featurex.models.kernel_svm import KernelSVM


def logistic(C=0.003, seed=0):
    """Logistic regression on standardised columns.

    Parameters
    ----------
    C : float
        Inverse strength of the squared penalty on the weights, above 0; the more columns, the
        smaller.
    seed : int
        Not used: the solver draws nothing. Every model takes one.

    Returns
    -------
    model : sklearn.pipeline.Pipeline
    """
    C = check_number("C", C, 1e-9, 1e9)
    check_integer("seed", seed, 0)
    return make_pipeline(
        StandardScaler(), LogisticRegression(C=C, class_weight="balanced", max_iter=1000, tol=1e-3)
    )


def lda(components=300, shrinkage="auto", seed=0):
    """Linear discriminant with a shrunken covariance, on principal components.

    On all 2,896 columns it takes five times as long and is worse: .977 against .982 swapped-framing
    AUC on Kermany training images.

    Parameters
    ----------
    components : int
        Principal components, at most.
    shrinkage : "auto" or float
        From 0, the covariance as it is, to 1, its diagonal's mean alone; "auto" is Ledoit and
        Wolf's (2004, doi:10.1016/S0047-259X(03)00096-4).
    seed : int
        Of the decomposition.

    Returns
    -------
    model : EqualPriors
    """
    if shrinkage != "auto":
        if isinstance(shrinkage, str):
            fail("shrinkage", "'auto' or a number from 0 to 1", shrinkage)
        shrinkage = check_number("shrinkage", shrinkage, 0.0, 1.0)
    reduced = LeadingComponents(
        check_integer("components", components, 1), check_integer("seed", seed, 0)
    )
    return EqualPriors(
        make_pipeline(reduced, LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage))
    )


def random_forest(trees=200, leaf=2, seed=0):
    """Random forest (Breiman 2001, doi:10.1023/A:1010933404324).

    Parameters
    ----------
    trees : int
    leaf : int
        Images a leaf holds at least.
    seed : int

    Returns
    -------
    model : sklearn.ensemble.RandomForestClassifier
        Each split chooses from log2(n_columns) columns, Breiman's rule; their square root, the
        common default, takes three times as long and orders these images no better.
    """
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        check_integer("trees", trees, 1, 10_000),
        min_samples_leaf=check_integer("leaf", leaf, 1),
        max_features="log2",
        class_weight="balanced",
        random_state=check_integer("seed", seed, 0),
    )


def extra_trees(trees=200, leaf=2, seed=0):
    """Extremely randomised trees (Geurts et al. 2006, doi:10.1007/s10994-006-6226-1).

    Parameters
    ----------
    trees : int
    leaf : int
        Images a leaf holds at least.
    seed : int

    Returns
    -------
    model : sklearn.ensemble.ExtraTreesClassifier
    """
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(
        check_integer("trees", trees, 1, 10_000),
        min_samples_leaf=check_integer("leaf", leaf, 1),
        class_weight="balanced",
        random_state=check_integer("seed", seed, 0),
    )


# What a vote may be made of.
_MEMBERS = {
    "logistic": logistic,
    "svm": KernelSVM,
    "lda": lda,
    "random_forest": random_forest,
    "extra_trees": extra_trees,
    "hist_boosting": hist_boosting,
    "xgboost": xgboost,
}


def vote(members=("logistic", "svm", "xgboost"), seed=0):
    """The mean of several models' probabilities.

    Parameters
    ----------
    members : sequence of str
        Names of other models, at least one; each as in code.
    seed : int
        Of every member.

    Returns
    -------
    model : sklearn.ensemble.VotingClassifier
    """
    from sklearn.ensemble import VotingClassifier

    members = check_sequence("members", members, check_choice, allowed=tuple(_MEMBERS))
    models = [(name, _MEMBERS[name](seed=seed)) for name in dict.fromkeys(members)]
    return VotingClassifier(models, voting="soft")

"""A saved model's parts whose classes are not featurex's: names, and what was learnt."""

from featurex.bundle.scoring import name_place
from featurex.chain import learns
from featurex.models.export import make_scorer
from featurex.models.own import find_scorer, is_own
from featurex.plugins import allowing
from featurex.scorers import OwnTransformer
from featurex.scorers.own import take_learnt


def allowing_parts(fitted):
    """Allow the classes of a model's own parts, which the user has given.

    Parameters
    ----------
    fitted : Fitted
        The model.

    Returns
    -------
    context : context manager
        Allows them as long as it lasts.

    Raises
    ------
    ParameterError
        If one of them cannot be found by its name.
    """
    parts = [*_steps(fitted), *fitted.view.extractors, fitted.estimator]
    return allowing([type(part) for part in parts if is_own(part)])


def take_parts(fitted, configuration):
    """Take what a model's own steps and extractors have learnt from images.

    Parameters
    ----------
    fitted : Fitted
        The model.
    configuration : dict
        Its sections inputs and features name them.

    Returns
    -------
    parts : dict of str to OwnTransformer
        By place in the configuration; without those that learn nothing.

    Raises
    ------
    DataError
        If one of them holds what a file cannot.
    """
    name = fitted.entry.input
    places = [
        *(name_place(f"inputs.{name}", key) for key in configuration["inputs"][name]),
        *(name_place("features", key) for key in configuration["features"]),
    ]
    # A network has no extractors of its own, though its configuration names pixels.
    parts = zip(places, [*_steps(fitted), *fitted.view.extractors], strict=False)
    return {place: OwnTransformer(**take_learnt(part)) for place, part in parts if learns(part)}


def find_classifier(fitted):
    """Find the scorer of a model; see `featurex.models.own.find_scorer`.

    Parameters
    ----------
    fitted : Fitted
        The model; of a network the scorer is not compared again.

    Returns
    -------
    scorer : Scorer
    """
    if fitted.entry.learns_features:
        return make_scorer(fitted.estimator)
    typical = fitted.typical
    return find_scorer(fitted.estimator, typical.mean, typical.deviation, len(fitted.classes))


def _steps(fitted):
    return [step for _, step in fitted.chain.steps if step != "passthrough"]

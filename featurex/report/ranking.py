"""Section: whether the models differ over the folds of cross-validation."""

from featurex.report.names import decimal, listing, name_model, probability
from featurex.report.section import Section, explain_missing
from featurex.runs import Entry

# Level of Friedman's test.
_LEVEL = 0.05


def make_section(record):
    """Show the mean ranks of the models, and the tests of their differences.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Do the models differ?", "Ranks"
    ranking = record.info.ranking
    if ranking is None:
        otherwise = "Fewer than three models use the chosen features: they are not ranked by fold."
        missing = explain_missing(record, "ranking", otherwise)
        return Section("ranking", title, menu, missing=missing)
    models = [
        {
            "name": _name(model),
            "rank": decimal(model.mean_rank, 1),
            "auc": decimal(sum(model.auc) / len(model.auc)),
            "p": "" if model.p is None else probability(model.p),
        }
        for model in ranking.models
    ]
    values = {"models": models, "input": Entry.parse(ranking.models[0].key).input}
    return Section("ranking", title, menu, lead=describe_ranking(ranking), values=values)


def describe_ranking(ranking):
    """Describe whether the models differ, and which differ from the first.

    Parameters
    ----------
    ranking : featurex.runs.answers.Ranking
        Mean ranks and tests.

    Returns
    -------
    sentences : str
    """
    models, distance = ranking.models, ranking.critical_difference
    first = models[0]
    behind = [_name(model) for model in models if model.mean_rank - first.mean_rank > distance]
    if ranking.p is None:
        differ, test = "cannot be distinguished", "Friedman's test is not defined"
    else:
        differ = "differ" if ranking.p < _LEVEL else "do not differ significantly"
        statistic = decimal(ranking.statistic, 1)
        test = f"Friedman's test, χ² = {statistic}, {probability(ranking.p)}"
    if behind:
        verb = "is" if len(behind) == 1 else "are"
        conclusion = f"{listing(behind)} {verb} significantly behind {_name(first)}, the first"
    else:
        conclusion = f"no model is significantly behind {_name(first)}, the first"
    return (
        f"In each of {len(first.auc)} folds the {len(models)} models were ranked by the lower of "
        f"their AUCs in swapped framing and with swapped appearance. Over all folds they {differ} "
        f"({test}). Two models differ significantly if their mean ranks are more than "
        f"{decimal(distance, 2)} apart, the critical difference of Nemenyi's test: {conclusion}."
    )


def _name(model):
    return name_model(Entry.parse(model.key).model)

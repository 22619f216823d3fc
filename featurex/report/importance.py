"""Section: which columns and regions the chosen model uses."""

from featurex.report.names import decimal, full_name, interval, name_features, percent, signed
from featurex.report.section import Section, explain_missing

# Difference of fractions from which the lungs count for more than their area.
_NOTABLE = 0.05
# Mean correlation from which the maps of models of other folds are called similar.
_SIMILAR = 0.7


def make_section(record):
    """Show the importance of families and places for the chosen classical model.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "What the chosen model uses", "Importance"
    importance = record.info.importance
    if importance is None:
        otherwise = "This run does not hold which columns its models use."
        missing = explain_missing(record, "importance", otherwise)
        return Section("importance", title, menu, missing=missing)
    sentences = describe_importance(importance)
    groups = {
        "By family of columns": [
            _write_row(name_features(row.name), row) for row in importance.families
        ],
        "By place in the image": [_write_row(row.name, row) for row in importance.places],
    }
    return Section(
        "importance",
        title,
        menu,
        lead=f"{full_name(importance.key)}, on test images. {' '.join(sentences)}",
        values={"importance": importance, "groups": groups},
        wide=True,
    )


def describe_importance(importance):
    """Describe how much the model depends on the lungs, and how stable that is.

    Parameters
    ----------
    importance : featurex.runs.answers.Importance
        Importance of families and places.

    Returns
    -------
    sentences : list of str
    """
    sentences = []
    inside, area = importance.fraction_in_lungs, importance.lung_area
    if inside is not None and area is not None:
        compared = (
            "more than"
            if inside - area > _NOTABLE
            else "less than"
            if area - inside > _NOTABLE
            else "about as much as"
        )
        sentences.append(
            f"{percent(inside, 0)} of the contributions to its scores lie in the lungs, which "
            f"cover {percent(area, 0)} of the image: {compared} if all regions counted alike."
        )
    drops = {row.name: row.auc_drop for row in importance.places}
    lungs, other = drops.get("in the lungs"), drops.get("outside the lungs")
    if lungs is not None and other is not None:
        sentences.append(
            "If the columns that describe the lungs are permuted between images, the AUC changes "
            f"by {signed(-lungs)}; for the columns of other places it changes by {signed(-other)}."
        )
    if importance.stability is not None:
        similar = "are similar" if importance.stability >= _SIMILAR else "agree only in part"
        sentences.append(
            f"The maps of models fitted in other folds {similar} (mean correlation "
            f"{decimal(importance.stability, 2)})."
        )
    return sentences


def _write_row(name, row):
    # A drop is the opposite of a change.
    low, high = _negate(row.auc_drop_high), _negate(row.auc_drop_low)
    return {
        "name": name,
        "n_columns": row.n_columns,
        "contribution": decimal(row.contribution, 2),
        "change": signed(_negate(row.auc_drop)),
        "interval": interval(low, high, signed, " to "),
    }


def _negate(value):
    return None if value is None else -value

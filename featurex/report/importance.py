"""What the chosen model goes by, in words and as rows of a table."""

from typing import NamedTuple

from featurex.report.names import decimal, full_name, name_features, percent, signed
from featurex.report.pictures import embed_picture

# Share by which what counts must exceed the lungs' share of the picture to be called more than
# chance.
_MORE = 0.05
# Mean correlation of the maps from which they are called alike.
_ALIKE = 0.7


class Importance(NamedTuple):
    """The section's content.

    Parameters
    ----------
    title : str
    sentences : list of str
    groups : list of dict
        Rows of the table: title, and rows with name, n_columns, moves, fall and its interval, all
        written.
    source : str or None
        The picture as a data URI.
    mistakes : list of dict
        As in run.json, with source.
    """

    title: str
    sentences: list
    groups: list
    source: str | None
    mistakes: list


def describe_importance(record, left):
    """What is known of the chosen model's reasons.

    Parameters
    ----------
    record : Record
    left : int
        Bytes that pictures may still take.

    Returns
    -------
    importance : Importance or None
        None for runs that hold nothing about it.
    """
    facts = record.facts["importance"]
    if not facts:
        return None
    source, left = embed_picture(record.folder, facts["file"], left)
    mistakes = []
    for mistake in record.facts["mistakes"]:
        picture, left = embed_picture(record.folder, mistake["file"], left)
        mistakes.append({**mistake, "source": picture})
    groups = [
        {
            "title": "By family of columns",
            "rows": [_row(name_features(row["name"]), row) for row in facts["families"]],
        },
        {
            "title": "By where columns look",
            "rows": [_row(row["name"], row) for row in facts["places"]],
        },
    ]
    return Importance(
        full_name(record.row(facts["key"])), _sentences(facts), groups, source, mistakes
    )


def _row(name, row):
    low, high = _opposite(row["auc_drop_high"]), _opposite(row["auc_drop_low"])
    return {
        "name": name,
        "n_columns": row["n_columns"],
        "moves": decimal(row["contribution"], 2),
        "fall": _opposite(row["auc_drop"]),
        "interval": f"{low} to {high}",
    }


def _opposite(drop):
    return signed(None if drop is None else -drop)


def _sentences(facts):
    inside, area = facts["fraction_in_lungs"], facts["lung_area"]
    if inside is None or area is None:
        return ["Nothing moves its scores."]
    if inside - area > _MORE:
        against = "more than chance would put there"
    elif area - inside > _MORE:
        against = "less than chance would put there"
    else:
        against = "what chance would put there"
    sentences = [
        f"{percent(inside, 0)} of what moves its scores lies in the lungs, which cover "
        f"{percent(area, 0)} of the "
        f"picture: {against}."
    ]
    falls = {row["name"]: row for row in facts["places"]}
    lungs, other = falls.get("in the lungs"), falls.get("outside the lungs")
    if lungs and other:
        sentences.append(
            "With the columns that look into the lungs exchanged between films its AUC changes by "
            f"{_opposite(lungs['auc_drop'])}, with those that look elsewhere by "
            f"{_opposite(other['auc_drop'])}."
        )
    if facts["stability"] is not None:
        alike = "agree" if facts["stability"] >= _ALIKE else "agree only in part"
        sentences.append(
            f"Maps of models fitted to other folds {alike} (mean correlation "
            f"{decimal(facts['stability'], 2)})."
        )
    return sentences

"""Why the chosen model decides as it does: what it goes by, and its worst mistakes."""

from featurex.benchmark.importance import Held, measure_importance
from featurex.benchmark.mistakes import show_mistakes
from featurex.runs.schema import FEATURES


def explain_chosen(fitted, scored, session, folder):
    """What the chosen model goes by, and its worst mistakes.

    Parameters
    ----------
    fitted : Fitted or None
    scored : dict of Entry to (Block, Scores)
    session : Session
    folder : RunFolder
        Holds the features; receives the pictures.

    Returns
    -------
    answers : dict
        importance and mistakes; see `RunInfo`.
    """
    if fitted is None:
        return {"importance": None, "mistakes": ()}
    held = Held.read(fitted, folder.path / FEATURES)
    return {
        "importance": measure_importance(held, session, folder),
        "mistakes": show_mistakes(held, scored[fitted.entry][1], session.samples, folder),
    }

"""Why the chosen model decides as it does: what it goes by, and its worst mistakes."""

from featurex.benchmark.importance import Held, weigh
from featurex.benchmark.mistakes import show_mistakes
from featurex.benchmark.pictures import encode_colours


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
    facts : dict
        importance and mistakes; see docs/run_folder.md.
    """
    if fitted is None:
        return {"importance": None, "mistakes": []}
    held = Held.read(fitted, folder.path / "features.parquet")
    importance, picture = weigh(held, session)
    importance["file"] = folder.write_picture("importance.png", encode_colours(picture))
    return {
        "importance": importance,
        "mistakes": show_mistakes(held, scored[fitted.entry][1], session.samples, folder),
    }

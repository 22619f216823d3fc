"""Numbers with their nouns and verbs, and what was meant: for sentences that people read."""


def count(number, noun):
    """Write a number with its noun.

    Parameters
    ----------
    number : int
        How many.
    noun : str
        In the singular; its plural ends in s.

    Returns
    -------
    words : str

    Examples
    --------
    >>> count(1, "file"), count(1200, "file"), count(0, "finding")
    ('1 file', '1,200 files', 'no findings')
    """
    return f"{int(number):,} {noun}{'' if number == 1 else 's'}" if number else f"no {noun}s"


def agree(number, verbs):
    """Choose the form of a verb.

    Parameters
    ----------
    number : int
        How many do it.
    verbs : str
        For one and for several, as "was/were".

    Returns
    -------
    verb : str

    Examples
    --------
    >>> f"{count(1, 'file')} {agree(1, 'was/were')} set aside"
    '1 file was set aside'
    """
    one, several = verbs.split("/")
    return one if number == 1 else several


def suggest(given, allowed, most=1):
    """Ask whether a similar name was meant.

    Parameters
    ----------
    given : str
        What does not exist.
    allowed : iterable of str
        What does.
    most : int
        How many names to offer.

    Returns
    -------
    words : str
        A question, or "" where nothing is similar.

    Examples
    --------
    >>> suggest("glmc", ["glcm", "hog"]), suggest("x", ["glcm", "hog"])
    ('did you mean glcm?', '')
    """
    # Late: few commands are mistyped.
    from difflib import get_close_matches

    near = get_close_matches(str(given), [str(name) for name in allowed], n=most, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else ""

"""Numbers with their nouns and verbs, for sentences that people read."""


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

"""What an item of a checklist is."""

from collections.abc import Callable
from typing import NamedTuple


class Item(NamedTuple):
    """One item of a checklist.

    Parameters
    ----------
    number : str
        As in the publication.
    asks : str
        What it asks for, in our words: the publication has the wording.
    answer : callable or None
        From a `Record` to a text; None where only the author can answer.
    """

    number: str
    asks: str
    answer: Callable | None = None


class Checklist(NamedTuple):
    """One checklist.

    Parameters
    ----------
    name, source : str
        What it is called, and where it was published.
    items : tuple of Item
        In the order of the publication.
    """

    name: str
    source: str
    items: tuple

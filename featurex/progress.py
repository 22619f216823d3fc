"""How a long piece of work tells what it is doing; what is shown of it is the caller's choice."""

from contextlib import contextmanager


class Progress:
    """Shows nothing. A subclass shows stages as bars, lines in a log, or whatever suits it."""

    @contextmanager
    def stage(self, title, total):
        """Enter a stage of `total` steps.

        Parameters
        ----------
        title : str
            What is being done, as "Reading images".
        total : int

        Yields
        ------
        advance : callable
            To be called as ``advance(steps=1, failed=0)`` after each step or several, from the
            thread that entered; `failed` of them led to nothing but an error.
        """
        yield lambda steps=1, failed=0: None

    def found(self, sentence):
        """Tell one thing that was found, in a sentence."""

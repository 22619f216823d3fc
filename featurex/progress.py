"""How long work reports its progress; the caller decides what is shown of it."""

from contextlib import contextmanager


class Progress:
    """Shows nothing. A subclass shows stages as bars or as lines in a log."""

    @contextmanager
    def stage(self, title, total):
        """Enter a stage of `total` steps.

        Parameters
        ----------
        title : str
            What is being done, as "Reading images".
        total : int
            Number of steps; 0 where it is not known.

        Yields
        ------
        advance : callable
            To be called as ``advance(steps=1, failed=0)`` after each step or several, from the
            thread that entered; `failed` of them led to nothing but an error.
        """
        yield lambda steps=1, failed=0: None

    def say(self, sentence):
        """Show one sentence, as what was found or is about to be done."""

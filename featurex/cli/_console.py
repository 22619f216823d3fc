"""The console of a command: it shows control characters of names, and sends only its own."""

import os

from rich.console import Console
from rich.segment import Segment

from featurex.cli._output import show_controls

# Columns of what is written into a file or a pipe, where nothing needs to be folded.
_UNFOLDED = 200


class OutputConsole(Console):
    """A rich console that shows control characters of the text, and sends only its own."""

    def render(self, renderable, options=None):
        """Yield the segments of a renderable; see `rich.console.Console.render`."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(show_controls(segment.text), segment.style)


def make_console(stderr=True):
    """Make the console of a command.

    Parameters
    ----------
    stderr : bool
        Standard error, for progress; otherwise standard output, which is for results.

    Returns
    -------
    console : OutputConsole
    """
    console = OutputConsole(stderr=stderr)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _UNFOLDED
    return console

"""What the commands share on a terminal: bars for long stages, one line for what was found."""

from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from featurex.progress import Progress


class ConsoleProgress(Progress):
    """Bars on a terminal, one plain line a stage in a log.

    Parameters
    ----------
    console : rich.console.Console
    """

    def __init__(self, console):
        self.console = console

    @contextmanager
    def stage(self, title, total):
        """Show a bar for a stage of `total` steps; see `Progress.stage`."""
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
        )
        with Bars(*columns, console=self.console, disable=not self.console.is_terminal) as bars:
            task = bars.add_task(title, total=total)
            yield lambda: bars.advance(task)
            elapsed = bars.tasks[task].elapsed
        if not self.console.is_terminal:
            self.console.print(f"{title}: {total} in {elapsed:.1f} s", highlight=False)

    def found(self, sentence):
        """Print one line."""
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def make_console():
    """The console of a command: standard error, so that standard output stays for results."""
    return Console(stderr=True)


def print_set_aside(console, errors, where):
    """Say how many files were set aside, for which reasons, and where the list is.

    Parameters
    ----------
    console : rich.console.Console
    errors : pandas.DataFrame
        path, reason, detail.
    where : path-like
        The file that holds all of them.
    """
    if errors.empty:
        return
    reasons = ", ".join(f"{count} {reason}" for reason, count in errors["reason"].value_counts().items())
    console.print(
        f"{len(errors)} files were set aside ({reasons}): see {where}", style="yellow", markup=False, soft_wrap=True
    )

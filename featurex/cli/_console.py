"""What the commands share on a terminal: bars for long stages, and lines."""

import json
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.segment import Segment
from rich.text import Text

from featurex.cli._output import show_controls
from featurex.progress import Progress
from featurex.wording import agree, count

# Seconds of compiling that are worth a line.
_LONG = 0.5


class ConsoleProgress(Progress):
    """Bars on a terminal, one plain line a stage in a log.

    Parameters
    ----------
    console : rich.console.Console
        Where bars and lines go; see `make_console`.
    """

    def __init__(self, console):
        self.console = console
        self.compiling = None

    @contextmanager
    def stage(self, title, total):
        """Show a bar for a stage of `total` steps; see `Progress.stage`."""
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            _Speed(),
        )
        bars = Bars(*columns, console=self.console, disable=not self.console.is_terminal)
        with bars, self._announcing_compilation():
            task = bars.add_task(title, total=total, failed=0)

            def advance(steps=1, failed=0):
                bars.update(task, advance=steps, failed=bars.tasks[task].fields["failed"] + failed)

            yield advance
            elapsed = bars.tasks[task].elapsed
        if not self.console.is_terminal:
            self.console.print(f"{title}: {total} in {elapsed:.1f} s", highlight=False)

    def say(self, sentence):
        """Print the sentence."""
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    def _announcing_compilation(self):
        """Enter a context that says when kernels are compiled."""
        from numba.core.event import install_listener

        self.compiling = self.compiling or listen_for_compiling(self.say)
        return install_listener("numba:compile", self.compiling)


def listen_for_compiling(tell):
    """Make a listener that says when kernels are compiled, and how long it took.

    Without it a first run would seem to hang. Kernels that are read from the cache on disk are not
    compiled, and nothing is said.

    Parameters
    ----------
    tell : callable
        Called with a sentence.

    Returns
    -------
    listener : numba.core.event.Listener
    """
    from numba.core.event import Listener

    class Compiling(Listener):
        depth, start, said = 0, 0.0, False

        def on_start(self, event):
            if not self.said:
                tell("Compiling kernels: once on this machine, or when featurex changes")
                self.said = True
            # A kernel that calls another compiles that one within.
            if self.depth == 0:
                self.start = time.monotonic()
            self.depth += 1

        def on_end(self, event):
            self.depth -= 1
            seconds = time.monotonic() - self.start
            if self.depth == 0 and seconds >= _LONG:
                tell(
                    f"Compiled {event.data['dispatcher'].py_func.__name__.strip('_')} in "
                    f"{seconds:.1f} s"
                )

    return Compiling()


class _Speed(ProgressColumn):
    """Steps a second, and how many failed."""

    def render(self, task):
        """Return the text of a bar."""
        speed = f"{task.speed:.0f}/s" if task.speed and task.speed >= 1 else ""
        failed = f" {task.fields['failed']} set aside" if task.fields["failed"] else ""
        return Text(speed + failed)


class JsonProgress(Progress):
    """One JSON object a line: for programs that watch a run.

    Parameters
    ----------
    stream : text file, or None
        None is standard error as it is when the object is constructed.
    every : float
        Seconds between two lines of a stage, at least.
    """

    def __init__(self, stream=None, every=2.0):
        self.stream, self.every = stream or sys.stderr, every

    @contextmanager
    def stage(self, title, total):
        """Write a line at the start, every few seconds, and at the end; see `Progress.stage`."""
        start = last = time.monotonic()
        done = bad = 0

        def tell(state):
            seconds = time.monotonic() - start
            speed = done / seconds if seconds else 0.0
            facts = {"done": done, "total": total, "set_aside": bad, "seconds": round(seconds, 3)}
            self._write(event=state, stage=title, **facts, per_second=round(speed, 2))

        def advance(steps=1, failed=0):
            nonlocal done, bad, last
            done, bad = done + steps, bad + failed
            if time.monotonic() - last >= self.every:
                last = time.monotonic()
                tell("progress")

        tell("start")
        yield advance
        tell("end")

    def say(self, sentence):
        """Write the sentence as a line."""
        self._write(event="message", text=sentence)

    def _write(self, **facts):
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        print(json.dumps({"time": now, **facts}, ensure_ascii=False), file=self.stream, flush=True)


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
    return OutputConsole(stderr=stderr)


def print_set_aside(console, errors, where):
    """Print how many files were set aside, for which reasons, and where the list is.

    Parameters
    ----------
    console : rich.console.Console
        Where the line goes.
    errors : pandas.DataFrame
        path, reason, detail.
    where : path-like
        The file that holds all of them.
    """
    if errors.empty:
        return
    reasons = ", ".join(
        f"{number} {reason}" for reason, number in errors["reason"].value_counts().items()
    )
    console.print(
        f"{count(len(errors), 'file')} {agree(len(errors), 'was/were')} set aside ({reasons}): "
        f"see {where}",
        style="yellow",
        markup=False,
        soft_wrap=True,
    )

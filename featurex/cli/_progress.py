"""How commands report their progress: bars on a terminal, lines in a log, JSON, or nothing."""

import json
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from featurex.cli._console import make_console
from featurex.kernels._jit import calling_with_numba
from featurex.progress import Progress
from featurex.wording import agree, count

# Seconds of compiling that are worth a line, and between two lines of a stage in a log.
_LONG, _EVERY = 0.5, 30.0


class ConsoleProgress(Progress):
    """Bars on a terminal; in a log a line at the end of a stage, and one each 30 s until then.

    Parameters
    ----------
    console : rich.console.Console
        Where bars and lines go; see `featurex.cli._console.make_console`.
    verbose : bool
        Whether each compiled kernel gets a line, and each stage on a terminal, too.
    """

    def __init__(self, console, verbose=False):
        self.console, self.verbose = console, verbose
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
        logs = not self.console.is_terminal
        bars = Bars(*columns, console=self.console, disable=logs)
        with bars, self._announcing_compilation():
            task = bars.add_task(title, total=total, failed=0)

            def advance(steps=1, failed=0):
                bars.update(task, advance=steps, failed=bars.tasks[task].fields["failed"] + failed)

            def tell():
                now = bars.tasks[task]
                self.say(f"{title}: {now.completed:.0f} of {total}, {now.elapsed:.0f} s")

            with _repeating(tell if logs else None):
                yield advance
            elapsed = bars.tasks[task].elapsed
        if logs or self.verbose:
            self.console.print(f"{title}: {total} in {elapsed:.1f} s", highlight=False)

    def say(self, sentence):
        """Print the sentence."""
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def _announcing_compilation(self):
        """Enter a context that says when kernels are compiled."""
        with ExitStack() as listening:

            def listen():
                from numba.core.event import install_listener

                self.compiling = self.compiling or listen_for_compiling(self.say, self.verbose)
                listening.enter_context(install_listener("numba:compile", self.compiling))

            with calling_with_numba(listen):
                yield


@contextmanager
def _repeating(tell):
    """Call `tell` each 30 s, from a thread: a single step may take minutes. None is not called."""
    ended = Event()

    def repeat():
        while not ended.wait(_EVERY):
            tell()

    thread = Thread(target=repeat, daemon=True)
    if tell is not None:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if tell is not None:
            thread.join()


def listen_for_compiling(tell, verbose=False):
    """Make a listener that says once that kernels are compiled.

    Without it a first run would seem to hang. Kernels that are read from the cache on disk are not
    compiled, and nothing is said.

    Parameters
    ----------
    tell : callable
        Called with a sentence.
    verbose : bool
        Whether each kernel that took long gets a sentence, too.

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
            if verbose and self.depth == 0 and seconds >= _LONG:
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


class QuietProgress(Progress):
    """Shows nothing but what must be known.

    Parameters
    ----------
    console : rich.console.Console
        Where that goes.
    """

    def __init__(self, console):
        self.console = console


def choose_progress(quiet, verbose, log_json):
    """Make the progress that the options of a command ask for.

    Parameters
    ----------
    quiet, verbose, log_json : bool
        As ``--quiet``, ``--verbose`` and ``--log-json``.

    Returns
    -------
    progress : QuietProgress, ConsoleProgress or JsonProgress
    """
    if log_json:
        return JsonProgress()
    console = make_console()
    return QuietProgress(console) if quiet else ConsoleProgress(console, verbose)


def print_set_aside(progress, errors, where):
    """Say how many files were set aside, for which reasons, and where the list is.

    Parameters
    ----------
    progress : QuietProgress, ConsoleProgress or JsonProgress
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
    sentence = (
        f"{count(len(errors), 'file')} {agree(len(errors), 'was/were')} set aside ({reasons}): "
        f"see {where}"
    )
    if isinstance(progress, JsonProgress):
        progress.say(sentence)
    else:
        progress.console.print(sentence, style="yellow", markup=False, soft_wrap=True)

"""The command line: one file a command, loaded only when it is called."""

import errno
import os
import signal
import sys
from contextlib import contextmanager
from importlib import import_module

import click

import featurex
from featurex.cli._output import echo, show_controls
from featurex.cli._stopping import Stopped, end_stopped, listen_for_signals
from featurex.errors import DataError, FeaturexError
from featurex.wording import suggest

# Name -> (its module, its line in the help). The lines stand here so that help imports nothing.
COMMANDS = {
    "audit": (
        "featurex.cli.audit",
        "Look for bad files, duplicates, leaks and shortcuts in a data set.",
    ),
    "benchmark": (
        "featurex.cli.benchmark",
        "Compare classical models and a CNN on a folder of radiographs.",
    ),
    "compare": (
        "featurex.cli.compare",
        "Compare models of finished benchmarks, with paired tests.",
    ),
    "configs": (
        "featurex.cli.configs",
        "List the configurations that --config takes by name.",
    ),
    "extract": ("featurex.cli.extract", "Turn a folder of radiographs into a table of features."),
    "features": (
        "featurex.cli.features",
        "List the extractors: columns, formulas, sources, defaults.",
    ),
    "fetch": ("featurex.cli.fetch", "Download a public data set: kermany or pneumoniamnist."),
    "lungs": (
        "featurex.cli.lungs",
        "Outline both lungs on radiographs: masks, a table and an overview.",
    ),
    "phantom": (
        "featurex.cli.phantom",
        "Write synthetic radiographs with known lungs and opacities.",
    ),
    "predict": ("featurex.cli.predict", "Score new images with a saved model. Research use only."),
    "report": ("featurex.cli.report", "Write the report of a finished benchmark again."),
    "warmup": (
        "featurex.cli.warmup",
        "Compile the kernels now, so that no later run waits for it.",
    ),
}

# Exit codes: 2 for what the user can mend before a run, 3 for a finished run that set files aside,
# 4 for an audit with findings.
USAGE_ERROR = 2
FILES_SET_ASIDE = 3
AUDIT_FAILED = 4


class LazyGroup(click.Group):
    """Finds commands in `COMMANDS` and imports one only to run it."""

    def list_commands(self, context):
        """Every command's name, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, context, name):
        """Import the command `name`; None where it does not exist, as click expects."""
        if name not in COMMANDS:
            return None
        return getattr(import_module(COMMANDS[name][0]), name)

    def resolve_command(self, context, words):
        """Find the command that the user has typed; a mistyped one gets suggestions."""
        name = words[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(context, words)
        known = self.list_commands(context)
        advice = suggest(name, known, most=2) or f"the commands are {', '.join(known)}"
        context.fail(f"no such command: {name}; {advice}")

    def format_commands(self, context, formatter):
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(context)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(featurex.__version__, prog_name="featurex")
def cli():
    """Classical features of chest X-rays on a CPU, benchmarked honestly. Research use only.

    Start with "featurex benchmark": it needs no data and no network.
    """


@contextmanager
def exiting_with_a_message():
    """Turn an error or signal that ends a command into one message and an exit code."""
    # Batch systems stop a job by SIGTERM: as Ctrl-C, it must leave no orphans and no half files.
    listen_for_signals()
    try:
        yield
    except (click.exceptions.Abort, KeyboardInterrupt) as stop:
        # Click makes Abort of every KeyboardInterrupt.
        stop = stop if isinstance(stop, Stopped) else stop.__cause__ or stop.__context__
        sys.exit(end_stopped(getattr(stop, "number", signal.SIGINT)))
    except click.ClickException as error:
        error.message = show_controls(error.message)
        error.show()
        sys.exit(USAGE_ERROR)
    except FeaturexError as error:
        echo(f"Error: {error}", err=True)
        sys.exit(USAGE_ERROR)
    except OSError as error:
        _exit_for_plugin(error)
        # Errors of files are the program's own errors by here; what is left has no name.
        if error.filename is not None or error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO):
            raise
        # Python would write what is left at its end, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.EPIPE:
            echo(f"Error: standard output cannot be written: {error.strerror}", err=True)
        sys.exit(1)
    except Exception as error:
        _exit_for_plugin(error)
        raise


def _check_working_folder():
    """Refuse to start where relative paths lead nowhere and no process can be started."""
    try:
        os.getcwd()
    except FileNotFoundError as error:
        raise DataError("the working folder was removed; change to one that is there") from error


def _exit_for_plugin(error):
    """End the command with a sentence if a user's own class raised the error."""
    # Where no plugin is loaded, its module is not either.
    if "featurex.plugins" in sys.modules:
        sentence = sys.modules["featurex.plugins"].find_culprit(error)
        if sentence is not None:
            echo(f"Error: {sentence}", err=True)
            sys.exit(USAGE_ERROR)


def main():
    """Run the command line; an error that featurex raises ends it with a message and code 2."""
    with exiting_with_a_message():
        _check_working_folder()
        code = cli(standalone_mode=False)
        # None where the caller has closed it.
        if sys.stdout is not None:
            sys.stdout.flush()
        sys.exit(code)

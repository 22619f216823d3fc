"""How a command ends that is stopped by Ctrl-C or by a batch system: soon, and with a sentence."""

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager

from featurex.cli._output import echo

# Seconds in which a command ends by itself; then it is ended. A long fit cannot be interrupted.
_GRACE = 3.0
_hints = []


class Stopped(KeyboardInterrupt):
    """A signal came.

    Parameters
    ----------
    number : int
        Of the signal.
    """

    def __init__(self, number):
        super().__init__(number)
        self.number = number


@contextmanager
def going_on(sentence):
    """Say how to go on, should the command be stopped within.

    Parameters
    ----------
    sentence : str
        As "the same command goes on".
    """
    _hints.append(sentence)
    try:
        yield
        _hints.pop()
    except Exception:
        _hints.pop()
        raise


def listen_for_signals():
    """Turn Ctrl-C and SIGTERM into `Stopped`, and end the process where that does not come through.

    Python handles a signal between two of its own instructions; a model that is being fitted may
    not come to the next one for minutes. A thread then ends the process: what is finished is on
    disk, each file whole, and worker processes end when their parent is gone.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _raise)
    if sys.platform != "win32":
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        threading.Thread(target=_end_late, args=(reader,), daemon=True).start()


def end_stopped(number):
    """Say that the command was stopped, and how to go on.

    Parameters
    ----------
    number : int
        Of the signal.

    Returns
    -------
    code : int
        130 for Ctrl-C, 143 for SIGTERM, as shells have it.
    """
    echo(" ".join(["Stopped.", *_hints]), err=True)
    return 128 + number


def _raise(number, frame):
    raise Stopped(number)


def _end_late(reader):
    while True:
        (number,) = os.read(reader, 1)
        # Others set signals, too: of children that end, for one.
        if number in (signal.SIGINT, signal.SIGTERM):
            time.sleep(_GRACE)
            code = end_stopped(number)
            sys.stderr.flush()
            os._exit(code)

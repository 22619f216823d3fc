"""Commands as a user types them, in the process of the tests: a new one takes seconds to import."""

import io
import signal
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from unittest.mock import patch

from featurex.cli import main


def featurex(*arguments, cwd="."):
    """Run a command to its end, as ``python -m featurex`` does; what it printed, and its exit code.

    An error that no user should see is raised, as Python would show it.
    """
    command = ["featurex", *map(str, arguments)]
    out, err, handler = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGTERM)
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", command):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        finally:
            signal.signal(signal.SIGTERM, handler)
    return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())

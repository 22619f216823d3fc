"""What Numba must be told before it compiles a kernel; loaded with Numba."""

import atexit
import os
import shutil
import tempfile
import warnings

import numba
from numba import njit, types
from numba.extending import intrinsic, overload

from featurex.kernels._jit import count_bits


def make_dispatcher(function, options):
    """Let Numba take a function, even where no folder for compiled code can be written.

    Parameters
    ----------
    function : callable
        The loops, in Python.
    options : dict
        Of `numba.njit`.

    Returns
    -------
    dispatcher : callable
    """
    try:
        return njit(**options)(function)
    except RuntimeError as error:
        # Numba's own words, of a package, a home and a NUMBA_CACHE_DIR that are all read-only.
        if "no locator available" not in str(error):
            raise
    try:
        folder = tempfile.mkdtemp(prefix="featurex-")
    except OSError:
        return njit(**options | {"cache": False})(function)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # For this process, and for those that it starts.
    os.environ["NUMBA_CACHE_DIR"] = numba.config.CACHE_DIR = folder
    warnings.warn(
        "compiled code cannot be kept, since no folder for it can be written: every run compiles "
        "anew; set NUMBA_CACHE_DIR to a folder that can be",
        stacklevel=2,
    )
    return njit(**options)(function)


@intrinsic
def _population_count(typing_context, word):
    """The processor's instruction for it, which Numba has no name for."""
    if not isinstance(word, types.Integer):
        return None
    return word(word), lambda context, builder, signature, arguments: builder.ctpop(arguments[0])


@overload(count_bits, inline="always")
def _compile_count_bits(word):
    return lambda word: _population_count(word)

"""What Numba must be told before it compiles a kernel; loaded with Numba."""

import atexit
import inspect
import os
import shutil
import tempfile
import warnings

import numba
from numba import njit, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.extending import intrinsic, overload

from featurex.kernels._jit import count_bits


class _Format(CompileResultCacheImpl):
    """What is kept of a compilation: all but the environments of the functions that are called.

    Only code that calls the interpreter looks into an environment, which no kernel does; to load
    one is to import the part of Numba that the function is from.
    """

    def reduce(self, result):
        """What is written; the parameter is what Numba compiled."""
        *content, _ = super().reduce(result)
        return (*content, ())


class Cache(FunctionCache):
    """Compiled code on disk, which is loaded without what only a compilation needs.

    Numba prepares its compiler before it looks into the cache: it imports SciPy's linear algebra
    and all that it knows of Python and NumPy, which takes longer than the import of Numba itself.
    Where nothing is found, the compilation prepares it.
    """

    _impl_class = _Format

    def load_overload(self, sig, target_context):
        """Load the code of a signature, or None; the parameters have Numba's names."""
        # Code that counts references calls the runtime.
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            loaded = self._load_overload(sig, target_context)
            if loaded is None or loaded.signature.args == tuple(getattr(sig, "args", sig)):
                return loaded
            # Processes that compile a kernel at the same time may give one file to two signatures,
            # and the code of other types reads what is not there. Both are made anew, each in a
            # file of its own: to write only one would take the file from the other again.
            self.flush()
        return None


def knows_numba():
    """Whether `Cache` fits this version of Numba, of which it takes parts that are not public."""
    last = list(inspect.signature(CompileResult._rebuild).parameters)[-1:]
    return last == ["referenced_envs"] and hasattr(FunctionCache, "_load_overload")


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
        return _jit(function, options)
    except RuntimeError as error:
        # Numba's own words, of a package, a home and a NUMBA_CACHE_DIR that are all read-only.
        if "no locator available" not in str(error):
            raise
    try:
        folder = tempfile.mkdtemp(prefix="featurex-")
    except OSError:
        return _jit(function, options | {"cache": False})
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # For this process, and for those that it starts.
    os.environ["NUMBA_CACHE_DIR"] = numba.config.CACHE_DIR = folder
    warnings.warn(
        "compiled code cannot be kept, since no folder for it can be written: every run compiles "
        "anew; set NUMBA_CACHE_DIR to a folder that can be",
        stacklevel=2,
    )
    return _jit(function, options)


def _jit(function, options):
    """Let Numba take a function, with the cache of this module where it can serve."""
    if not knows_numba():
        return njit(**options)(function)
    dispatcher = njit(**options | {"cache": False})(function)
    # Without JIT it is the function itself.
    if options["cache"] and dispatcher is not function:
        dispatcher._cache = Cache(function)
    return dispatcher


@intrinsic
def _population_count(typing_context, word):
    """The processor's instruction for it, which Numba has no name for."""
    if not isinstance(word, types.Integer):
        return None
    return word(word), lambda context, builder, signature, arguments: builder.ctpop(arguments[0])


@overload(count_bits, inline="always")
def _compile_count_bits(word):
    return lambda word: _population_count(word)

"""The decorators of all kernels, so that typing and parallel policy live in one place."""

import sys
import threading
from contextlib import contextmanager
from functools import update_wrapper

# No kernel runs in parallel inside: images are the one level of parallelism, and Numba's workqueue
# layer aborts the process when parallel kernels are called from several threads. With the error
# model of NumPy, a division has no test for 0, which would keep a loop from vectorising.
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}

# Reassociation lets sums vectorise. nnan and ninf stay out: with them isnan(x) is compiled to
# False.
_RELAXED = {"nsz", "contract", "reassoc", "arcp"}

_DECORATING = threading.RLock()
# What waits for Numba; see `calling_with_numba`.
_WAITING = []


class Kernel:
    """A function that Numba gets when it is first used.

    Importing Numba takes as long as all else that an import of featurex loads, and many commands
    and programs run no kernel. What is asked of a kernel, its dispatcher answers; another kernel
    that calls it sees the dispatcher as well.

    Parameters
    ----------
    function : callable
        The loops, in Python.
    **options : dict
        Of `numba.njit`, beside those that all kernels have.
    """

    def __init__(self, function, **options):
        update_wrapper(self, function)
        self._options = options

    def __call__(self, *arguments):
        return self.dispatcher(*arguments)

    def __getattr__(self, name):
        if name == "dispatcher":
            return self._decorate()
        if name.startswith("__") or "_options" not in vars(self):
            raise AttributeError(name)
        return getattr(self.dispatcher, name)

    def __reduce__(self):
        # By name, as functions are pickled.
        return self.__qualname__

    @property
    def _numba_type_(self):
        """What Numba takes the kernel for, where another one calls it."""
        from numba import typeof

        return typeof(self.dispatcher)

    def _decorate(self):
        with _DECORATING:
            if "dispatcher" not in vars(self):
                from featurex.kernels._numba import make_dispatcher

                while _WAITING:
                    _WAITING.pop()()
                self.dispatcher = make_dispatcher(self.__wrapped__, _OPTIONS | self._options)
        return self.dispatcher


@contextmanager
def calling_with_numba(function):
    """Enter a context in which a function is called once Numba is loaded: now, if it is already.

    Parameters
    ----------
    function : callable
        Called without arguments, at most once; it may load parts of Numba.
    """
    if "featurex.kernels._numba" in sys.modules:
        function()
    else:
        _WAITING.append(function)
    try:
        yield
    finally:
        if function in _WAITING:
            _WAITING.remove(function)


def jit(function):
    """Make a function a kernel, whose arithmetic follows the order of its formula."""
    return Kernel(function)


def jit_relaxed(function):
    """Make a function a kernel that may add in another order."""
    return Kernel(function, fastmath=_RELAXED)


def inline(function):
    """Make a function a part of the kernels that call it.

    They are of the same file only: Numba's on-disk cache does not notice an edited callee in
    another file. Inlined by Numba and not by LLVM: arrays that are arguments cost counts of
    references.
    """
    return Kernel(function, inline="always")


def count_bits(word):
    """Count the set bits of a word; see ``_numba`` for what kernels do in its place."""
    return int(word).bit_count()

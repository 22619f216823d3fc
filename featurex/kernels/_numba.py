"""What Numba must be told before it compiles a kernel; loaded with Numba."""

from numba import njit, types
from numba.extending import intrinsic, overload

from featurex.kernels._jit import count_bits

__all__ = ["njit"]


@intrinsic
def _population_count(typing_context, word):
    """The processor's instruction for it, which Numba has no name for."""
    if not isinstance(word, types.Integer):
        return None
    return word(word), lambda context, builder, signature, arguments: builder.ctpop(arguments[0])


@overload(count_bits, inline="always")
def _compile_count_bits(word):
    return lambda word: _population_count(word)

"""The decorators of all kernels, so that typing and parallel policy live in one place."""

import numba

# No kernel runs in parallel inside: images are the one level of parallelism, and Numba's workqueue
# layer aborts the process when parallel kernels are called from several threads. With the error
# model of NumPy, a division has no test for 0, which would keep a loop from vectorising.
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}

# Reassociation lets sums vectorise. nnan and ninf stay out: with them isnan(x) is compiled to
# False.
_RELAXED = {"nsz", "contract", "reassoc", "arcp"}

jit = numba.njit(**_OPTIONS)
jit_relaxed = numba.njit(fastmath=_RELAXED, **_OPTIONS)
# Called from inside another kernel of the same file only: Numba's on-disk cache does not notice an
# edited callee in another file. Inlined by Numba and not by LLVM: arrays that are arguments cost
# counts of references.
inline = numba.njit(inline="always", **_OPTIONS)

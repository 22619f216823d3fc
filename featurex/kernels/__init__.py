"""Numba loops: arrays in, arrays out, no defaults and no validation.

A kernel only fills what its caller allocated. Arrays that are overwritten without a result are
called scratch buffers. Where a kernel writes statistics, constants of its module name their slots.

Each kernel has a slow twin in ``tests/naive`` and a case in ``tests/cases``, which names its peers.
Nothing compiles at import: Numba compiles at the first call and keeps the machine code on disk.

A kernel calls no compiled function, and reads no constant, of another file but ``_jit``: Numba's
cache on disk only notices changes of the file itself, and would go on using the old code.
"""

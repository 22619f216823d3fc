"""Numba loops: arrays in, arrays out, no defaults and no validation.

A kernel only fills what its caller allocated. Its slow twin stands in `tests/naive`, and
`tests/cases` names its peer. Nothing compiles at import: Numba compiles at the first call and
keeps the machine code on disk.
"""

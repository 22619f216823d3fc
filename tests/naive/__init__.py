"""Slow twins: one for every kernel, written from the paper and not from the kernel, obviously
right.
"""

"""Arrays as one member of a model file: their values one after the other, their forms in the
manifest.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from featurex.errors import DataError

# Little-endian, whatever the machine.
_TYPES = {"float32": "<f4", "float64": "<f8", "int32": "<i4"}


@dataclass(frozen=True)
class ArrayForm:
    """How the values of an array are to be read.

    Parameters
    ----------
    name : str
        Its place in the model, as "estimator.steps[0].mean".
    dtype : str
        "float32", "float64" or "int32".
    shape : tuple of int
        Its length along each axis.
    """

    name: str
    dtype: Literal[tuple(_TYPES)]
    shape: tuple[int, ...]

    @property
    def n_bytes(self):
        """The length of its values."""
        return math.prod(self.shape) * np.dtype(_TYPES[self.dtype]).itemsize


def pack_arrays(arrays):
    """Turn arrays into their forms and one sequence of bytes.

    Parameters
    ----------
    arrays : dict of str to array
        Of the types that `ArrayForm` names.

    Returns
    -------
    forms : tuple of ArrayForm
    content : bytes
    """
    forms = tuple(ArrayForm(name, str(array.dtype), array.shape) for name, array in arrays.items())
    content = b"".join(
        np.ascontiguousarray(array, _TYPES[form.dtype]).tobytes()
        for form, array in zip(forms, arrays.values(), strict=True)
    )
    return forms, content


def unpack_arrays(forms, content, path):
    """Read arrays, whose forms must account for every byte; nothing is allocated before.

    Parameters
    ----------
    forms : sequence of ArrayForm
        Of the manifest.
    content : bytes
        The member.
    path : str or path-like
        The file, for messages.

    Returns
    -------
    arrays : dict of str to array
        In the machine's byte order.

    Raises
    ------
    DataError
        If a shape is none, a name comes twice, or the lengths do not add up.

    Examples
    --------
    >>> forms, content = pack_arrays({"mean": np.array([0.5, 1.5])})
    >>> forms[0], len(content)
    (ArrayForm(name='mean', dtype='float64', shape=(2,)), 16)
    >>> unpack_arrays(forms, content, "m.featurex")["mean"].tolist()
    [0.5, 1.5]
    """
    for form in forms:
        # An axis without items would permit any length of the others.
        if not 1 <= len(form.shape) <= 3 or min(form.shape) < 1:
            raise DataError(f"{path}: the array {form.name} claims the shape {form.shape}")
    total = sum(form.n_bytes for form in forms)
    if len({form.name for form in forms}) < len(forms) or total != len(content):
        raise DataError(
            f"{path}: the arrays of its manifest take {total:,} bytes, but it holds "
            f"{len(content):,}; it is not opened"
        )
    arrays, start = {}, 0
    for form in forms:
        flat = np.frombuffer(content, _TYPES[form.dtype], math.prod(form.shape), start)
        arrays[form.name] = flat.astype(form.dtype).reshape(form.shape)
        start += form.n_bytes
    return arrays

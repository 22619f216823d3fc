"""Files of weights of a residual network, read without running anything, and checked."""

import os
import zipfile

import torch

from featurex.errors import DataError
from featurex.models.residual import build_resnet18

# Of torchvision's file 47 MB; one in double precision has twice as much.
_MAX_BYTES = 2**28
_FIRST, _LAST = "conv1.weight", ("fc.weight", "fc.bias")


def read_weights(path):
    """Read weights of a residual network of 18 layers.

    Parameters
    ----------
    path : str or path-like
        As ``torch.save(model.state_dict(), path)`` writes it, by torchvision's names.

    Returns
    -------
    weights : dict of str to tensor
        Without the last layer where it has another form; of one input channel.
    sentence : str
        What was taken of the file, and how.

    Raises
    ------
    DataError
        If the file cannot be read, or its names or shapes are not those of the network.
    """
    given = _load(path)
    expected = {
        name: tensor
        for name, tensor in build_resnet18(2, torch.Generator()).state_dict().items()
        if name not in _LAST
    }
    # Counters of batches, which old versions of PyTorch did not write.
    missing = [
        name for name in expected if name not in given and not name.endswith("num_batches_tracked")
    ]
    unknown = [name for name in given if name not in expected and name not in _LAST]
    if missing or unknown:
        what = f"lacks {missing[0]}" if missing else f"holds {unknown[0]}, which is none of it"
        raise DataError(
            f"{path} does not hold the weights of a resnet18: it {what}; give the file that "
            f"torch.save(model.state_dict(), path) writes for torchvision's resnet18"
        )
    weights, notes = {}, ["all layers but the last are taken"]
    for name, tensor in expected.items():
        if name in given:
            weights[name] = _check(path, name, given[name], tensor)
    if given[_FIRST].shape[1] == 3:
        notes.append("the kernels of its three channels are summed to one")
    return weights, f"Weights of {os.path.basename(path)}: {'; '.join(notes)}"


def _load(path):
    """What a file holds: dict of str to tensor."""
    try:
        if _count_bytes(path) > _MAX_BYTES:
            raise DataError(f"{path} is larger than the weights of a resnet18 can be")
        given = torch.load(path, map_location="cpu", weights_only=True)
    except DataError:
        raise
    # Whatever the decoder raises, the user must learn which file it is.
    except Exception as error:
        reason = str(error).strip().split("\n")[0]
        raise DataError(
            f"{path} cannot be read as weights ({type(error).__name__}: {reason}); give the file "
            f"that torch.save(model.state_dict(), path) writes"
        ) from error
    if not isinstance(given, dict) or not all(
        isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in given.items()
    ):
        raise DataError(
            f"{path} does not hold a mapping of names to tensors; give the file that "
            f"torch.save(model.state_dict(), path) writes"
        )
    return given


def _count_bytes(path):
    """What a file would unpack to."""
    if not zipfile.is_zipfile(path):
        return os.path.getsize(path)
    with zipfile.ZipFile(path) as archive:
        return sum(info.file_size for info in archive.infolist())


def _check(path, name, given, expected):
    """A tensor of the form that is expected; three input channels of the first layer are summed."""
    shapes = [tuple(expected.shape)]
    if name == _FIRST:
        shapes.append((shapes[0][0], 3, *shapes[0][2:]))
    if tuple(given.shape) not in shapes or given.layout != torch.strided or given.is_quantized:
        raise DataError(
            f"{path}: {name} must be of shape {' or '.join(map(str, shapes))}, but it is of "
            f"{tuple(given.shape)}"
        )
    if given.is_floating_point() != expected.is_floating_point():
        raise DataError(f"{path}: {name} must be of type {expected.dtype}, but is {given.dtype}")
    given = given.to(expected.dtype)
    if given.is_floating_point() and not torch.isfinite(given).all():
        raise DataError(f"{path}: {name} holds numbers that are not finite")
    return given if given.shape == expected.shape else given.sum(dim=1, keepdim=True)

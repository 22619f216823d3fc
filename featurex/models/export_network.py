"""Fitted networks to scorers, layer by layer; the names are those of PyTorch's modules."""

import numpy as np

from featurex import scorers


def export_cnn(model):
    """Make the scorer of a fitted `featurex.models.CNN`.

    Parameters
    ----------
    model : CNN
        Fitted.

    Returns
    -------
    scorer : featurex.scorers.Network
    """
    layers, weights = [], model.weights_
    for block in range(len(model.channels)):
        # Of four modules: convolution, pooling, normalisation, rectifier.
        layers += [
            _convolution(weights, f"{4 * block}", 1),
            scorers.Pooling(2),
            _affine(weights, f"{4 * block + 2}"),
            scorers.Rectifier(),
        ]
    # After the mean and its flattening.
    return _network(model, layers, f"{4 * len(model.channels) + 2}")


def _network(model, layers, last):
    head = scorers.Linear(
        model.weights_[f"{last}.weight"].astype(float), model.weights_[f"{last}.bias"].astype(float)
    )
    return scorers.Network(int(model.size), model.mean_, model.scale_, tuple(layers), head)


def _convolution(weights, name, stride):
    kernels = weights[f"{name}.weight"]
    flat = np.ascontiguousarray(kernels).reshape(*kernels.shape[:2], -1)
    return scorers.Convolution(flat, stride)


def _affine(weights, name):
    """Batch normalisation by the running statistics, with PyTorch's own small addend."""
    mean, variance, weight, bias = (
        weights[f"{name}.{part}"].astype(float)
        for part in ("running_mean", "running_var", "weight", "bias")
    )
    scales = weight / np.sqrt(variance + 1e-5)
    return scorers.Affine(scales, bias - mean * scales)

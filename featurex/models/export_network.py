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


def export_resnet18(model):
    """Make the scorer of a fitted `featurex.models.ResNet18`.

    Parameters
    ----------
    model : ResNet18
        Fitted.

    Returns
    -------
    scorer : featurex.scorers.Network
    """
    weights = model.weights_
    layers = [_convolution(weights, "conv1", 2), _affine(weights, "bn1")]
    layers += [scorers.Rectifier(), scorers.Pooling(3)]
    for stage in range(1, 5):
        for block in range(2):
            name, stride = f"layer{stage}.{block}", 2 if stage > 1 and block == 0 else 1
            layers += [_residual(weights, name, stride), scorers.Rectifier()]
    return _network(model, layers, "fc")


def _residual(weights, name, stride):
    inner = (
        _convolution(weights, f"{name}.conv1", stride),
        _affine(weights, f"{name}.bn1"),
        scorers.Rectifier(),
        _convolution(weights, f"{name}.conv2", 1),
        _affine(weights, f"{name}.bn2"),
    )
    shortcut = ()
    if f"{name}.downsample.0.weight" in weights:
        shortcut = (
            _convolution(weights, f"{name}.downsample.0", stride),
            _affine(weights, f"{name}.downsample.1"),
        )
    return scorers.Residual(inner, shortcut)


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

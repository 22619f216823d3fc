"""The convolutional network and how it is trained: the one file that needs PyTorch."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import skip_init

from featurex.models.training import Epoch

# Few enough for the widest layer's output to be reused memory: fresh pages cost more than the
# layer.
_PREDICT_BATCH = 32
# What augmentation draws from, the same for any input: half widths of uniform distributions.
_ROTATION = np.deg2rad(10.0)
_ZOOM = 0.1
_SHIFT = 0.08
_BRIGHTNESS = 0.2
_CONTRAST = 0.2


def build_network(channels, n_classes, generator):
    """Blocks of convolution, pooling, batch normalisation and ReLU; then a global mean and a linear
    layer.

    Parameters
    ----------
    channels : sequence of int
        Of each block's 3 x 3 convolution.
    n_classes : int
        Number of outputs.
    generator : torch.Generator
        Of the initial weights (He et al. 2015, doi:10.1109/ICCV.2015.123).

    Returns
    -------
    network : torch.nn.Sequential
        From float images of shape (n, 1, size, size) to logits of shape (n, n_classes).

    Notes
    -----
    Pooling comes right after the convolution: with ReLU and the positive scales that normalisation
    starts from it gives the same, and what follows has a quarter of the pixels to read and write.
    """
    layers = []
    before = 1
    for width in channels:
        # skip_init: the usual constructor would draw from the process-wide generator.
        convolution = skip_init(nn.Conv2d, before, width, kernel_size=3, padding=1, bias=False)
        nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu", generator=generator)
        layers += [convolution, nn.MaxPool2d(2), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
        before = width
    linear = skip_init(nn.Linear, before, n_classes)
    nn.init.normal_(linear.weight, std=before**-0.5, generator=generator)
    nn.init.zeros_(linear.bias)
    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear)
    return network.to(memory_format=torch.channels_last)


def augment(images, generator):
    """A random small affine map, brightness and contrast for every image.

    Parameters
    ----------
    images : float tensor, shape (n, 1, size, size)
        Standardised grey levels.
    generator : torch.Generator
        The only source of random numbers.

    Returns
    -------
    images : float tensor of the same shape
        Never mirrored: the heart is on one side.
    """

    def uniform(half_width, *shape):
        return (2.0 * torch.rand(len(images), *shape, generator=generator) - 1.0) * half_width

    angle, zoom = uniform(_ROTATION), 1.0 + uniform(_ZOOM)
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    # affine_grid's unit is half a side.
    shift = uniform(2.0 * _SHIFT, 2)
    maps = torch.stack([cosine, -sine, shift[:, 0], sine, cosine, shift[:, 1]], dim=1).reshape(
        -1, 2, 3
    )
    grid = functional.affine_grid(maps, list(images.shape), align_corners=False)
    moved = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
    contrast = 1.0 + uniform(_CONTRAST, 1, 1, 1)
    return moved * contrast + uniform(_BRIGHTNESS, 1, 1, 1)


def train_network(network, training, validation, plan, generator, on_epoch):
    """Train by AdamW on a one-cycle schedule, and keep the epoch with the smallest validation loss.

    Parameters
    ----------
    network : torch.nn.Sequential
        Changed in place; ends with the weights of the best epoch.
    training, validation : pair of (float tensor (n, 1, size, size), int64 tensor (n,))
        Standardised images and class indices.
    plan : featurex.models.training.TrainingPlan
        Batch size, learning rate, weight decay and when to stop.
    generator : torch.Generator
        Of the order of images and of augmentation.
    on_epoch : callable (Epoch) or None
        Called after every epoch.

    Returns
    -------
    history : list of Epoch

    References
    ----------
    Loshchilov and Hutter 2019, arXiv:1711.05101 (AdamW); Smith and Topin 2018, arXiv:1708.07120
    (one cycle)
    """
    weights = len(training[1]) / torch.bincount(training[1]).float()
    steps = -(-len(training[1]) // plan.batch_size)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=plan.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, plan.learning_rate, total_steps=plan.max_iter * steps
    )
    history, best = [], None
    for number in range(1, plan.max_iter + 1):
        losses = []
        for images, labels in _batches(*training, steps, generator):
            losses.append(_step(network, images, labels, weights, optimizer))
            schedule.step()
        measured = functional.cross_entropy(
            predict_logits(network, validation[0]), validation[1], weights
        )
        history.append(Epoch(number, plan.max_iter, float(np.mean(losses)), measured.item()))
        if on_epoch is not None:
            on_epoch(history[-1])
        if best is None or history[-1].validation_loss < best.validation_loss:
            best, best_weights = history[-1], copy.deepcopy(network.state_dict())
        elif number - best.number >= plan.n_iter_no_change:
            break
    network.load_state_dict(best_weights)
    return history


@torch.inference_mode()
def predict_logits(network, images):
    """Logits of images: float tensor (n, 1, size, size) to float tensor (n, n_classes)."""
    network.eval()
    return torch.cat([network(_channels_last(batch)) for batch in images.split(_PREDICT_BATCH)])


def _batches(images, labels, steps, generator):
    """Yield all images once, in random order and augmented, in `steps` batches of about one
    size.
    """
    for rows in torch.randperm(len(labels), generator=generator).tensor_split(steps):
        yield augment(images[rows], generator), labels[rows]


def _step(network, images, labels, weights, optimizer):
    """Take one step down the gradient; give the loss before it."""
    network.train()
    loss = functional.cross_entropy(network(_channels_last(images)), labels, weights)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def _channels_last(images):
    # The layout in which one processor core convolves fastest.
    return images.contiguous(memory_format=torch.channels_last)

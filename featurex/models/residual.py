"""The residual network of 18 layers in PyTorch, by torchvision's names."""

import torch
from torch import nn
from torch.nn.utils import skip_init

# Channels of the four stages, each of two blocks; the first block of all but the first stage takes
# every second row and column.
STAGES = (64, 128, 256, 512)


class Block(nn.Module):
    """Two convolutions, and the block's input added to what they give.

    Parameters
    ----------
    before, width : int
        Channels that it is given, and that it gives.
    stride : int
        1, or 2 for every second row and column.
    """

    def __init__(self, before, width, stride):
        super().__init__()
        self.conv1 = _convolution(before, width, 3, stride)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = _convolution(width, width, 3, 1)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride > 1 or before != width:
            self.downsample = nn.Sequential(
                _convolution(before, width, 1, stride), nn.BatchNorm2d(width)
            )

    def forward(self, images):
        """From images of shape (n, before, rows, rows) to (n, width, ...)."""
        shortcut = images if self.downsample is None else self.downsample(images)
        inner = self.relu(self.bn1(self.conv1(images)))
        return self.relu(self.bn2(self.conv2(inner)) + shortcut)


class ResNet(nn.Module):
    """The whole network, from images of one channel.

    Parameters
    ----------
    n_classes : int
        Number of outputs.
    """

    def __init__(self, n_classes):
        super().__init__()
        self.conv1 = _convolution(1, STAGES[0], 7, 2)
        self.bn1 = nn.BatchNorm2d(STAGES[0])
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        before = STAGES[0]
        for number, width in enumerate(STAGES, start=1):
            stride = 1 if number == 1 else 2
            stage = nn.Sequential(Block(before, width, stride), Block(width, width, 1))
            self.add_module(f"layer{number}", stage)
            before = width
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = skip_init(nn.Linear, before, n_classes)

    def forward(self, images):
        """From images of shape (n, 1, size, size) to logits of shape (n, n_classes)."""
        images = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        for number in range(1, len(STAGES) + 1):
            images = self.get_submodule(f"layer{number}")(images)
        return self.fc(torch.flatten(self.avgpool(images), 1))


def build_resnet18(n_classes, generator):
    """Build the network with random weights (He et al. 2015, doi:10.1109/ICCV.2015.123).

    Parameters
    ----------
    n_classes : int
        Number of outputs.
    generator : torch.Generator
        Of the initial weights.

    Returns
    -------
    network : ResNet
    """
    network = ResNet(n_classes)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(
                module.weight, mode="fan_out", nonlinearity="relu", generator=generator
            )
    nn.init.normal_(network.fc.weight, std=STAGES[-1] ** -0.5, generator=generator)
    nn.init.zeros_(network.fc.bias)
    return network.to(memory_format=torch.channels_last)


def _convolution(before, width, side, stride):
    # skip_init: the usual constructor would draw from the process-wide generator.
    return skip_init(
        nn.Conv2d, before, width, kernel_size=side, stride=stride, padding=side // 2, bias=False
    )

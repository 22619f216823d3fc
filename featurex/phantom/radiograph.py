"""From a chest to an image: framing, exposure, scatter, noise, collimation and markers."""

from dataclasses import dataclass

import cv2
import numpy as np

from featurex.phantom.canvas import SIDE
from featurex.phantom.disease import consolidate, infiltrate

# Kind -> what it adds to a healthy chest.
KINDS = {"normal": None, "bacteria": consolidate, "virus": infiltrate}


@dataclass(frozen=True)
class Framing:
    """How a radiograph is taken.

    Parameters
    ----------
    zoom : float
        Size of the chest on the image; at 1 it fills the shorter side.
    shift : tuple of two floats
        Of the chest's centre, (x, y), as fractions of the image's sides.
    angle : float
        Rotation of the chest, degrees.
    aspect : float
        Columns / rows.
    collimation : float
        Width of the dark borders, as a fraction of the shorter side, 0 to 0.1.
    marker : str
        Letter beside the shoulder, or "".
    exposure : float
        Exponent of the grey values: above 1 the image is darker.
    """

    zoom: float
    shift: tuple[float, float]
    angle: float
    aspect: float
    collimation: float
    marker: str
    exposure: float


@dataclass(frozen=True)
class Radiograph:
    """A synthetic radiograph, and what is known of it.

    Parameters
    ----------
    image : uint8 array, shape (rows, columns)
        The radiograph.
    lungs : bool array of the same shape
        True in either lung.
    opacity : bool array of the same shape
        Where the lung is at least a fifth opaque.
    """

    image: np.ndarray
    lungs: np.ndarray
    opacity: np.ndarray


def make_radiograph(kind, anatomy, framing, generator, rows=320):
    """Draw one radiograph.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    anatomy : Anatomy
        The patient's chest; all radiographs of a patient share it.
    framing : Framing
        How the radiograph is taken.
    generator : numpy.random.Generator
        Source of randomness for disease, noise and the position of the marker.
    rows : int
        Rows of the image, pixels.

    Returns
    -------
    radiograph : Radiograph
        The image with its lungs and opacities.
    """
    density, opacity = anatomy.density, np.zeros((SIDE, SIDE), np.float32)
    if KINDS[kind] is not None:
        added, opacity = KINDS[kind](anatomy, generator)
        density = density + added
    shape = rows, round(rows * framing.aspect)
    matrix = _matrix(framing, shape)
    lungs = _project(anatomy.lungs.sum(axis=0), matrix, shape)
    image = _expose(_project(density, matrix, shape), framing, generator)
    _mark(image, framing, generator)
    return Radiograph(image, lungs > 0.5, _project(opacity, matrix, shape) > 0.2)


def _matrix(framing, shape):
    """Affine map from pixels of the chest to pixels of the image."""
    rows, columns = shape
    turn = np.deg2rad(framing.angle)
    cosine, sine = np.cos(turn), np.sin(turn)
    # Images differ in shape, chests do not: the chest fills the shorter side.
    scale = framing.zoom * min(rows, columns / 1.12) / SIDE
    linear = scale * np.array([[1.12 * cosine, -sine], [1.12 * sine, cosine]])
    centre = np.array([columns * (0.5 + framing.shift[0]), rows * (0.5 + framing.shift[1])])
    return np.column_stack([linear, centre - linear @ [SIDE / 2, SIDE / 2]])


def _project(canvas, matrix, shape):
    rows, columns = shape
    return cv2.warpAffine(
        canvas, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _expose(density, framing, generator):
    """Turn attenuation into grey values, as a processed digital radiograph shows them."""
    scattered = 0.80 * density + 0.20 * _blur_widely(density, 0.06 * density.shape[0])
    photons = np.exp(-1.5 * scattered)
    noisy = scattered + generator.normal(0, 0.011, density.shape) / np.sqrt(photons + 0.05)
    sharp = cv2.GaussianBlur(noisy.astype(np.float32), (0, 0), 0.65)
    # Digital radiographs are processed: large differences are compressed, small ones lifted.
    wide = _blur_widely(sharp, 0.07 * density.shape[0])
    grey = np.clip(0.40 * wide + 0.80 * (sharp - wide) + 0.01, 0, 1) ** framing.exposure
    # The shoulder of the characteristic curve: the densest parts do not burn out.
    grey = np.tanh(1.15 * grey) / np.tanh(1.15)
    border = framing.collimation * min(density.shape)
    if border:
        grey *= _window(density.shape, border)
    return np.round(255 * np.clip(grey, 0, 1)).astype(np.uint8)


def _blur_widely(image, sigma):
    """Blur on a quarter of the rows and columns: it looks the same, at a tenth of the time."""
    rows, columns = image.shape
    small = cv2.resize(image, (columns // 4, rows // 4), interpolation=cv2.INTER_AREA)
    return cv2.resize(
        cv2.GaussianBlur(small, (0, 0), sigma / 4), (columns, rows), interpolation=cv2.INTER_LINEAR
    )


def _window(shape, border):
    """Dark borders with a soft edge."""
    sides = [np.minimum(np.arange(side) + 0.5, side - np.arange(side) - 0.5) for side in shape]
    edges = [1 / (1 + np.exp(-(side - border) / 0.8)) for side in sides]
    return 0.03 + 0.97 * np.outer(*edges)


def _mark(image, framing, generator):
    """Draw the marker beside the shoulder, into the image."""
    if not framing.marker:
        return
    rows, columns = image.shape
    left = framing.marker == "R"
    position = (
        int(columns * ((0.045 if left else 0.90) + generator.uniform(-0.02, 0.02))),
        int(rows * generator.uniform(0.10, 0.20)),
    )
    scale = rows / 320 * generator.uniform(0.55, 0.75)
    cv2.putText(
        image, framing.marker, position, cv2.FONT_HERSHEY_SIMPLEX, scale, 250, 2, cv2.LINE_AA
    )

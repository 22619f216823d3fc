"""Images that show no frontal chest, for teaching and testing what `find_lungs` doubts.

They are drawn (hands, limbs, skulls, abdomens, shapes, waves, noise, lines and letters) or made
from radiographs of chests (turned, a small piece, a strip above or below, the negative).
"""

import cv2
import numpy as np

SIDE = 224
_Y, _X = np.mgrid[:SIDE, :SIDE] / SIDE


def draw_non_chest(kind, rng):
    """Draw an image of one kind.

    Parameters
    ----------
    kind : str
        A key of `DRAWN`.
    rng : numpy.random.Generator
        Of everything.

    Returns
    -------
    image : uint8 array, shape (224, 224)
    """
    image = DRAWN[kind](rng)
    image = image + rng.uniform(0, 0.12) * (_cloud(rng, 2.0) - 0.5)
    image += rng.normal(0, rng.uniform(0, 0.03), image.shape)
    image = cv2.GaussianBlur(image.astype(np.float32), (0, 0), rng.uniform(0.4, 1.5))
    image = (image - image.min()) / max(np.ptp(image), 1e-6)
    image = (255 * image ** np.exp(rng.normal(0, 0.3))).astype(np.uint8)
    lies = kind in ("hand", "limb", "skull") and rng.random() < 0.3
    return np.ascontiguousarray(np.rot90(image, rng.integers(4) if lies else 0))


def spoil_chest(kind, image, rng):
    """Make an image that shows no chest from one that does.

    Parameters
    ----------
    kind : {"turned", "piece", "strip", "negative"}
        Turned by 90, 180 or 270 degrees; a piece of a fifth to two fifths of the sides; the
        uppermost or lowest two fifths, drawn out to a square; or the negative.
    image : uint8 array, shape (rows, columns)
        A radiograph of a chest.
    rng : numpy.random.Generator
        Of everything.

    Returns
    -------
    image : uint8 array, shape (224, 224)
    """
    if kind == "negative":
        image = 255 - image
    elif kind == "turned":
        image = np.rot90(image, rng.integers(1, 4))
    elif kind == "strip":
        kept = int(len(image) * rng.uniform(0.25, 0.4))
        image = image[:kept] if rng.random() < 0.4 else image[-kept:]
    else:
        image = cut_piece(image, (0.2, 0.42), rng)
    return cv2.resize(np.ascontiguousarray(image), (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def cut_piece(image, shares, rng):
    """Cut a random piece out of an image; `shares` are the limits of its share of the sides."""
    share, aspect = rng.uniform(*shares), np.exp(rng.normal(0, 0.15))
    rows, columns = (
        min(side, int(side * share * stretch))
        for side, stretch in zip(image.shape, (aspect, 1 / aspect), strict=True)
    )
    top = rng.integers(0, image.shape[0] - rows + 1)
    left = rng.integers(0, image.shape[1] - columns + 1)
    return image[top : top + rows, left : left + columns]


def _cloud(rng, power=None):
    """Noise whose spectrum falls with a power of the frequency, 0 to 1."""
    power = rng.uniform(0.5, 3.5) if power is None else power
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None])
    frequency[0, 0] = 1
    noise = rng.normal(size=(2, *frequency.shape))
    spectrum = (noise[0] + 1j * noise[1]) / frequency ** (power / 2)
    spectrum[0, 0] = 0
    cloud = np.fft.irfft2(spectrum, s=(SIDE, SIDE))
    return (cloud - cloud.min()) / np.ptp(cloud)


def _ellipse(x, y, width, height, angle=0.0, power=2.0):
    """Below 1 inside an ellipse, or a rounded rectangle with a larger power."""
    cos, sin = np.cos(angle), np.sin(angle)
    across, along = (_X - x) * cos + (_Y - y) * sin, (_Y - y) * cos - (_X - x) * sin
    return np.abs(across / width) ** power + np.abs(along / height) ** power


def _tube(x0, y0, x1, y1, radius):
    """Below 1 inside a tube with round ends."""
    x, y = x1 - x0, y1 - y0
    along = np.clip(((_X - x0) * x + (_Y - y0) * y) / max(x * x + y * y, 1e-9), 0, 1)
    return ((_X - x0 - along * x) ** 2 + (_Y - y0 - along * y) ** 2) / radius**2


def _thickness(shape):
    """How much of a round body a beam crosses."""
    return np.sqrt(np.clip(1 - shape, 0, None))


def _hand(rng):
    x, y = rng.normal(0.5, 0.05), rng.normal(0.62, 0.05)
    width, turn = rng.uniform(0.13, 0.2), rng.normal(0, 0.3)
    image = 0.5 * _thickness(_ellipse(x, y, width, width * 1.2, turn))
    for spread in np.linspace(-0.6, 0.6, 4) + rng.normal(0, 0.05, 4):
        angle, length = turn + spread, rng.uniform(0.25, 0.4)
        x0, y0 = x + width * 0.8 * np.sin(angle), y - width * 0.9 * np.cos(angle)
        bend = 0.6 * angle + 0.4 * turn
        x1, y1 = x0 + length * np.sin(bend), y0 - length * np.cos(bend)
        image += 0.35 * _thickness(_tube(x0, y0, x1, y1, 0.042))
        image += 0.45 * _thickness(_tube(x0, y0, x1, y1, 0.018))
        image += 0.4 * _thickness(_tube(x, y + 0.5 * width, x0, y0, 0.02))
        for place in (0.4, 0.75):
            gap = (_X - x0 - place * (x1 - x0)) ** 2 + (_Y - y0 - place * (y1 - y0)) ** 2
            image -= 0.25 * np.exp(-gap / 0.012**2)
    thumb = turn + 1.2 * rng.choice([-1, 1])
    image += 0.4 * _thickness(_tube(x, y, x + 0.3 * np.sin(thumb), y - 0.3 * np.cos(thumb), 0.045))
    return image + 0.5 * _thickness(_tube(x, y + width, x - 0.2 * np.sin(turn), y + 0.6, 0.11))


def _limb(rng):
    angle = rng.normal(0, 0.25) + (np.pi / 2 if rng.random() < 0.25 else 0)
    x, y = rng.normal(0.5, 0.06, 2)
    far_x, far_y, radius = 0.9 * np.sin(angle), 0.9 * np.cos(angle), rng.uniform(0.12, 0.32)
    image = 0.5 * _thickness(_tube(x - far_x, y - far_y, x + far_x, y + far_y, radius))
    bones = rng.integers(1, 3)
    for bone in range(bones):
        aside = (bone - (bones - 1) / 2) * radius * 0.8
        x0, y0 = x + aside * np.cos(angle), y - aside * np.sin(angle)
        ends = x0 - far_x, y0 - far_y, x0 + far_x, y0 + far_y
        shaft = _tube(*ends, radius * rng.uniform(0.15, 0.35))
        # Bones are denser at their walls than in their marrow.
        image += 0.6 * _thickness(shaft) - 0.3 * _thickness(2 * shaft)
    if rng.random() < 0.5:
        joint = _ellipse(x, y, radius * 0.6, 0.1)
        image += 0.4 * _thickness(joint)
        image -= 0.3 * np.exp(-(((_Y - y - 0.02 * np.sin(8 * _X)) / 0.012) ** 2)) * (joint < 1)
    return image


def _skull(rng):
    x, y = rng.normal(0.5, 0.04, 2)
    width, height = rng.uniform(0.28, 0.4), rng.uniform(0.32, 0.44)
    vault = _ellipse(x, y - 0.05, width, height)
    image = 0.6 * _thickness(vault) + 0.5 * np.exp(-(((np.sqrt(vault) - 0.97) / 0.04) ** 2))
    if rng.random() < 0.6:
        for side in (-1, 1):
            orbit = _ellipse(
                x + side * width * rng.uniform(0.3, 0.45), y + 0.08, width * 0.27, height * 0.17
            )
            image -= rng.uniform(0.15, 0.4) * _thickness(orbit)
        image -= 0.35 * _thickness(_ellipse(x, y + 0.2, 0.04, 0.08))
        image += 0.3 * _thickness(_ellipse(x, y + 0.33, width * 0.5, 0.12))
        for tooth in range(-4, 5):
            image += 0.25 * _thickness(_ellipse(x + 0.03 * tooth, y + 0.3, 0.012, 0.03))
    else:
        image += 0.4 * _thickness(_ellipse(x + 0.15, y + 0.3, 0.15, 0.12))
        image -= 0.3 * _thickness(_ellipse(x + 0.12, y + 0.1, 0.08, 0.05))
    return image + 0.35 * _thickness(_tube(x, y + 0.35, x + rng.normal(0, 0.05), 1.1, 0.13))


def _abdomen(rng):
    x, y = rng.normal(0.5, 0.03, 2)
    width, height = rng.uniform(0.36, 0.6), rng.uniform(0.5, 0.9)
    image = 0.6 * _thickness(_ellipse(x, y, width, height, 0, rng.uniform(2, 3)))
    spine, texture = rng.uniform(0.05, 0.3), 0.8 + 0.2 * _cloud(rng, 2.0)
    for vertebra in range(9):
        place = 0.115 * vertebra + rng.normal(0, 0.005)
        image += spine * (_ellipse(x, place, 0.055, 0.042, 0, 4) < 1) * texture
    if rng.random() < 0.7:
        for side in (-1, 1):
            wing = _ellipse(x + side * 0.24, 0.86, 0.17, 0.17, 0.5 * side)
            image += 0.3 * _thickness(wing) - 0.15 * _thickness(
                _ellipse(x + side * 0.1, 1, 0.06, 0.05)
            )
    if rng.random() < 0.6:
        for side, rib in ((side, rib) for side in (-1, 1) for rib in range(3)):
            curve = (_Y - 0.05 - 0.09 * rib - 0.5 * (_X - x) ** 2) / 0.012
            image += 0.12 * np.exp(-(curve**2)) * (np.sign(_X - x) == side)
    for _ in range(rng.integers(2, 16)):
        place, size = rng.uniform([0.15, 0.2], [0.85, 0.9]), rng.uniform([0.03, 0.02], [0.12, 0.07])
        gas = _ellipse(*place, *size, rng.uniform(0, 3))
        image -= rng.uniform(0.05, 0.3) * _thickness(gas)
    return image


def _shapes(rng):
    image = rng.uniform(0, 1) + rng.normal(0, 0.3) * _X + rng.normal(0, 0.3) * _Y
    for _ in range(rng.integers(1, 12)):
        shape = _ellipse(
            *rng.uniform(0, 1, 2), *rng.uniform(0.03, 0.4, 2), rng.uniform(0, 3), rng.choice([2, 6])
        )
        image += rng.normal(0, 0.5) * (_thickness(shape) if rng.random() < 0.5 else shape < 1)
    return image


def _waves(rng):
    image = np.zeros((SIDE, SIDE))
    for _ in range(rng.integers(1, 5)):
        angle, frequency = rng.uniform(0, np.pi), rng.uniform(1, 30)
        phase = 2 * np.pi * frequency * (_X * np.cos(angle) + _Y * np.sin(angle))
        image += np.sin(phase + rng.uniform(0, 6)) * rng.uniform(0.3, 1)
    return np.sign(image) if rng.random() < 0.3 else image


def _lines(rng):
    image = np.zeros((SIDE, SIDE), np.uint8)
    for _ in range(rng.integers(5, 60)):
        start, end = rng.integers(0, SIDE, (2, 2)).tolist()
        cv2.line(image, start, end, int(rng.integers(50, 255)), int(rng.integers(1, 8)))
    for _ in range(rng.integers(0, 12)):
        text = "".join(rng.choice(list("ABCDEFabcdefg0123"), 6))
        where, level = rng.integers(0, SIDE, 2).tolist(), int(rng.integers(80, 255))
        cv2.putText(image, text, where, 0, rng.uniform(0.3, 2), level, int(rng.integers(1, 4)))
    return (image if rng.random() < 0.5 else 255 - image) / 255


DRAWN = {
    "hand": _hand,
    "limb": _limb,
    "skull": _skull,
    "abdomen": _abdomen,
    "shapes": _shapes,
    "waves": _waves,
    "noise": _cloud,
    "lines": _lines,
}
SPOILT = ("turned", "piece", "strip", "negative")

"""Axes of figures: scales, ticks, a frame, lines and markers."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from markupsafe import Markup

from featurex.report.svg import element, text

# Size of a figure with axes, and its rectangle (left, right, bottom, top): about as wide as a small
# screen, so that text stays readable there.
WIDTH, HEIGHT = 360, 330
PLOT = (44.0, 348.0, 282.0, 26.0)

# Half the height of a marker, in units of the drawing.
_RADIUS = 4.2


@dataclass(frozen=True)
class Scale:
    """Maps values to coordinates of the drawing.

    Parameters
    ----------
    low, high : float
        Limits of the values shown; above 0 on a logarithmic scale.
    start, end : float
        Coordinates of these limits.
    logarithmic : bool
        Whether equal distances stand for equal ratios.
    """

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value):
        """Compute the coordinate of a value, or of an array of values."""
        measure = np.log10 if self.logarithmic else np.asarray
        low, high = measure(self.low), measure(self.high)
        return self.start + (measure(value) - low) / (high - low) * (self.end - self.start)

    def ticks(self):
        """Choose about five round values within the limits: list of float."""
        if self.logarithmic:
            return _logarithmic_ticks(self.low, self.high)
        step = _round_step((self.high - self.low) / 5)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(number * step, 10) for number in range(first, last + 1)]


@dataclass(frozen=True)
class Axes:
    """Two scales that span a rectangle.

    Parameters
    ----------
    x, y : Scale
        Horizontal and vertical scale.
    """

    x: Scale
    y: Scale

    def frame(self, x_label, y_label, x_format="{:g}".format, y_format="{:g}".format):
        """Draw grid lines with their values, and the names of both axes.

        Parameters
        ----------
        x_label, y_label : str
            Names of the axes.
        x_format, y_format : callable
            Writes the value of a tick.

        Returns
        -------
        markup : markupsafe.Markup
        """
        left, right, bottom, top = self.x.start, self.x.end, self.y.start, self.y.end
        parts = [
            element("rect", x=left, y=top, width=right - left, height=bottom - top, class_="plot")
        ]
        for value in self.x.ticks():
            x = float(self.x(value))
            parts.append(element("line", x1=x, x2=x, y1=bottom, y2=top, class_="grid"))
            parts.append(text(x, bottom + 15.0, x_format(value), anchor="middle", style="tick"))
        for value in self.y.ticks():
            y = float(self.y(value))
            parts.append(element("line", x1=left, x2=right, y1=y, y2=y, class_="grid"))
            parts.append(text(left - 6.0, y + 3.5, y_format(value), anchor="end", style="tick"))
        parts.append(
            text((left + right) / 2, bottom + 32.0, x_label, anchor="middle", style="axis")
        )
        parts.append(text(left, top - 8.0, y_label, style="axis"))
        return Markup("").join(parts)

    def line(self, x, y, style, steps=False):
        """Draw a curve through points.

        Parameters
        ----------
        x, y : arrays of shape (n,)
            Values of the points.
        style : str
            CSS classes.
        steps : bool
            Whether each height is kept until the next point.

        Returns
        -------
        markup : markupsafe.Markup
        """
        points = np.column_stack([self.x(x), self.y(y)])
        if steps:
            corners = np.column_stack([points[1:, 0], points[:-1, 1]])
            points = np.insert(points, np.arange(1, len(points)), corners, axis=0)
        path = " ".join(
            f"{across:.1f},{up:.1f}" for across, up in _without_straight(np.round(points, 1))
        )
        return element("polyline", points=path, class_=f"curve {style}")

    def band(self, x, low, high, style):
        """Draw the area between two curves.

        Parameters
        ----------
        x, low, high : arrays of shape (n,)
            Values of the points.
        style : str
            CSS classes.

        Returns
        -------
        markup : markupsafe.Markup
        """
        across = np.concatenate([self.x(np.asarray(x)), self.x(np.asarray(x))[::-1]])
        up = np.concatenate([self.y(np.asarray(low)), self.y(np.asarray(high))[::-1]])
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, up, strict=True))
        return element("polygon", points=points, class_=f"band {style}")

    def marker(self, x, y, shape, style, title=None):
        """A sign at a point of the data; see `marker`."""
        return marker(float(self.x(x)), float(self.y(y)), shape, style, title)


def unit_axes():
    """Make axes from 0 to 1 in both directions: Axes."""
    left, right, bottom, top = PLOT
    return Axes(Scale(0.0, 1.0, left, right), Scale(0.0, 1.0, bottom, top))


def frame_unit_square(axes, x_label, y_label):
    """Draw the frame of axes from 0 to 1; see `Axes.frame`: markupsafe.Markup."""
    return axes.frame(x_label, y_label, "{:.1f}".format, "{:.1f}".format)


def auc_scale(scale, top, y):
    """Draw a scale of AUCs below rows of bars, with faint lines through them.

    Parameters
    ----------
    scale : Scale
        Horizontal scale.
    top, y : float
        Vertical coordinates at which the lines begin and end.

    Returns
    -------
    markup : markupsafe.Markup
    """
    parts = []
    for value in scale.ticks():
        x = float(scale(value))
        parts.append(element("line", x1=x, x2=x, y1=top, y2=y, class_="grid faint"))
        parts.append(text(x, y + 14, f"{value:g}", anchor="middle", style="tick"))
    parts.append(text((scale.start + scale.end) / 2, y + 29, "AUC", anchor="middle", style="axis"))
    return Markup("").join(parts)


def marker(x, y, shape, style, title=None):
    """Draw a marker at coordinates of the drawing.

    Parameters
    ----------
    x, y : float
        Coordinates of its centre.
    shape : str
        Key of `SHAPES`.
    style : str
        CSS classes.
    title : str or None
        Text shown under the mouse.

    Returns
    -------
    markup : markupsafe.Markup
    """
    inside = (element("title", title),) if title else ()
    return SHAPES[shape](x, y, *inside, class_=f"marker {style}")


def _circle(x, y, *children, **attributes):
    return element("circle", *children, cx=x, cy=y, r=_RADIUS, **attributes)


def _polygon(x, y, *children, corners, **attributes):
    points = " ".join(
        f"{x + across * _RADIUS:.1f},{y + up * _RADIUS:.1f}" for across, up in corners
    )
    return element("polygon", *children, points=points, **attributes)


# Shapes differ as well as colours, for grey printers and colour-blind readers.
SHAPES = {
    "circle": _circle,
    "diamond": partial(_polygon, corners=((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0))),
    "square": partial(
        _polygon, corners=((-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95))
    ),
    "triangle": partial(_polygon, corners=((0, -1.25), (1.2, 0.95), (-1.2, 0.95))),
}


def _without_straight(points):
    """Drop points on the straight line between their neighbours: curves have thousands of them."""
    if len(points) < 3:
        return points
    before, after = np.diff(points[:-1], axis=0), np.diff(points[1:], axis=0)
    turns = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > 1e-6
    return points[np.concatenate([[True], turns, [True]])]


def _round_step(rough):
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))


def _logarithmic_ticks(low, high):
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    decades = math.log10(high / low)
    factors = (1, 2, 5) if decades < 2 else (1, 3) if decades < 3 else (1,)
    values = [factor * 10.0**exponent for exponent in exponents for factor in factors]
    return [value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]

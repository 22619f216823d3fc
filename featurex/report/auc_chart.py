"""A chart of AUCs: one labelled row below the other, all on one scale."""

import math

from markupsafe import Markup

from featurex.report.axes import Scale, auc_scale, marker
from featurex.report.names import decimal
from featurex.report.svg import drawing, element, shorten, text

_WIDTH, _LEFT, _RIGHT, _VALUES = 360, 10.0, 294.0, 350
_ROW = 38.0
# Width of a letter of a legend, at most.
_LETTER = 6.6
# Distances from the top of a row: baseline of its label, and centre of its line.
_LABEL, _LINE = 12.0, 22.0


class AucChart:
    """Rows of AUCs, drawn one after the other.

    Parameters
    ----------
    values : iterable of float
        All AUCs that will be drawn.
    top : float
        Height of the space above the first row, for a legend.
    bars : bool
        Whether rows have bars. Their scale begins at 0.5 or below, so that lengths can be
        compared; without bars it begins just below the smallest AUC.
    """

    def __init__(self, values, top=22.0, bars=True):
        smallest = min((value for value in values if not math.isnan(value)), default=0.5)
        low = math.floor(20 * smallest - 0.2) / 20
        self.scale = Scale(max(0.0, min(0.5, low) if bars else low), 1.0, _LEFT + 4, _RIGHT)
        self._top, self._y = top, top
        self._parts = []

    def add_legend(self, *signs):
        """Explain the markers above the first row.

        Parameters
        ----------
        *signs : tuple of (shape, filled, words)
            Shape of the marker, whether it is filled, and its meaning.
        """
        x, y = _LEFT + 4, 8.0
        for shape, filled, words in signs:
            width = 24.0 + _LETTER * len(words)
            if x + width > _RIGHT + 24.0:
                x, y = _LEFT + 4, y + 15.0
            self._parts.append(marker(x, y, shape, "neutral" if filled else "neutral hollow"))
            self._parts.append(text(x + 9, y + 4, words, style="tick"))
            x += width

    def add_values_title(self, words):
        """Name the numbers at the right end of the rows."""
        self._parts.append(text(_VALUES, 12, words, anchor="end", style="tick"))

    def add_heading(self, words):
        """Write a heading above the rows that follow."""
        self._parts.append(text(_LEFT, self._y + 14, words, style="group"))
        self._y += 22.0

    def add_row(self, label, value, style, markers=(), *, bar=None, span=None, interval=None):
        """Draw one row.

        Parameters
        ----------
        label : str
            Name of the row, above its line.
        value : str
            Number at its right end.
        style : str
            CSS class that gives the colour.
        markers : iterable of tuple of (float, str, bool, str)
            AUC, shape, whether the marker is filled, and the text under the mouse.
        bar : float or None
            AUC at which a bar ends; None for no bar.
        span : tuple of (float, float) or None
            Two AUCs joined by a wide, pale line.
        interval : tuple of (float, float) or None
            Limits of an interval, joined by a thin line.
        """
        y = self._y + _LINE
        self._parts.append(text(_LEFT, self._y + _LABEL, shorten(label, 56), style="label"))
        if bar is None:
            self._parts.append(element("line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, class_="grid"))
        else:
            end = max(float(self.scale(bar)) - _LEFT, 1.0)
            self._parts += [
                _draw_bar(y, _RIGHT - _LEFT, "track"),
                _draw_bar(y, end, f"bar {style}"),
            ]
        for limits, line_style in ((span, f"span {style}"), (interval, "leader")):
            if limits is not None:
                low, high = (float(self.scale(limit)) for limit in limits)
                self._parts.append(element("line", x1=low, x2=high, y1=y, y2=y, class_=line_style))
        for auc, shape, filled, title in markers:
            look = style if filled else f"{style} hollow"
            words = f"{title}: {decimal(auc)}"
            self._parts.append(marker(float(self.scale(auc)), y, shape, look, words))
        self._parts.append(text(_VALUES, y + 4, value, anchor="end", style="value"))
        self._y += _ROW

    def draw(self, name, title, description):
        """Finish the chart with its scale; see `drawing` for the parameters: markupsafe.Markup."""
        scale = auc_scale(self.scale, self._top, self._y + 2)
        height = self._y + 34
        return drawing(
            name, title, description, _WIDTH, height, scale, Markup("").join(self._parts)
        )


def _draw_bar(y, width, style):
    return element("rect", x=_LEFT, y=y - 3.5, width=width, height=7, rx=3.5, class_=style)

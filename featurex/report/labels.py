"""Names beside the points of a figure, placed where nothing else stands."""

from markupsafe import Markup

from featurex.report.svg import element, shorten, text

# Mean width of a letter, height of a line, and distance from the point, in units of the drawing.
_LETTER, _LINE, _GAP = 6.4, 12.0, 8.0
# Half the side of the square that a point occupies.
_POINT = 5.5
# How far above or below its point a name may stand, the nearest first.
_RISES = (-8.0, 17.0, -24.0, 33.0, -40.0, 49.0)
# Distance from which a line leads from the point to its name.
_FAR = 20.0
_LONGEST = 38


class Labels:
    """Names of points, each where nothing stands yet; a name without a free place is left out.

    Parameters
    ----------
    axes : Axes
        Rectangle in which names may stand.
    points : iterable of tuple of (float, float)
        All points of the figure, in coordinates of the drawing.
    """

    def __init__(self, axes, points):
        self.axes = axes
        self._taken = [(x - _POINT, y - _POINT, x + _POINT, y + _POINT) for x, y in points]
        self._drawn = []

    def add(self, point, name, style):
        """Write a name beside, above or below a point, if there is room.

        Parameters
        ----------
        point : tuple of (float, float)
            Coordinates of the point.
        name : str
            Text, which is shortened if it is long.
        style : str
            CSS class.
        """
        (x, y), name = point, shorten(name, _LONGEST)
        width = _LETTER * len(name)
        for left, base in _list_positions(x, y, width):
            box = (left, base - _LINE + 3, left + width, base + 3)
            if not self._is_free(box):
                continue
            self._taken.append(box)
            if abs(base - y) > _FAR:
                end = box[3] if base < y else box[1]
                self._drawn.append(element("line", x1=x, x2=x, y1=y, y2=end, class_="leader"))
            self._drawn.append(text(left + width / 2, base, name, anchor="middle", style=style))
            return

    def _is_free(self, box):
        left, top, right, bottom = box
        inside = left >= self.axes.x.start and right <= self.axes.x.end
        inside = inside and top >= self.axes.y.end and bottom <= self.axes.y.start
        return inside and not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in self._taken
        )

    def draw(self):
        """Draw all names for which there was room: markupsafe.Markup."""
        return Markup("").join(self._drawn)


def _list_positions(x, y, width):
    """List left ends and baselines of a name, the best first: beside the point, then away."""
    beside = [(x + _GAP, y + 4), (x - _GAP - width, y + 4)]
    away = [(left, y + rise) for rise in _RISES for left in (x - 4, x + 4 - width, x - width / 2)]
    return beside + away

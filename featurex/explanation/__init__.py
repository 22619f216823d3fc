"""What in an image raised or lowered a model's score, by column and by position."""

from featurex.explanation.contributions import Contributions, can_take_apart, explain
from featurex.explanation.image_map import MAP_SIDE, ImageMap, map_image
from featurex.explanation.overlay import draw_overlay
from featurex.explanation.rectangles import (
    draw_map,
    family_of,
    fraction_inside,
    group_columns,
    locate_columns,
)
from featurex.explanation.regions import OUTSIDE, name_regions

__all__ = [
    "MAP_SIDE",
    "OUTSIDE",
    "Contributions",
    "ImageMap",
    "can_take_apart",
    "draw_map",
    "draw_overlay",
    "explain",
    "family_of",
    "fraction_inside",
    "group_columns",
    "locate_columns",
    "map_image",
    "name_regions",
]

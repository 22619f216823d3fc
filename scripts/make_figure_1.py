"""Draw docs/resources/figure_1.png: a normal chest, bacterial and viral pneumonia, side by side, as
phantoms.

Usage: python scripts/make_figure_1.py [TARGET.png]
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from featurex.phantom import Framing, make_anatomy, make_radiograph

_TITLES = {"normal": "Normal", "bacteria": "Bacterial: focal", "virus": "Viral: diffuse"}
_ROWS = 420
_FRAMING = Framing(
    zoom=1.06, shift=(0.0, 0.0), angle=0.0, aspect=1.12, collimation=0.02, marker="R", exposure=1.0
)
_HERE = Path(__file__).resolve().parents[1]


def panel(kind, seed):
    """Draw one radiograph under its title."""
    anatomy = make_anatomy(np.random.default_rng(seed))
    image = make_radiograph(kind, anatomy, _FRAMING, np.random.default_rng(seed), rows=_ROWS).image
    title = np.full((44, image.shape[1]), 255, np.uint8)
    cv2.putText(title, _TITLES[kind], (6, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.75, 40, 1, cv2.LINE_AA)
    return np.vstack([title, image])


def main(target):
    """Write the figure."""
    panels = [panel(kind, seed) for kind, seed in zip(_TITLES, (11, 4, 21), strict=True)]
    gap = np.full((panels[0].shape[0], 12), 255, np.uint8)
    figure = np.hstack([panels[0], gap, panels[1], gap, panels[2]])
    note = np.full((38, figure.shape[1]), 255, np.uint8)
    words = "Synthetic phantoms drawn by featurex, not patients"
    cv2.putText(note, words, (6, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 90, 1, cv2.LINE_AA)
    target.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(target), np.vstack([figure, note]))
    print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _HERE / "docs" / "resources" / "figure_1.png")

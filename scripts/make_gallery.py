"""Write docs/gallery.md: what each family of features sees on one phantom film, in pictures.

Usage: python scripts/make_gallery.py
"""

import math
from pathlib import Path

import cv2
import numpy as np

from featurex import EXTRACTORS, Align, Equalize, Preprocess
from featurex.phantom import Framing, make_anatomy, make_radiograph

_DOCS = Path(__file__).resolve().parents[1] / "docs"
_PICTURES = Path("resources", "gallery")
# Side of a picture, pixels.
_SIDE = 288
_SEED = 4
_FRAMING = Framing(
    zoom=1.06, shift=(0.0, 0.0), angle=0.0, aspect=1.12, collimation=0.02, marker="R", exposure=1.0
)
_INTRODUCTION = """# Gallery

What each family sees, on one film: a phantom with a focal opacity in the right lung (the left of
the picture), aligned to the mean chest and equalised, as the default plan does. It is drawn by
featurex, and shows no patient. `extractor.draw(image)` gives the same of any image, as an array;
`python scripts/make_gallery.py` makes this page. Black is the lowest and white the highest value of
each picture, but for the last hundredth on either side.

"""


def make_film():
    """Draw the film, and prepare it as the default plan does: uint8 array."""
    anatomy = make_anatomy(np.random.default_rng(_SEED))
    generator = np.random.default_rng(_SEED)
    film = make_radiograph("bacteria", anatomy, _FRAMING, generator, rows=420).image
    images = [film]
    for step in (Preprocess(size=224), Align(), Equalize()):
        images = step.fit_transform(images)
    return np.asarray(np.ma.getdata(images[0]))


def scale(drawing):
    """Bring a drawing of any size and range to a picture of uint8; squares stay squares."""
    drawing = np.asarray(drawing, np.float64)
    low, high = np.percentile(drawing, (1, 99))
    if low == high:
        low, high = drawing.min(), max(drawing.max(), drawing.min() + 1)
    grey = np.clip((drawing - low) / (high - low), 0, 1) * 255
    factor = _SIDE / max(drawing.shape)
    how = cv2.INTER_NEAREST if factor > 1 else cv2.INTER_AREA
    size = tuple(max(1, math.floor(side * factor)) for side in drawing.shape[::-1])
    return cv2.resize(grey.astype(np.uint8), size, interpolation=how)


def main():
    """Write pictures and page."""
    folder = _DOCS / _PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    film = make_film()
    blocks = [_write("film", "The film", "What all families are given.", film)]
    for name, family in EXTRACTORS.items():
        extractor = family().fit([film])
        drawing = extractor.draw(film)
        if drawing is not None:
            title = f"{name}: `{family.__name__}`"
            blocks.append(_write(name, title, extractor.drawing, drawing))
    page = _INTRODUCTION + '<div class="gallery" markdown>\n\n' + "\n".join(blocks) + "\n</div>\n"
    (_DOCS / "gallery.md").write_text(page, encoding="utf-8")


def _write(name, title, caption, drawing):
    cv2.imwrite(str(_DOCS / _PICTURES / f"{name}.png"), scale(drawing))
    picture = f"![{caption}]({(_PICTURES / f'{name}.png').as_posix()})"
    return f"<div markdown>\n\n{picture}\n\n**{title}.** {caption}\n\n</div>\n"


if __name__ == "__main__":
    main()

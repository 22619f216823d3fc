"""What the pipeline sees: example images, as read and as prepared, and each family's picture of
them.
"""

import cv2
import numpy as np

from featurex.features import Extractor
from featurex.images import read_header
from featurex.images.shrink import fit_size
from featurex.parallel import serial_libraries
from featurex.runs.answers import Example, Panel

# The longer side of a picture, pixels.
SIDE = 320


def draw_examples(run):
    """Draw one test image of each subtype, stage by stage, on the input of the best chosen model.

    Parameters
    ----------
    run : ScoredRun
        Its folder receives the pictures.

    Returns
    -------
    examples : tuple of Example
    """
    samples, chain = run.samples, run.chosen[0].view.chain
    generator = np.random.default_rng(run.protocol.seed)
    strata = samples.strata
    examples = []
    for number, subtype in enumerate(sorted(set(strata[samples.testing]))):
        chosen = generator.choice(np.flatnonzero((strata == subtype) & samples.testing))
        shape = _find_shape(samples.table["path"].iloc[chosen])
        with serial_libraries():
            drawn = draw_stages(samples.images[chosen], chain, run.extractors)
        panels = tuple(
            Panel(
                title,
                caption,
                # By number: a class may be called by what no file can be.
                run.folder.write_picture(
                    f"example-{number:02d}-{title}.png",
                    _encode(picture, shape if title == "original" else picture.shape),
                ),
            )
            for title, caption, picture in drawn
        )
        label = samples.classes[samples.labels[chosen]]
        examples.append(Example(label, str(subtype), str(samples.names[chosen]), panels))
    return tuple(examples)


def draw_stages(image, chain, extractors):
    """Draw the image, the prepared image, and what each family computes on it.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Of the working size.
    chain : fitted Pipeline
        From images of the working size to those of the input.
    extractors : dict of family to Extractor
        Those that can draw what they compute get a picture.

    Returns
    -------
    pictures : list of (title, caption, uint8 array)
    """
    region = chain.transform([image])[0]
    prepared = np.ma.getdata(region)
    shown = _stretch(prepared)
    # What lies outside the region is dimmed.
    shown[np.ma.getmaskarray(region)] //= 3
    pictures = [
        ("original", "the image as read", _stretch(image)),
        ("prepared", "as the extractors get it", shown),
    ]
    for family, extractor in extractors.items():
        # A user's own transformer may draw nothing.
        figure = extractor.draw(prepared) if isinstance(extractor, Extractor) else None
        if figure is not None:
            pictures.append((family, extractor.drawing, _stretch(figure)))
    return pictures


def encode_colours(picture):
    """A picture of red, green, blue, uint8 array (rows, columns, 3), as a PNG: bytes."""
    return cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes()


def _find_shape(path):
    """Rows and columns of an image as a person sees it: working images are square."""
    header = read_header(path)
    shape = header.rows, header.columns
    # EXIF's orientations from 5 on lay the image on its side.
    return shape if header.orientation < 5 else shape[::-1]


def _stretch(picture):
    """To the full grey scale of 8 bits."""
    picture = np.ma.getdata(picture).astype(np.float32)
    low, high = np.percentile(picture, (0.5, 99.5))
    return (np.clip((picture - low) / max(high - low, 1e-6), 0, 1) * 255).astype(np.uint8)


def _encode(picture, shape):
    """A picture in the shape of (rows, columns), as a PNG."""
    smooth = min(picture.shape) > 32
    how = (
        cv2.INTER_AREA
        if min(picture.shape) > SIDE
        else cv2.INTER_LINEAR
        if smooth
        else cv2.INTER_NEAREST
    )
    picture = cv2.resize(picture, fit_size(shape, SIDE), interpolation=how)
    return cv2.imencode(".png", picture)[1].tobytes()

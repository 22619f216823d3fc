"""The page of one image: what raised and what lowered its score; and the list of several."""

import hashlib
from pathlib import Path

import numpy as np

import featurex
from featurex.explanation import draw_overlay
from featurex.report import names
from featurex.report.description import describe_image
from featurex.report.page import render_page, write_page
from featurex.report.pictures import embed_jpeg
from featurex.runs import Entry

# Side of a picture, pixels.
_SIDE = 360
# Number of columns that the page lists.
STRONGEST = 10
# Standard deviations from which brightness is coloured.
_NOTABLE = 0.5
# Standard deviations at which the brightness picture is fully coloured.
_LIMIT = 3.0


def write_image_page(explained, row, withheld, model, folder):
    """Write the page of one image.

    Parameters
    ----------
    explained : ExplainedImage
        Explanation of the image's score, as from `featurex.bundle.Model.explain`.
    row : dict
        Row of the image in the table of `featurex.bundle.Model.predict`.
    withheld : list of str
        Sentences: what the model withholds of this image and why, and what to check.
    model : Model
        Model that made the score.
    folder : pathlib.Path
        Folder of all pages.

    Returns
    -------
    summary : dict
        Line of the image in the list of images: path, page (file name), score, inside, decision
        and flags.

    Raises
    ------
    DataError
        If the page cannot be written.
    """
    page = page_name(explained.path)
    write_page(folder / page, render_image(explained, row, withheld, model))
    return {
        "path": explained.path,
        "page": page,
        "score": explained.score,
        "inside": explained.inside,
        "decision": row["decision"],
        "flags": row["flags"],
    }


def write_image_list(summaries, left_out, model, folder):
    """Write index.html, which links to the pages of all images.

    Parameters
    ----------
    summaries : list of dict
        One for each image, as from `write_image_page`.
    left_out : list of dict
        path, reason and detail of each file that could not be used.
    model : Model
        Model that made the scores.
    folder : pathlib.Path
        Folder of all pages.

    Returns
    -------
    path : pathlib.Path
        Path of index.html.

    Raises
    ------
    DataError
        If the list cannot be written.
    """
    page = render_page(
        "images.html",
        featurex.__version__,
        title=_name_model(model),
        images=sorted(summaries, key=lambda summary: -summary["score"]),
        left_out=left_out,
    )
    return write_page(folder / "index.html", page)


def page_name(path):
    """Name the page of an image after its file, with a digest of the path that makes it unique.

    Parameters
    ----------
    path : str
        Path of the image.

    Returns
    -------
    name : str
        File name that ends in .html.
    """
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
    stem = Path(path).stem[:80]
    if len(stem.encode("utf-8", "surrogateescape")) > 200:
        # File systems count bytes, of which a letter may have four.
        stem = stem[:50]
    return f"{stem}-{digest[:8]}.html"


def render_image(explained, row, withheld, model):
    """Fill the page of one image.

    Parameters
    ----------
    explained : ExplainedImage
        Explanation of the image's score.
    row : dict
        Row of the image in the table of predictions.
    withheld : list of str
        As for `write_image_page`.
    model : Model
        Model that made the score.

    Returns
    -------
    page : str
        HTML.
    """
    is_network = Entry.parse(model.manifest.key).learns_features
    return render_page(
        "image.html",
        featurex.__version__,
        explained=explained,
        row=row,
        model=model.manifest,
        title=_name_model(model),
        numbers=list_numbers(row, model.manifest),
        withheld=withheld,
        sentence=describe_image(explained, row, model.manifest),
        has_lungs="no_lungs" not in row["flags"],
        pictures={name: embed_jpeg(picture) for name, picture in _draw(explained).items()},
        # Of a network, single pixels tell nothing beyond the map.
        columns=[] if is_network else explained.columns.head(STRONGEST).to_dict("records"),
        is_network=is_network,
        families=explained.columns.groupby("family", sort=False)["contribution"].sum().to_dict(),
        regions=explained.regions[explained.regions["share"] > 0].to_dict("records"),
        start=1 / (1 + np.exp(-explained.base)),
    )


def _draw(explained):
    """Draw the four pictures of a page: dict of name to RGB array."""
    nothing = np.zeros_like(explained.heat)
    no_lungs = nothing.astype(np.uint8)
    unusual = explained.unusual * (np.abs(explained.unusual) > _NOTABLE)
    prepared, lungs = explained.prepared, explained.labels
    return {
        "original": draw_overlay(explained.original, nothing, no_lungs, _SIDE),
        "prepared": draw_overlay(prepared, nothing, lungs, _SIDE),
        "heat": draw_overlay(prepared, explained.heat, lungs, _SIDE),
        "unusual": draw_overlay(prepared, unusual, lungs, _SIDE, _LIMIT),
    }


def list_numbers(row, manifest):
    """List the numbers behind a decision: score, threshold and probability.

    Parameters
    ----------
    row : dict
        Row of the image in the table of predictions.
    manifest : featurex.bundle.manifest.Manifest
        Manifest of the model.

    Returns
    -------
    numbers : dict of str to str
        Name to formatted number. With three classes: the score of each.
    """
    classes = manifest.classes
    if manifest.threshold is None:
        return {
            f"score of {name}": names.decimal(row[f"score_{index}"])
            for index, name in enumerate(classes)
        }
    return {
        f"score of {classes[1]}": names.decimal(row["score"]),
        "threshold": names.decimal(manifest.threshold),
        "probability": _write_probability(row["probability"]),
    }


def _write_probability(probability):
    """In whole percents; no image is certain."""
    if probability >= 0.995:
        return f"above {names.percent(0.99, 0)}"
    if probability < 0.005:
        return f"below {names.percent(0.01, 0)}"
    return names.percent(probability, 0)


def _name_model(model):
    return f"{model.manifest.key}, made {model.manifest.created[:10]}"

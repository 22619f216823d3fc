"""The page of one image: what raised and what lowered its score; and the list of several."""

import hashlib
from pathlib import Path

import numpy as np

import featurex
from featurex.explanation import OUTSIDE, draw_overlay
from featurex.report import names
from featurex.report.page import render_page, write_page
from featurex.report.pictures import embed_jpeg
from featurex.runs import Entry

# Side of a picture, pixels.
_SIDE = 360
# Number of columns that the page lists.
STRONGEST = 10
# Standard deviations from which brightness is mentioned, and from which it is called "much".
_NOTABLE, _STRONG = 0.5, 1.5
# Standard deviations at which the brightness picture is fully coloured.
_LIMIT = 3.0


def write_image_page(explained, row, model, folder):
    """Write the page of one image.

    Parameters
    ----------
    explained : ExplainedImage
        Explanation of the image's score, as from `featurex.bundle.Model.explain`.
    row : dict
        Row of the image in the table of `featurex.bundle.Model.predict`.
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
    write_page(folder / page, render_image(explained, row, model))
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
    return f"{Path(path).stem[:80]}-{digest[:8]}.html"


def render_image(explained, row, model):
    """Fill the page of one image.

    Parameters
    ----------
    explained : ExplainedImage
        Explanation of the image's score.
    row : dict
        Row of the image in the table of predictions.
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
        sentences=describe_image(explained, row),
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
            f"score of {name}": names.decimal(row[f"score_{index}"], 2)
            for index, name in enumerate(classes)
        }
    return {
        f"score of {classes[1]}": names.decimal(row["score"], 2),
        "threshold": names.decimal(manifest.threshold, 2),
        f"calibrated probability of {classes[1]}": names.percent(row["probability"], 0),
    }


def describe_image(explained, row):
    """Describe in words what moved the score, and what makes the image doubtful.

    Parameters
    ----------
    explained : ExplainedImage
        Explanation of the image's score.
    row : dict
        Row of the image in the table of predictions.

    Returns
    -------
    sentences : list of str
        One to three sentences.
    """
    sentences = [*_describe_regions(explained)]
    elsewhere = names.percent(1 - explained.inside, 0)
    sentences.append(f"{elsewhere} of what moved the score lies outside the lungs.")
    if row["flags"]:
        flags = row["flags"].replace("_", " ")
        sentences.insert(0, f"Check the image first, since the model flags it: {flags}.")
    return sentences


def _describe_regions(explained):
    """Yield a sentence on the regions of lungs and heart that moved the score most, if any did."""
    regions = explained.regions
    regions = regions[(regions["share"] > 0) & (regions["name"] != OUTSIDE)]
    if regions.empty:
        return
    target, parts = explained.target, []
    highest = regions.loc[regions["contribution"].idxmax()]
    lowest = regions.loc[regions["contribution"].idxmin()]
    if highest["contribution"] > 0:
        parts.append(f"the {_describe_region(highest)} raised the score of {target} most")
    if lowest["contribution"] < 0:
        score = "it" if parts else f"the score of {target}"
        parts.append(f"the {_describe_region(lowest)} lowered {score} most")
    if parts:
        yield names.sentence(", and ".join(parts))


def _describe_region(region):
    brightness = region["brightness"]
    if abs(brightness) < _NOTABLE:
        return region["name"]
    how = "much " if abs(brightness) >= _STRONG else ""
    return f"{region['name']} ({how}{'brighter' if brightness > 0 else 'darker'} than usual)"


def _name_model(model):
    return f"{model.manifest.key}, made {model.manifest.created[:10]}"

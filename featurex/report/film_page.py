"""The page of one film: what raised and what lowered its score; and the list of several."""

import hashlib
from pathlib import Path

import numpy as np

import featurex
from featurex.explanation import OUTSIDE, draw_overlay
from featurex.files import replacing
from featurex.report import names
from featurex.report.pictures import embed_jpeg
from featurex.report.shell import fill

# Side of a picture, pixels.
_SIDE = 360
# Columns that the page lists.
STRONGEST = 10
# Standard deviations of brightness that are worth a word, and a strong word.
_NOTABLE, _STRONG = 0.5, 1.5
# Standard deviations at which the brightness picture is fully coloured.
_LIMIT = 3.0


def write_film_page(film, row, model, folder):
    """Write the page of one film.

    Parameters
    ----------
    film : Film
        As from `featurex.bundle.Model.explain`.
    row : dict
        Of the film in the table of `featurex.bundle.Model.predict`.
    model : Model
    folder : pathlib.Path

    Returns
    -------
    summary : dict
        What the list of films says of it.
    """
    name = page_name(film.path)
    _write(folder / name, render_film(film, row, model))
    return {
        "path": film.path,
        "page": name,
        "score": film.score,
        "inside": film.inside,
        **_kept(row),
    }


def write_film_list(summaries, left_out, model, folder):
    """Write index.html, which leads to the pages of all films.

    Parameters
    ----------
    summaries : list of dict
        As from `write_film_page`.
    left_out : list of dict
        path, reason and detail of files that could not be used.
    model : Model
    folder : pathlib.Path

    Returns
    -------
    path : pathlib.Path
    """
    films = sorted(summaries, key=lambda summary: -summary["score"])
    values = {"title": _title(model), "films": films, "left_out": left_out}
    _write(folder / "index.html", fill("films.html", featurex.__version__, **values))
    return folder / "index.html"


def page_name(path):
    """The file name of a film's page: that of the film, with a digest of its path so that no two
    are alike.
    """
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{Path(path).stem[:80]}-{digest[:8]}.html"


def render_film(film, row, model):
    """The page of one film: str."""
    return fill(
        "film.html",
        featurex.__version__,
        film=film,
        row=row,
        model=model.manifest,
        title=_title(model),
        sentences=describe_film(film, row, model.manifest),
        **{name: embed_jpeg(picture) for name, picture in _draw(film).items()},
        columns=film.columns.head(STRONGEST).to_dict("records"),
        families=film.columns.groupby("family", sort=False)["contribution"].sum().to_dict(),
        regions=film.regions[film.regions["share"] > 0].to_dict("records"),
        start=1 / (1 + np.exp(-film.base)),
    )


def _draw(film):
    """The four pictures of a page, red, green, blue."""
    nothing = np.zeros_like(film.heat)
    unusual = film.unusual * (np.abs(film.unusual) > _NOTABLE)
    return {
        "original": draw_overlay(film.original, nothing, nothing.astype(np.uint8), _SIDE),
        "prepared": draw_overlay(film.prepared, nothing, film.labels, _SIDE),
        "heat": draw_overlay(film.prepared, film.heat, film.labels, _SIDE),
        "unusual": draw_overlay(film.prepared, unusual, film.labels, _SIDE, _LIMIT),
    }


def describe_film(film, row, manifest):
    """What the model says and why, in words: list of two sentences, or three.

    Parameters
    ----------
    film : Film
    row : dict
        Of the film in the table of `Model.predict`.
    manifest : dict
        Of the model.

    Returns
    -------
    sentences : list of str
    """
    score = names.decimal(film.score, 2)
    threshold = manifest["threshold"]
    if threshold is None:
        said = (
            f"Of {names.listing(manifest['classes'])} it takes {film.target}, with a score of "
            f"{score}."
        )
    else:
        side = "at or above" if film.score >= threshold else "below"
        frozen = names.decimal(threshold, 2)
        said = (
            f"The score of {score} is {side} the frozen threshold of {frozen}: {row['decision']}."
        )
    sentences = [said, _strongest(film)]
    if row["flags"]:
        sentences.append(
            f"Look at the film itself before all else: {row['flags'].replace('_', ' ')}."
        )
    return sentences


def _strongest(film):
    """Which region of lungs or heart moved the score most, what it looks like there, and how much
    lies elsewhere.
    """
    table = film.regions[(film.regions["share"] > 0) & (film.regions["name"] != OUTSIDE)]
    parts = []
    if len(table):
        up, down = (
            table.loc[table["contribution"].idxmax()],
            table.loc[table["contribution"].idxmin()],
        )
        if up["contribution"] > 0:
            parts.append(f"what spoke most for {film.target} is {_place(up)}")
        if down["contribution"] < 0:
            parts.append(
                f"what spoke most against {'it' if parts else film.target} is {_place(down)}"
            )
    elsewhere = f"{names.percent(1 - film.inside, 0)} of all that counted lies outside the lungs"
    return names.sentence("; ".join([*parts, elsewhere]))


def _place(region):
    brightness = region["brightness"]
    if abs(brightness) < _NOTABLE:
        return f"the {region['name']}, about as bright as usual"
    how = "much " if abs(brightness) >= _STRONG else ""
    return f"the {region['name']}, {how}{'whiter' if brightness > 0 else 'darker'} than usual"


def _kept(row):
    return {name: row[name] for name in ("decision", "flags")}


def _title(model):
    return f"{model.manifest['key']}, made {model.manifest['created'][:10]}"


def _write(path, page):
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")

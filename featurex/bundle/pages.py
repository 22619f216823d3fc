"""A page for every image that a model has scored."""

import functools
import json

import joblib
import numpy as np

from featurex.bundle.explained import explain_image
from featurex.bundle.withheld import explain_withheld
from featurex.files import check_writable
from featurex.report import write_image_list, write_image_page

_SUMMARY = "summary"


def write_pages(model, rows, folder, engine):
    """Write a page for each image, with what raised and lowered its score, and index.html that
    lists them.

    Parameters
    ----------
    model : Model
        The model that made the rows.
    rows : list of dict
        As from `Model.predict_rows`; files that could not be used are listed with their reason.
    folder : str or path-like
        Folder of the pages, which is made if it does not exist.
    engine : Engine
        Makes them.

    Returns
    -------
    path : pathlib.Path
        The path of index.html.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    folder = check_writable(folder)
    usable = [row for row in rows if not row["reason"]]
    left_out = [row for row in rows if row["reason"]]
    if not usable:
        return write_image_list([], left_out, model, folder)
    known = {row["path"]: row for row in usable}
    compute = functools.partial(_write_some, model, known, folder)
    identity = {"model": joblib.hash((model.manifest, model.scoring)), "pages": str(folder)}
    size = model.scoring.first.size
    with engine.work(list(known), compute, identity, "Explaining", size) as films:
        summaries = [json.loads(summary) for summary in films.column(_SUMMARY)[:]]
        # They could be read a moment ago, when they were scored.
        left_out += [
            {"path": error.path, "reason": error.reason, "detail": error.detail}
            for error in films.errors
        ]
        return write_image_list(summaries, left_out, model, folder)


def _write_some(model, rows, folder, paths, images):
    """Write the pages of a few images: their lines in the list, as JSON."""
    summaries = []
    for path, image in zip(paths, images, strict=True):
        explained, row = explain_image(model, str(path), image), rows[path]
        withheld = explain_withheld(row, model.manifest)
        summaries.append(write_image_page(explained, row, withheld, model, folder))
    return {_SUMMARY: np.array([json.dumps(summary) for summary in summaries])}

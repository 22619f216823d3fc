"""A page for every image that a model has scored."""

import functools

from featurex.errors import ImageError
from featurex.files import check_writable
from featurex.parallel import chunks, run_jobs
from featurex.report import write_image_list, write_image_page

_CHUNK = 4


def write_pages(model, rows, folder, *, n_jobs=1, progress):
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
    n_jobs : int
        Number of processes.
    progress : Progress
        Is told how far the explaining is.

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
    parts = [usable[part] for part in chunks(len(usable), _CHUNK)]
    job = functools.partial(_explain_part, model, folder)
    with progress.stage("Explaining", len(parts)) as advance:
        results, _ = run_jobs(job, parts, n_jobs, advance, processes=len(parts) > n_jobs)
    summaries = [summary for part, _ in results for summary in part]
    left_out += [row for _, part in results for row in part]
    return write_image_list(summaries, left_out, model, folder)


def _explain_part(model, folder, rows):
    summaries, left_out = [], []
    for row in rows:
        try:
            summaries.append(write_image_page(model.explain(row["path"]), row, model, folder))
        except ImageError as error:
            # It could be read a moment ago, when it was scored.
            left_out.append({"path": error.path, "reason": error.reason, "detail": error.detail})
    return summaries, left_out

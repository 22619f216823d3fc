"""``featurex predict``: a saved model on new images."""

import click

from featurex.cli._options import jobs_option, mask_options, plugin_option
from featurex.cli._output import echo

# Rows that a terminal shows; --out has all.
MAX_ROWS = 40
_NUMBERS = ("score", "probability")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--out",
    type=click.Path(dir_okay=False),
    help="Write the table: .csv, or .jsonl for JSON lines.",
)
@click.option(
    "--explain",
    type=click.Path(file_okay=False),
    help="Folder for a page about each image: what raised and what lowered its score.",
)
@click.option(
    "--labels",
    "labelled",
    is_flag=True,
    help="PATHS are one labelled data set: tell what the decisions on it are worth, too.",
)
@mask_options
@plugin_option
@jobs_option
def predict(paths, source, out, explain, labelled, jobs):
    """Score the radiographs in PATHS: files, or folders of them. RESEARCH USE ONLY, not a
    diagnosis.

    The first of PATHS may be a model: a .featurex file, or the folder of a finished benchmark.
    Otherwise the model that comes with featurex is used, which was fitted to children's
    radiographs (see docs/models.md).

    A model of a benchmark with masks needs a mask of each image, too: --masks FOLDER. Which value
    of a mask is inside is what the model was fitted to, unless --mask-label says otherwise.

    With --labels the images are a folder of each class, or a list with labels, as for featurex
    benchmark; --out scores.csv then also writes scores.external.csv, a row as in a run's
    external.csv.

    Exit code: 0, or 3 if files could not be used.
    """
    from pathlib import Path

    from featurex.bundle import load_model
    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._console import ConsoleProgress, make_console
    from featurex.errors import ParameterError

    first = Path(paths[0])
    named = first.suffix == ".featurex" or (first / "model.featurex").is_file()
    if out is not None and Path(out).suffix not in (".csv", ".jsonl"):
        raise ParameterError(f"--out must be a .csv or .jsonl file, but {out} was given")
    if named and len(paths) == 1:
        raise ParameterError(f"{first} is a model; name files or folders of radiographs after it")
    model = load_model(first if named else None)
    progress = ConsoleProgress(make_console())
    if model.masked and source.masks and not source.mask_labels:
        source = source._replace(mask_labels=model.manifest.mask_labels)
    if labelled:
        rows = _score_labelled(model, paths[named:], source, out, jobs, progress)
    else:
        files = _list_files(paths[named:], source, progress)
        rows = model.predict_rows(files, n_jobs=jobs, progress=progress)
    if out is not None:
        _write(rows, Path(out))
    make_console(stderr=False).print(_table(rows[:MAX_ROWS], model, len(rows)))
    if explain is not None:
        # Late: what draws pages takes a second to import.
        from featurex.bundle.pages import write_pages
        from featurex.parallel import count_jobs

        echo(
            f"Explained: "
            f"{write_pages(model, rows, explain, n_jobs=count_jobs(jobs), progress=progress)}"
        )
    return FILES_SET_ASIDE if any(row["reason"] for row in rows) else 0


def _score_labelled(model, paths, source, out, jobs, progress):
    """Score a labelled data set; print and write what the decisions are worth."""
    from dataclasses import asdict
    from pathlib import Path

    # Late: what knows data sets and measures loads pandas, for which a file would wait.
    from featurex.bundle.labelled import score_labelled
    from featurex.cli._console import make_console
    from featurex.errors import ParameterError
    from featurex.report.terminal import measures_table

    if len(paths) != 1:
        raise ParameterError(
            f"--labels needs one data set, a folder of each class or a list, but {len(paths)} "
            "paths were given"
        )
    dataset = source.load(paths, progress)
    labelled = score_labelled(model, dataset, n_jobs=jobs, progress=progress)
    if out is not None:
        _write([asdict(labelled.measures)], Path(out).with_suffix(".external.csv"))
    make_console(stderr=False).print(measures_table(labelled.measures))
    return labelled.rows


def _list_files(paths, source, progress):
    from pathlib import Path

    if source.given:
        from featurex.datasets import image_paths

        return list(image_paths(source.load(paths, progress, labelled=False).table))
    if not any(Path(path).is_dir() for path in paths):
        return list(dict.fromkeys(paths))
    # Late: what knows folders of data sets loads pandas, for which a file would wait.
    from featurex.datasets import list_files

    return list_files(paths)


def _write(rows, path):
    import csv
    import json

    from featurex.files import replacing

    # What could not be scored has no numbers.
    rows = [
        {name: None if value != value else value for name, value in row.items()} for row in rows
    ]
    with replacing(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
        else:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _table(rows, model, total):
    from math import nan
    from pathlib import Path

    from rich.table import Table
    from rich.text import Text

    caption = (
        f"{len(rows)} of {total} images by {model.manifest.key}. Research use only, not a "
        f"diagnosis."
    )
    table = Table("file", "score", "probability", "decision", "look again", caption=caption)
    for row in rows:
        numbers = [
            f"{row[name]:.3f}" if row.get(name, nan) == row.get(name) else "" for name in _NUMBERS
        ]
        cells = [Path(row["path"]).name, *numbers, row["decision"], row["reason"] or row["flags"]]
        table.add_row(*map(Text, cells))
    return table

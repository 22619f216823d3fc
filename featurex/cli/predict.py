"""``featurex predict``: a saved model on new images."""

import itertools
import math

import click

from featurex.cli._options import (
    cluster_option,
    jobs_option,
    mask_options,
    plugin_option,
    progress_options,
    restart_option,
    strict_option,
)
from featurex.cli._output import echo

# Rows that a terminal shows; --out has all.
MAX_ROWS = 40
# Fewer pages than this are not worth the start of processes.
_FEW_PAGES = 16
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
@click.option(
    "--adapt",
    type=click.Choice(["site"]),
    help="Standardise columns within PATHS, taken for images of one hospital (20 or more).",
)
@mask_options
@plugin_option
@click.option(
    "--allow",
    multiple=True,
    metavar="package.module.Name",
    help="Let the model use this class, which is not featurex's and is imported; may be repeated.",
)
@jobs_option
@cluster_option
@restart_option
@strict_option
@progress_options
def predict(
    paths, source, out, explain, labelled, adapt, allow, jobs, cluster, restart, strict, progress
):
    """Score the radiographs in PATHS: files, or folders of them. RESEARCH USE ONLY, not a
    diagnosis.

    The first of PATHS may be a model: a .featurex file, or the folder of a finished benchmark.
    Otherwise the model that comes with featurex is used, which was fitted to children's
    radiographs (see docs/models.md).

    A model of a benchmark with masks needs a mask of each image, too: --masks FOLDER. Which value
    of a mask is inside is what the model was fitted to, unless --mask-label says otherwise.

    A model with classes that are not featurex's names them, and loads only where they are allowed:
    --allow package.module.Name, or --plugin FILE.py for those of a file.

    With --labels the images are a folder of each class, or a list with labels, as for featurex
    benchmark; --out scores.csv then also writes scores.external.csv, a row as in a run's
    external.csv.

    With --out, a run that was stopped goes on where it was when the same command is given again.

    With --adapt site the columns of all images are brought to mean and deviation of the training
    images; no label is needed. The score of an image then depends on the images beside it, and the
    table has a column adapt. See docs/elsewhere.md for what that is worth.

    Exit code: 0, or 3 if files could not be used.
    """
    from pathlib import Path

    from featurex.bundle import load_model
    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._console import make_console
    from featurex.cli._stopping import going_on
    from featurex.errors import ParameterError

    first = Path(paths[0])
    named = _is_model(first)
    if out is not None and Path(out).suffix not in (".csv", ".jsonl"):
        raise ParameterError(f"--out must be a .csv or .jsonl file, but {out} was given")
    if named and len(paths) == 1:
        raise ParameterError(f"{first} is a model; name files or folders of radiographs after it")
    if adapt is not None and explain is not None:
        raise ParameterError(
            "--explain tells what in an image raised its score, but with --adapt the score depends "
            "on the other images, too: use one of them"
        )
    model = load_model(first if named else None, allow=allow)
    if model.masked and source.masks and not source.mask_labels:
        source = source._replace(mask_labels=model.manifest.mask_labels)
    paths = paths[named:]
    options = {"n_jobs": jobs, "cluster": cluster, "restart": restart, "progress": progress}
    given, folder = {"adapt": adapt, "strict": strict}, None if out is None else f"{out}.parts"
    tally = _Tally(keep_all=explain is not None)
    with going_on("The same command goes on where this one was." if out else ""):
        if labelled:
            rows = _score_labelled(model, paths, source, out, folder, {**given, **options})
            _pass_on(tally.follow(rows), out)
        else:
            files = _list_files(paths, source, progress)
            with model.predict_each(files, folder=folder, **given, **options) as rows:
                _pass_on(tally.follow(rows), out)
    make_console(stderr=False).print(_table(tally.rows[:MAX_ROWS], model, tally.total))
    if explain is not None:
        # Late: what draws pages takes a second to import.
        from featurex.bundle.pages import write_pages
        from featurex.engine import Engine

        engine = Engine(Path(explain) / ".parts", few=_FEW_PAGES, **options)
        echo(f"Explained: {write_pages(model, tally.rows, explain, engine)}")
    return FILES_SET_ASIDE if tally.n_failed else 0


def _is_model(first):
    """Whether the first of the paths names a model; it may be meant as one that is not there."""
    from featurex.errors import ParameterError

    if not first.suffix and not first.exists():
        # Another model would score the images without a word.
        raise ParameterError(
            f"there is no {first}: the first of PATHS is the folder of a finished benchmark, a "
            ".featurex file, or radiographs"
        )
    return first.suffix == ".featurex" or (first / "model.featurex").is_file()


def _score_labelled(model, paths, source, out, folder, options):
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
    dataset = source.load(paths, options["progress"])
    labelled = score_labelled(model, dataset, folder=folder, **options)
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


class _Tally:
    """Counts rows as they pass, and keeps the first, or all."""

    def __init__(self, keep_all):
        self.rows, self.total, self.n_failed = [], 0, 0
        self._limit = math.inf if keep_all else MAX_ROWS

    def follow(self, rows):
        """Yield the rows."""
        for row in rows:
            if self.total < self._limit:
                self.rows.append(row)
            self.total += 1
            self.n_failed += row["reason"] != ""
            yield row


def _pass_on(rows, out):
    """Take every row, into a file where one is named."""
    from pathlib import Path

    if out is not None:
        _write(rows, Path(out))
    for _ in rows:
        pass


def _write(rows, path):
    """Write rows as they come; not all are in memory."""
    import csv
    import json

    from featurex.files import replacing

    rows = iter(rows)
    first = next(rows)
    with replacing(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(first), lineterminator="\n")
        if path.suffix == ".csv":
            table.writeheader()
        for row in itertools.chain([first], rows):
            # What could not be scored has no numbers.
            row = {name: None if value != value else value for name, value in row.items()}
            if path.suffix == ".csv":
                table.writerow(row)
            else:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


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

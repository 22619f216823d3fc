"""``featurex predict``: a saved model on new images."""

import click

from featurex.cli._options import jobs_option

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
@jobs_option
def predict(paths, out, explain, jobs):
    """Score the radiographs in PATHS: files, or folders of them. RESEARCH USE ONLY, not a
    diagnosis.

    The first of PATHS may be a model: a .featurex file, or the folder of a finished benchmark.
    Otherwise the model that comes with featurex is used, which was fitted to children's
    radiographs (see docs/models.md).

    Exit code: 0, or 3 if files could not be used.
    """
    from pathlib import Path

    from rich.console import Console

    from featurex.bundle import load_model
    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._console import ConsoleProgress, make_console
    from featurex.datasets import list_files
    from featurex.errors import ParameterError
    from featurex.parallel import count_jobs

    first = Path(paths[0])
    named = first.suffix == ".featurex" or (first / "model.featurex").is_file()
    if out is not None and Path(out).suffix not in (".csv", ".jsonl"):
        raise ParameterError(f"--out must be a .csv or .jsonl file, but {out} was given")
    if named and len(paths) == 1:
        raise ParameterError(f"{first} is a model; name files or folders of radiographs after it")
    model = load_model(first if named else None)
    progress = ConsoleProgress(make_console())
    table = model.predict(list_files(paths[named:]), n_jobs=jobs, progress=progress)
    if out is not None:
        _write(table, Path(out))
    Console().print(_table(table.head(MAX_ROWS), model, len(table)))
    if explain is not None:
        # Late: what draws pages takes a second to import.
        from featurex.bundle.pages import write_pages

        click.echo(
            f"Explained: "
            f"{write_pages(model, table, explain, n_jobs=count_jobs(jobs), progress=progress)}"
        )
    return FILES_SET_ASIDE if (table["reason"] != "").any() else 0


def _write(table, path):
    from featurex.files import replacing

    with replacing(path) as temporary:
        if path.suffix == ".csv":
            table.to_csv(temporary, index=False)
        else:
            table.to_json(temporary, orient="records", lines=True, force_ascii=False)


def _table(rows, model, total):
    from pathlib import Path

    from rich.table import Table
    from rich.text import Text

    caption = (
        f"{len(rows)} of {total} images by {model.manifest.key}. Research use only, not a "
        f"diagnosis."
    )
    table = Table("file", "score", "probability", "decision", "look again", caption=caption)
    for row in rows.to_dict("records"):
        numbers = [
            "" if row.get(name) is None or row[name] != row[name] else f"{row[name]:.3f}"
            for name in _NUMBERS
        ]
        cells = [Path(row["path"]).name, *numbers, row["decision"], row["reason"] or row["flags"]]
        table.add_row(*map(Text, cells))
    return table

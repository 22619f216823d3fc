"""``featurex extract``: from a folder of radiographs to a table of features."""

import click


@click.command()
@click.argument("data")
@click.option("--out", type=click.Path(), required=True, help="The table to write: a .parquet file.")
@click.option("--input", "name", default="aligned", show_default=True, help="The input to extract from.")
@click.option("--config", type=click.Path(), help="A YAML file of constructor arguments; see configs/.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Set one parameter, as features.glcm.levels=64. May be repeated.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Images to work on at once. [default: all cores]")
def extract(data, out, name, config, settings, jobs):
    """Extract the features of every radiograph in DATA into one Parquet table.

    Exit code: 0, or 3 if files had to be set aside (see the .errors.csv beside the table).
    """
    from pathlib import Path

    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._console import ConsoleProgress, make_console, print_set_aside
    from featurex.config import make_chain, read_configuration
    from featurex.datasets import load_dataset
    from featurex.errors import ParameterError
    from featurex.files import check_writable, replacing
    from featurex.table import extract as extract_table

    out = Path(out)
    if out.suffix != ".parquet":
        raise ParameterError(f"--out must be a .parquet file, but {out} was given")
    check_writable(out.parent)
    console = make_console()
    progress = ConsoleProgress(console)
    chain = make_chain(read_configuration(config, settings), name)
    dataset = load_dataset(data)
    progress.found(dataset.describe())
    table = extract_table(dataset, chain, n_jobs=jobs, progress=progress)
    table.write(out)
    errors = out.with_suffix(".errors.csv")
    with replacing(errors) as temporary:
        table.errors.to_csv(temporary, index=False)
    print_set_aside(console, table.errors, errors)
    click.echo(f"{len(table.frame)} images, {len(table.columns)} features: {out}")
    return FILES_SET_ASIDE if len(table.errors) else 0

"""``featurex fetch``: public data sets by name."""

import click

from featurex.cli._options import progress_options
from featurex.cli._output import echo


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--to", "folder", type=click.Path(), default="data", show_default=True, help="Where to put it."
)
@progress_options
def fetch(name, folder, progress):
    """Download a public data set: kermany (1.2 GB), or pneumoniamnist[-64|-128|-224].

    A download that breaks off is continued by the same command.
    """
    from featurex.datasets import load_dataset
    from featurex.datasets.fetch import fetch as fetch_dataset

    path = fetch_dataset(name, folder, progress=progress)
    progress.say(load_dataset(path).describe())
    echo(path)

"""``featurex fetch``: public data sets by name."""

import click

from featurex.cli._output import echo


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--to", "folder", type=click.Path(), default="data", show_default=True, help="Where to put it."
)
def fetch(name, folder):
    """Download a public data set: kermany (1.2 GB), or pneumoniamnist[-64|-128|-224].

    A download that breaks off is continued by the same command.
    """
    from featurex.cli._console import ConsoleProgress, make_console
    from featurex.datasets import load_dataset
    from featurex.datasets.fetch import fetch as fetch_dataset

    progress = ConsoleProgress(make_console())
    path = fetch_dataset(name, folder, progress=progress)
    progress.say(load_dataset(path).describe())
    echo(path)

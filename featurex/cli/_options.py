"""Options that several commands share: each is described once."""

import functools
from typing import NamedTuple

import click

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="How many images to work on at once. [default: all cores]",
)

config_option = click.option(
    "--config",
    metavar="FILE|NAME",
    help="Constructor arguments in a YAML file, or a configuration of featurex, as quick.",
)

set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Set one parameter, as features.glcm.levels=64; may be repeated.",
)


class Source(NamedTuple):
    """What the options of a command say about its data.

    Parameters
    ----------
    list : str or None
        The list of images, where --list names one.
    columns : dict of str to str
        Its names of columns.
    root : str or None
        The folder from which its relative paths are taken.
    """

    list: str | None
    columns: dict
    root: str | None

    def load(self, paths, progress, labelled=True):
        """Load the data set, and say what was taken, assumed and left out.

        Parameters
        ----------
        paths : sequence of str
            The command's arguments.
        progress : Progress
            Is told.
        labelled : bool
            Whether labels are needed; see `load_dataset`.

        Returns
        -------
        dataset : Dataset
        """
        from featurex.datasets import load_dataset

        if bool(paths) == (self.list is not None):
            raise click.UsageError("name DATA, or a list with --list, and not both")
        given = [self.list] if self.list else list(paths)
        dataset = load_dataset(given, columns=self.columns, root=self.root, labelled=labelled)
        progress.say(dataset.describe())
        for note in dataset.notes:
            progress.say(f"  {note}")
        return dataset


def list_options(command):
    """Add --list, --columns and --root, which the command gets as one argument, `source`."""

    @click.option(
        "--list",
        "listed",
        metavar="FILE",
        type=click.Path(),
        help=(
            "The images as a list: .csv, .tsv, .xlsx, .parquet with a header, or .txt with a path "
            "in each line."
        ),
    )
    @click.option(
        "--columns",
        metavar="NAME=COLUMN,...",
        callback=_read_columns,
        help="What the list calls its columns, as path=image_file,label=finding,patient=pid.",
    )
    @click.option(
        "--root",
        metavar="FOLDER",
        type=click.Path(),
        help="The folder from which the list's relative paths are taken. [default: the list's]",
    )
    @functools.wraps(command)
    def with_source(*arguments, listed, columns, root, **options):
        return command(*arguments, source=Source(listed, columns, root), **options)

    return with_source


def _read_columns(context, option, text):
    """Read "path=image_file,label=finding"; a column may hold spaces, and no comma."""
    columns = {}
    for part in (text or "").split(","):
        name, equals, column = (word.strip() for word in part.partition("="))
        if text and not (name and equals and column):
            raise click.BadParameter(
                f"give NAME=COLUMN, separated by commas, as path=image_file,label=finding, but "
                f"{part!r} was given"
            )
        if text:
            columns[name] = column
    return columns


def split_named(option, text):
    """Split "NAME=PATH" of an option that names what it is given.

    Parameters
    ----------
    option : str
        As the user types it, as "--external".
    text : str
        What was given.

    Returns
    -------
    name, path : str

    Raises
    ------
    ParameterError
        If one of them is missing.
    """
    from featurex.errors import ParameterError

    name, equals, path = text.partition("=")
    if not (equals and name and path):
        raise ParameterError(
            f"{option} must be of the form NAME=PATH, as other=elsewhere/, but {text!r} was given"
        )
    return name, path

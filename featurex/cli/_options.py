"""Options that several commands share: each is described once."""

import functools
from typing import NamedTuple

import click

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="How many images to work on at once. [default: all cores]",
)

cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Work on a Dask cluster: the scheduler's address, or local.",
)

restart_option = click.option(
    "--restart",
    is_flag=True,
    help="Begin again where what another run left unfinished is in the way.",
)

strict_option = click.option(
    "--strict",
    is_flag=True,
    help="Set images aside whose bytes were changed, as far as a second decoding tells.",
)

config_option = click.option(
    "--config",
    metavar="FILE|NAME",
    help=(
        "Constructor arguments in a YAML file, the run.json of a run to repeat, or a configuration "
        "of featurex, as quick; featurex configs lists them."
    ),
)

set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Set one parameter, as features.glcm.levels=64; may be repeated.",
)


def _load_plugins(context, option, sources):
    from featurex.plugins import load_plugin

    for source in sources:
        load_plugin(source)


plugin_option = click.option(
    "--plugin",
    metavar="FILE.py",
    multiple=True,
    expose_value=False,
    callback=_load_plugins,
    help="Import a file of your own, whose classes a configuration or a model may then name.",
)

task_option = click.option(
    "--task",
    metavar="NAME|MAPPING",
    help=(
        "The question: pneumonia, etiology, three-class, or a mapping as '{positive: TB}'; see "
        "docs/data.md. [default: from the labels]"
    ),
)

# What --masks takes to leave out the masks that a list names.
NO_MASKS = "none"


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
    masks : str or None
        The folder of masks; "none" leaves masks out that the list names.
    mask_labels : tuple of int or "any"
        Which values of masks count.
    """

    list: str | None
    columns: dict
    root: str | None
    masks: str | None
    mask_labels: tuple

    @property
    def given(self):
        """Whether any option was used."""
        return any((self.list, self.columns, self.root, self.masks, self.mask_labels))

    def load(self, paths, progress, labelled=True, describe=True):
        """Load the data set, and say what was taken, assumed and left out.

        Parameters
        ----------
        paths : sequence of str
            The command's arguments.
        progress : Progress
            Is told.
        labelled : bool
            Whether labels are needed; see `load_dataset`.
        describe : bool
            Whether to say how many images there are; a benchmark does so itself.

        Returns
        -------
        dataset : Dataset
        """
        from featurex.datasets import load_dataset

        self.check(paths)
        given = [self.list] if self.list else list(paths)
        dataset = load_dataset(given, columns=self.columns, root=self.root, labelled=labelled)
        dataset = self._mask(dataset, progress)
        if describe:
            progress.say(dataset.describe())
        for note in dataset.notes:
            progress.say(f"  {note}")
        return dataset

    def check(self, paths):
        """Refuse data that are named twice, or not at all.

        Parameters
        ----------
        paths : sequence of str
            The command's arguments.
        """
        if paths and self.list is not None:
            raise click.UsageError("name DATA, or a list with --list, and not both")
        if not paths and self.list is None:
            raise click.UsageError("name DATA, as a folder of radiographs, or a list with --list")

    def _mask(self, dataset, progress):
        from featurex.datasets import add_masks
        from featurex.images.mask import ANY_LABEL

        named = "mask" in dataset.table and (dataset.table["mask"] != "").any()
        if self.masks == NO_MASKS or (self.masks is None and not named):
            if self.mask_labels:
                raise click.UsageError("--mask-label needs masks: name their folder with --masks")
            return dataset
        if self.masks is None:
            progress.say("masks: the column mask of the list; every pixel counts with --masks none")
        labels = [label if label == ANY_LABEL else int(label) for label in self.mask_labels]
        return add_masks(dataset, self.masks, labels)


_NOTHING = Source(None, {}, None, NO_MASKS, ())


def source_options(command):
    """Add --list, --columns, --root, --masks and --mask-label, which the command gets as one
    argument, `source`.
    """
    return list_options(mask_options(command))


def mask_options(command):
    """Add --masks and --mask-label, which the command gets as `source`, or as part of it."""

    @click.option(
        "--masks",
        metavar="FOLDER",
        type=click.Path(),
        help=(
            "Masks, called as their images (a.png or a_mask.png): only pixels inside count. A "
            "column mask of the list does the same; none leaves it out."
        ),
    )
    @click.option(
        "--mask-label",
        "mask_labels",
        metavar="N|any",
        multiple=True,
        callback=_read_labels,
        help="The value of the mask that is inside; given several times, a row for each.",
    )
    @functools.wraps(command)
    def with_masks(*arguments, masks, mask_labels, source=_NOTHING, **options):
        source = source._replace(masks=masks, mask_labels=mask_labels)
        return command(*arguments, source=source, **options)

    return with_masks


def list_options(command):
    """Add --list, --columns and --root alone, which the command gets as `source`."""

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
    def with_list(*arguments, listed, columns, root, **options):
        source = Source(listed, columns, root, NO_MASKS, ())
        return command(*arguments, source=source, **options)

    return with_list


def read_label(context, option, label):
    """Read the one value of a mask that is inside: int, "any" or None."""
    if label is None:
        return None
    (label,) = _read_labels(context, option, (label,))
    return label if label == "any" else int(label)


def _read_labels(context, option, labels):
    for label in labels:
        if label != "any" and not (label.isdecimal() and int(label) > 0):
            raise click.BadParameter(f"give a number from 1, or any, but {label!r} was given")
    return labels


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


def progress_options(command):
    """Add --quiet, --verbose and --log-json, which the command gets as one argument, `progress`."""

    @click.option("--quiet", is_flag=True, help="Print results alone, and what was set aside.")
    @click.option("--verbose", is_flag=True, help="A line for each stage and compiled kernel, too.")
    @click.option("--log-json", is_flag=True, help="Progress as JSON lines on standard error.")
    @functools.wraps(command)
    def with_progress(*arguments, quiet, verbose, log_json, **options):
        if quiet + verbose + log_json > 1:
            raise click.UsageError("give one of --quiet, --verbose and --log-json")
        # Late: what draws bars takes a tenth of a second to import.
        from featurex.cli._progress import choose_progress

        progress = choose_progress(quiet, verbose, log_json)
        return command(*arguments, progress=progress, **options)

    return with_progress

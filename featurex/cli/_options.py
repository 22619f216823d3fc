"""Options that several commands share: each is described once."""

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

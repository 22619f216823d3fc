"""``featurex configs``: the configurations that come along."""

import click


@click.command()
@click.argument("name", required=False)
def configs(name):
    """List the configurations that --config takes by name, or print the one called NAME, to copy
    and change.
    """
    from featurex.cli._console import make_console
    from featurex.config import find_configuration, list_configurations

    console = make_console(stderr=False)
    if name is not None:
        text = find_configuration(name).read_text(encoding="utf-8")
        console.print(text, end="", markup=False, highlight=False, soft_wrap=True)
        return
    for known, purpose in list_configurations().items():
        console.print(f"{known:<14} {purpose}", markup=False, highlight=False, soft_wrap=True)
    console.print('One in full: "featurex configs NAME"', highlight=False)

"""``featurex features``: what the extractors compute, read from their classes."""

import click


@click.command()
@click.argument("family", required=False)
def features(family):
    """List the families of extractors, or one FAMILY: columns, formulas, sources, defaults."""
    import inspect

    from featurex.checks import check_choice
    from featurex.cli._console import make_console
    from featurex.features import EXTRACTORS

    console = make_console(stderr=False)
    if family is None:
        console.print(_overview(EXTRACTORS))
        console.print('One family in full: "featurex features FAMILY"', highlight=False)
        return
    extractor = EXTRACTORS[check_choice("family", family, tuple(EXTRACTORS))]
    console.print(inspect.cleandoc(extractor.__doc__), markup=False, highlight=False)
    console.print()
    console.print(_statistics(extractor))
    console.print(_columns(extractor), markup=False, highlight=False, soft_wrap=True)


def _overview(extractors):
    from rich.table import Table

    table = Table(
        "family",
        "class",
        "columns",
        "what it is",
        title="Families of extractors (defaults, 224 px)",
    )
    for family, extractor in extractors.items():
        summary = extractor.__doc__.strip().splitlines()[0]
        table.add_row(family, extractor.__name__, str(len(_names(extractor))), summary)
    return table


def _statistics(extractor):
    from rich.table import Table
    from rich.text import Text

    table = Table("statistic", "formula", "source", title=f"{extractor.__name__}: statistics")
    for statistic in extractor.statistics:
        table.add_row(statistic.name, Text(statistic.formula), Text(statistic.source))
    return table


def _columns(extractor):
    names = _names(extractor)
    shown = names if len(names) <= 12 else [*names[:8], "...", *names[-3:]]
    return f"{len(names)} columns with defaults at 224 px: " + ", ".join(shown)


def _names(extractor):
    import numpy as np

    return list(extractor().fit(np.zeros((1, 224, 224), np.uint8)).get_feature_names_out())

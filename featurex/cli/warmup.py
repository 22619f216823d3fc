"""``featurex warmup``: compile the kernels now."""

import click

from featurex.cli._output import echo


@click.command()
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
def warmup(families):
    """Compile the kernels of the FAMILIES, or of all, and keep them on disk: no later run waits for
    them.
    """
    import time

    import numpy as np

    from featurex.checks import check_choice
    from featurex.features import EXTRACTORS

    image = np.add.outer(np.arange(96), np.arange(96)).astype(np.uint8)
    region = np.ma.masked_array(image, image > 150)
    for family in families or EXTRACTORS:
        extractor = EXTRACTORS[check_choice("FAMILY", family, tuple(EXTRACTORS))]()
        start = time.perf_counter()
        extractor.fit_transform([image, region] if extractor.takes_region else [image])
        echo(f"{family}: ready in {time.perf_counter() - start:.1f} s")

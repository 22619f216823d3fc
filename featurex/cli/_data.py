"""The data of a command: a folder of the user's, or the phantom where none is named."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from featurex.datasets import load_dataset
from featurex.parallel import count_jobs
from featurex.phantom import write_phantom

PHANTOM_IMAGES = 300


@contextmanager
def open_data(data, source, seed, jobs, progress, labelled=True):
    """Load a data set; without data, make the phantom and remove it at the end.

    Parameters
    ----------
    data : str or None
        What `load_dataset` takes; None for the list of `source`, or else the phantom.
    source : featurex.cli._options.Source
        What the options say about the data.
    seed : int
        Seed of the phantom: "featurex phantom OUT --images 300 --seed SEED" writes the same files.
    jobs : int
        Images to draw at once; None means every core.
    progress : Progress
        Shows how far the drawing is.
    labelled : bool
        Whether images need labels; see `load_dataset`.

    Yields
    ------
    dataset : Dataset
    """
    if data is not None or source.given:
        yield source.load([data] if data is not None else [], progress, labelled, describe=False)
        return
    with tempfile.TemporaryDirectory(prefix="featurex-") as parent:
        folder = Path(parent) / "phantom"
        with progress.stage("Making the phantom", PHANTOM_IMAGES) as advance:
            write_phantom(folder, PHANTOM_IMAGES, seed, n_jobs=count_jobs(jobs), advance=advance)
        yield load_dataset(folder)

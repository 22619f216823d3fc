"""The data of a command: a folder of the user's, or the phantom where none is named."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from featurex.datasets import load_dataset
from featurex.parallel import count_jobs
from featurex.phantom import write_phantom

PHANTOM_IMAGES = 300


@contextmanager
def open_data(source, seed, jobs, progress):
    """Load a data set; without a source, make the phantom and remove it at the end.

    Parameters
    ----------
    source : str or None
        What `load_dataset` takes; None for the phantom.
    seed : int
        Seed of the phantom: "featurex phantom OUT --images 300 --seed SEED" writes the same files.
    jobs : int
        Images to draw at once; None means every core.
    progress : Progress
        Shows how far the drawing is.

    Yields
    ------
    dataset : Dataset
    """
    if source is not None:
        yield load_dataset(source)
        return
    with tempfile.TemporaryDirectory(prefix="featurex-") as parent:
        folder = Path(parent) / "phantom"
        with progress.stage("Making the phantom", PHANTOM_IMAGES) as advance:
            write_phantom(folder, PHANTOM_IMAGES, seed, n_jobs=count_jobs(jobs), advance=advance)
        yield load_dataset(folder)

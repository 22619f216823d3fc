"""The one way to work on many films: each is read once, all that is asked of it is computed, and
what was computed lies in parts on disk.

>>> import numpy as np
>>> from featurex.datasets import load_dataset
>>> from featurex.engine import Engine
>>> def measure(paths, images):
...     return {"mean": np.array([image.mean() for image in images])}
>>> paths = load_dataset("chest_xray").table["path"].tolist()
>>> with Engine(n_jobs=1).work(paths, measure, {"measure": "mean"}, "Measuring") as films:
...     print(films.column("mean").shape, films.errors)
(6,) []
"""

import functools
import operator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import numpy as np

import featurex
from featurex.engine.arrays import ArrayParts, Column
from featurex.engine.filling import FEW, fill_parts, make_workers
from featurex.engine.parts import open_parts, plan_files
from featurex.engine.reading import CHUNK, read_few
from featurex.errors import ImageError, ParameterError
from featurex.parallel import chunks, count_jobs
from featurex.progress import Progress

# Arrays of a part besides those that are computed: which of all films each row is; the films that
# were set aside, and which they are.
ROW, ERRORS, ERROR_ROW = "row", "errors", "error_row"
_DIED = "the process that worked on it died, whenever it was tried"


@dataclass(frozen=True)
class Engine:
    """Works on films: in the calling process, in others, or on a cluster.

    Parameters
    ----------
    folder : str, path-like or None
        Keeps what is finished until all is: a run that was stopped or killed goes on with the same
        folder. None for a temporary one.
    n_jobs : int or None
        Processes; None means every core.
    cluster : str or None
        Address of a Dask scheduler, or "local", to work there instead; its workers must see the
        films and `folder` under the same paths.
    restart : bool
        Whether to delete what `folder` holds of other work, instead of refusing.
    progress : Progress
        Shows how far the work is.
    few : int
        Fewer films than this are done in the calling process: processes take seconds to start.
    """

    folder: object = None
    n_jobs: int | None = None
    cluster: str | None = None
    restart: bool = False
    progress: Progress = field(default_factory=Progress)
    few: int = FEW

    @contextmanager
    def work(self, paths, compute, identity, title, size=None):
        """Compute something of every film, as far as that was not done before.

        Parameters
        ----------
        paths : sequence of str
            As for `featurex.images.read_image`.
        compute : callable (paths, images) -> dict of str to array
            Can be pickled. Gets a few films as they were read, and gives arrays with a row for
            each. Where it raises ParameterError or ImageError it gets one film after the other, and
            those of which it does so again are set aside.
        identity : dict of str to str
            What else decides the results, by names for people.
        title : str
            For the progress, as "Scoring".
        size : int or None
            To which `compute` resizes them, a hint for the decoder.

        Yields
        ------
        films : Films
            What was computed. When the context is left without an error, the folder is deleted.

        Raises
        ------
        ParameterError
            If a cluster, whose workers are processes elsewhere, shall work without a folder.
        DataError
            If the folder cannot be written, or another run works there, or it holds other work.
        """
        if self.cluster is not None and self.folder is None:
            raise ParameterError(
                "--cluster needs --out, beside which the workers leave what they have finished"
            )
        identity = {"version of featurex": featurex.__version__, **identity}
        plan = plan_files(paths, identity)
        with (
            open_parts(self.folder, identity, self.restart) as parts,
            closing(self._make_workers(len(paths))) as workers,
        ):
            with self.progress.stage(title, len(paths)) as advance:
                films = work_on_films(paths, plan, compute, parts, workers, advance, size=size)
            yield films
            parts.remove()

    def _make_workers(self, n_films):
        return make_workers(count_jobs(self.n_jobs), n_films, self.cluster, self.few)


def work_on_films(paths, plan, compute, parts, workers, advance, *, size=None, part_done=None):
    """Compute something of every film, with parts and workers that are there: see `Engine.work`.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    plan : list of Part
        Of these paths.
    compute : callable (paths, images) -> dict of str to array
        As in `Engine.work`.
    parts : ArrayParts
        Receives what is computed.
    workers : Inline, Processes or Cluster
        Who does it.
    advance : callable (rows, failed)
        Called after each part.
    size : int or None
        As in `Engine.work`.
    part_done : callable (Part) or None
        Called after each part, too, once it can be read.

    Returns
    -------
    films : Films
    """

    def items(part):
        # Not all paths, which take long to send.
        return list(enumerate(paths[part.start : part.stop], start=part.start))

    make = functools.partial(_make_part, compute, size)
    shapes = fill_parts(parts, plan, make, items, workers, advance, part_done)
    return Films(plan, parts, shapes)


@dataclass(frozen=True)
class Films:
    """What was computed of films; it stays on disk until it is asked for.

    Parameters
    ----------
    plan : list of Part
        The parts in which they were worked on.
    parts : ArrayParts
        Holds them.
    shapes : dict of int to dict of str to Shape
        What the parts hold.
    """

    plan: list
    parts: ArrayParts
    shapes: dict

    @functools.cached_property
    def kept(self):
        """Which of the paths could be used: int array."""
        return self.column(ROW)[:]

    @functools.cached_property
    def errors(self):
        """What was set aside: list of ImageError."""
        return [ImageError(*map(str, error)) for error in self.column(ERRORS)[:]]

    def column(self, name):
        """Return one array of all films that could be used, of which rows are read as they are
        asked for: Column.
        """
        return Column(self.parts, name, self.shapes)

    def each(self, *names):
        """Go through all films in order, a part at a time.

        Parameters
        ----------
        *names : str
            Of arrays.

        Yields
        ------
        row : int
            Which of the paths it is.
        values : tuple or ImageError
            Its row of each array, or why it was set aside.
        """
        for part in self.plan:
            known, read = self.shapes[part.start], functools.partial(self.parts.read, part.start)
            errors = zip(read(ERROR_ROW).tolist(), read(ERRORS).tolist(), strict=True)
            films = {row: ImageError(*error) for row, error in errors}
            # A part without films that could be used lacks the arrays.
            arrays = [read(name) for name in names if name in known]
            films.update(zip(read(ROW).tolist(), zip(*arrays, strict=True), strict=True))
            yield from sorted(films.items(), key=operator.itemgetter(0))


def compute_few(paths, compute, size=None):
    """Read a few films in this thread, and compute something of them.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    compute : callable (paths, images) -> dict of str to array
        As in `Engine.work`.
    size : int or None
        As in `Engine.work`.

    Returns
    -------
    kept : list of int
        Positions of the films that could be used.
    values : dict of str to array
        A row for each of those; empty where there is none.
    errors : list of ImageError
        Of the others, in order.
    """
    kept, images, errors = read_few(paths, size)
    if not images:
        return [], {}, errors
    try:
        return kept, compute([paths[position] for position in kept], images), errors
    except (ParameterError, ImageError):
        return _compute_singly(paths, compute, kept, images, errors)


def _compute_singly(paths, compute, kept, images, errors):
    """Where a few films fail together, one costs only itself."""
    failed = dict(zip(sorted(set(range(len(paths))) - set(kept)), errors, strict=True))
    computed = {}
    for position, image in zip(kept, images, strict=True):
        try:
            computed[position] = compute([paths[position]], [image])
        except ImageError as error:
            failed[position] = error
        except ParameterError as error:
            failed[position] = ImageError("UNUSABLE", paths[position], str(error))
    return list(computed), _join(list(computed.values())), [failed[key] for key in sorted(failed)]


def _make_part(compute, size, part, items, left_out):
    """Compute a part, but for the films left out: arrays by name."""
    failed = {row: ImageError("CRASHED", path, _DIED) for row, path in left_out}
    items = [item for item in items if item[0] not in failed]
    rows, pieces = [], []
    for some in chunks(len(items), CHUNK):
        used = [row for row, _ in items[some]]
        kept, values, errors = compute_few([path for _, path in items[some]], compute, size)
        rows += [used[position] for position in kept]
        pieces += [values] if kept else []
        failed.update(zip(sorted(set(used) - set(rows)), errors, strict=True))
    facts = [(error.reason, error.path, error.detail) for _, error in sorted(failed.items())]
    return {
        **_join(pieces),
        ROW: np.array(rows, np.int64),
        ERRORS: np.array(facts, str).reshape(-1, 3),
        ERROR_ROW: np.array(sorted(failed), np.int64),
    }


def _join(pieces):
    names = pieces[0] if pieces else ()
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in names}

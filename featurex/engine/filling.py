"""Parts of arrays are made by workers, as far as they are not there."""

import functools
from contextlib import ExitStack, closing

from featurex.engine.workers import CRASHED, Cluster, Inline, Processes, find_culprits
from featurex.errors import UnfinishedError
from featurex.parallel import replaced_workers

# Processes take seconds to start, in which as many films are done.
FEW = 200


def make_workers(n_jobs, n_rows, cluster=None, few=FEW):
    """Make workers on a cluster or in processes, or let the calling process do it where that is as
    fast.

    Parameters
    ----------
    n_jobs : int
        See `featurex.parallel.count_jobs`.
    n_rows : int
        To work on.
    cluster : str or None
        Address of a Dask scheduler, or "local"; see `Cluster`.
    few : int
        Fewer rows than this are left to the calling process.

    Returns
    -------
    workers : Inline, Processes or Cluster
        To be closed.
    """
    if cluster is not None:
        return Cluster(cluster, n_jobs)
    return Inline() if n_jobs == 1 or n_rows < few else Processes(n_jobs)


def fill_parts(parts, plan, make, items, workers, advance, part_done=None):
    """Make every part that is not there, or is damaged.

    Parameters
    ----------
    parts : ArrayParts
        Receives them.
    plan : list of Part
        All of them.
    make : callable (part, items, left_out) -> dict of str to array, which can be pickled
        Runs in a worker. An array "errors" has one row for each item that was set aside, as those
        in `left_out`, of which workers die.
    items : callable (Part) -> list
        What a worker must know of each row.
    workers : Inline, Processes or Cluster
        Who makes them.
    advance : callable (rows, failed)
        Called after each part.
    part_done : callable (Part) or None
        Called after each part, too, once it can be read.

    Returns
    -------
    shapes : dict of int to dict of str to Shape
        Of every part, by its first row.

    Raises
    ------
    UnfinishedError
        If workers die of a part, but of no item of it alone.

    Notes
    -----
    `Inline` workers take the calling process with them when they die. What is finished is kept, and
    the part that was being made is marked: the next run makes the parts that are left in a process
    of its own, where the item that is to blame is found.
    """
    shapes, left = {}, []

    def note(part, made):
        shapes[part.start] = made
        advance(part.stop - part.start, _count_errors(made))
        if part_done is not None:
            part_done(part)

    for part in plan:
        made = parts.check(part.start, part.stamp)
        if made is None:
            left.append(part)
        else:
            note(part, made)
    job = functools.partial(_make_part, parts, make)
    with replaced_workers(), ExitStack() as stack:
        if isinstance(workers, Inline) and any(parts.was_attempted(part.start) for part in left):
            workers = stack.enter_context(closing(Processes(1)))
        for (part, known, _), made in workers.run(job, ((part, items(part), ()) for part in left)):
            if made is CRASHED:
                made = _work_around(workers, job, make, part, known)
            note(part, made)
    return shapes


def _make_part(parts, make, job):
    part, items, left_out = job
    with parts.attempting(part.start):
        return parts.write(part.start, make(part, items, left_out), part.stamp)


def _work_around(workers, job, make, part, items):
    """Find the items of which workers die, and make the part without them."""
    culprits = find_culprits(workers, functools.partial(_probe, make, part), items)
    for _, made in workers.run(job, [(part, items, tuple(culprits))]):
        if made is not CRASHED:
            return made
    raise UnfinishedError(
        f"workers keep dying on images {part.start} to {part.stop - 1}, and on none of them alone: "
        "give them more memory, or use fewer --jobs; then run the same command again to go on"
    )


def _probe(make, part, items):
    """Do the work of some items of a part, and keep nothing."""
    make(part, items, ())


def _count_errors(shapes):
    return shapes["errors"].n_rows if "errors" in shapes else 0

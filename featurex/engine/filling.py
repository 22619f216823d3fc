"""Parts of arrays are made by workers, as far as they are not there."""

import functools
import hashlib
import json

from featurex.engine.parts import Part
from featurex.engine.workers import CRASHED, Inline, Processes, find_culprits
from featurex.errors import UnfinishedError
from featurex.parallel import chunks, replaced_workers

# Rows of a part: at most so many, and so few that there are enough parts for some workers; at
# least so many that a part is worth its file.
_MOST, _PARTS, _LEAST = 128, 16, 8
# Processes take seconds to start, in which as many images are done.
SMALL = 200


def make_workers(n_jobs, n_rows):
    """Make processes that work, or let the calling process do it where that is as fast.

    Parameters
    ----------
    n_jobs : int
        See `featurex.parallel.count_jobs`.
    n_rows : int
        To work on.
    """
    return Inline() if n_jobs == 1 or n_rows < SMALL else Processes(n_jobs)


def plan_parts(n_rows, decides):
    """Cut rows into parts, the same ones however many workers there are.

    Parameters
    ----------
    n_rows : int
        Of all parts.
    decides : object
        What decides their values, in the plain types of JSON.

    Returns
    -------
    plan : list of Part
    """
    stamp = make_stamp(decides)
    size = min(_MOST, max(_LEAST, -(-n_rows // _PARTS)))
    return [Part(part.start, part.stop, stamp) for part in chunks(n_rows, size)]


def make_stamp(decides):
    """Digest what decides a result, in the plain types of JSON: str."""
    text = json.dumps(decides, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def fill_parts(parts, plan, make, items, workers, advance):
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

    Returns
    -------
    shapes : dict of int to dict of str to Shape
        Of every part, by its first row.

    Raises
    ------
    UnfinishedError
        If workers die of a part, but of no item of it alone.
    """
    shapes, left = {}, []
    for part in plan:
        shapes[part.start] = parts.check(part.start, part.stamp)
        if shapes[part.start] is None:
            left.append(part)
        else:
            advance(part.stop - part.start, _count_errors(shapes[part.start]))
    job = functools.partial(_make_part, parts, make)
    with replaced_workers():
        for (part, known, _), made in workers.run(job, ((part, items(part), ()) for part in left)):
            if made is CRASHED:
                made = _work_around(workers, job, make, part, known)
            shapes[part.start] = made
            advance(part.stop - part.start, _count_errors(made))
    return shapes


def _make_part(parts, make, job):
    part, items, left_out = job
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

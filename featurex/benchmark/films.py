"""Every film is read once: its working image, where its lungs lie, how it looks, its checksum.

What is read lies in parts on disk; whoever looks at the images reads a few at a time.
"""

import functools
import time
from dataclasses import dataclass, replace

import numpy as np

from featurex.audit.files import THUMBNAIL, checksum_of, make_thumbnail
from featurex.challenges.appearance import Appearance, measure_appearance
from featurex.engine.arrays import ArrayParts, Column
from featurex.engine.filling import fill_parts
from featurex.engine.parts import plan_parts
from featurex.engine.reading import CHUNK, read_few
from featurex.errors import ImageError
from featurex.images.stack import DTYPES
from featurex.lungs import Registration
from featurex.parallel import chunks

# Below the folder of the work.
FILMS = "films"
_IMAGE = ("pixels", "kind", "mask")
_DIED = "the process that worked on it died, whenever it was tried"


class Images:
    """Images on disk, as a sequence of 2-D arrays, each of its own type; masked where a file says
    what of them counts.

    Parameters
    ----------
    parts : list of Column
        Pixels, of one type that holds all; the type of each image, an index into
        `featurex.images.stack.DTYPES`; and its mask as bits, none where every pixel counts.
    """

    def __init__(self, parts):
        self._parts = parts

    def __len__(self):
        return len(self._parts[0])

    def __getitem__(self, rows):
        """Read one image, or a list of those that a slice, a bool or an int array names."""
        known = [part[rows] for part in self._parts]
        if np.ndim(known[1]) == 0:
            return _restore(*known)
        return list(map(_restore, *known))

    def __iter__(self):
        for known in zip(*(part.batches() for part in self._parts), strict=True):
            yield from map(_restore, *known)


@dataclass(frozen=True)
class Films:
    """What the films of a task were found to be.

    Parameters
    ----------
    plan : list of Part
        The parts in which they were read, in rows of the task's table.
    parts : ArrayParts
        Holds them.
    shapes : dict of int to dict of str to Shape
        What the parts hold.
    asked : int array or None
        Rows of the table that was read that are rows of the task's, as there are others where
        several tasks share the films; None for all.
    paths : frozenset of str or None
        The films of these rows; None for all.
    """

    plan: list
    parts: ArrayParts
    shapes: dict
    asked: np.ndarray | None = None
    paths: frozenset | None = None

    def select(self, rows, paths):
        """Take the films of a task, of all that were read.

        Parameters
        ----------
        rows : int array
            Rows of the table that was read, rising.
        paths : sequence of str
            Of these rows.

        Returns
        -------
        films : Films
        """
        return replace(self, asked=rows, paths=frozenset(map(str, paths)))

    @property
    def everything(self):
        """All that were read, whether the task asks for them or not: Films."""
        return self if self.asked is None else replace(self, asked=None, paths=None)

    @functools.cached_property
    def kept(self):
        """Rows of the task's table whose film could be used: int array."""
        rows = self._column("row")[:]
        return rows if self.asked is None else np.searchsorted(self.asked, rows)

    @functools.cached_property
    def chosen(self):
        """Which of all films that could be used are of the task: int array; None for all."""
        if self.asked is None:
            return None
        return np.flatnonzero(np.isin(self._all("row")[:], self.asked))

    @property
    def images(self):
        """The images at the working size: Images."""
        return Images([self._column(name) for name in _IMAGE])

    @property
    def pixels(self):
        """The same images without their masks: Images."""
        return Images([self._column(name) for name in _IMAGE[:2]])

    @functools.cached_property
    def registration(self):
        """Where the mean chest lies in these images: Registration."""
        return Registration(self._column("matrix")[:], self._column("failed")[:])

    @functools.cached_property
    def appearances(self):
        """How the chest in each of these images looks: list of Appearance."""
        return [Appearance(*map(float, row[:3]), row[3:]) for row in self._column("appearance")[:]]

    @property
    def thumbnails(self):
        """Small pictures for the audit, (n, 96, 96), which stay on disk: Column."""
        return self._column("thumbnail")

    @property
    def checksums(self):
        """Checksums of the films' files: list of str."""
        return self._column("checksum")[:].tolist()

    @functools.cached_property
    def errors(self):
        """What was set aside: list of ImageError."""
        errors = [ImageError(*map(str, error)) for error in self._all("errors")[:]]
        return [error for error in errors if self.paths is None or error.path in self.paths]

    @functools.cached_property
    def read_ms(self):
        """Processor time to read and resize one film, milliseconds."""
        return 1e3 * float(self._all("seconds")[:].sum()) / len(self._all("row"))

    @functools.cached_property
    def register_ms(self):
        """Processor time to register one film to the mean chest, milliseconds: the median of parts,
        as a process loads the landmark cascade with its first one.
        """
        return float(np.nanmedian(self._all("register_ms")[:]))

    def find_part(self, part):
        """Find which of the films that could be used lie in a part, and where.

        Parameters
        ----------
        part : Part
            Of `plan`.

        Returns
        -------
        rows : int array
            Among the films that could be used.
        positions : int array
            Of these in the part.
        """
        start, stop = np.searchsorted(self._all("row")[:], (part.start, part.stop))
        if self.chosen is None:
            return np.arange(start, stop), np.arange(stop - start)
        first, last = np.searchsorted(self.chosen, (start, stop))
        return np.arange(first, last), self.chosen[first:last] - start

    def _column(self, name):
        """What is known of each film of the task."""
        return Column(self.parts, name, self.shapes, self.chosen)

    def _all(self, name):
        """What is known of all films, or of parts."""
        return Column(self.parts, name, self.shapes)


class Chosen:
    """Some of the images on disk, as a sequence of 2-D arrays.

    Parameters
    ----------
    images : Images
        All of them.
    rows : int array
        Which.
    """

    def __init__(self, images, rows):
        self._images, self._rows = images, rows

    def __len__(self):
        return len(self._rows)

    def __getitem__(self, rows):
        """Read one image, or a list; see `Images`."""
        return self._images[self._rows[rows]]


def read_films(paths, preprocess, align, work, where=FILMS):
    """Read every film, as far as that was not done before.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    preprocess : Preprocess
        Brings every film to the working size.
    align : Align
        Registers them.
    work : Work
        Who reads, and where parts are kept.
    where : str
        Folder of the parts, below that of the work.

    Returns
    -------
    films : Films
    """
    plan, parts = plan_parts(len(paths), work.identity), ArrayParts(work.folder / where)
    make = functools.partial(_read_part, preprocess, align)
    with work.progress.stage("Reading images", len(paths)) as advance:
        shapes = fill_parts(
            parts, plan, make, lambda part: _locate(paths, part), work.workers, advance
        )
    return Films(plan, parts, shapes)


def read_images_of(parts, part):
    """Read the images of one part.

    Parameters
    ----------
    parts : ArrayParts
        As in `Films`.
    part : Part
        Which.

    Returns
    -------
    images : list of 2-D arrays
    """
    return list(map(_restore, *(parts.read(part.start, name) for name in _IMAGE)))


def _locate(paths, part):
    return list(enumerate(paths[part.start : part.stop], start=part.start))


def _read_part(preprocess, align, part, items, left_out):
    """Read some films: arrays by name, a row each, but for "errors", "seconds"
    and "register_ms".
    """
    rows, images, checksums, seconds = [], [], [], 0.0
    errors = [ImageError("CRASHED", path, _DIED) for _, path in left_out]
    items = [item for item in items if item not in left_out]
    for some in chunks(len(items), CHUNK):
        start = time.thread_time()
        kept, read, bad = read_few([path for _, path in items[some]], preprocess.size)
        images += list(preprocess.transform(read)) if read else []
        seconds += time.thread_time() - start
        errors += bad
        rows += [items[some][position][0] for position in kept]
        checksums += [checksum_of(str(items[some][position][1])) for position in kept]
    start = time.thread_time()
    registration = align.register(images) if images else Registration.none()
    register_ms = 1e3 * (time.thread_time() - start) / len(images) if images else np.nan
    pixels, masks = list(map(np.ma.getdata, images)), list(map(_pack_mask, images))
    looks = [
        np.hstack(measure_appearance(np.asarray(image), matrix))
        for image, matrix in zip(pixels, registration.matrices, strict=True)
    ]
    facts = [(error.reason, error.path, error.detail) for error in errors]
    return {
        "row": np.array(rows, np.int64),
        "pixels": np.stack(pixels) if images else np.zeros((0, 0, 0), np.uint8),
        "kind": np.array([DTYPES.index(image.dtype) for image in images], np.uint8),
        "mask": np.stack(masks) if images else np.zeros((0, 0), np.uint8),
        "matrix": registration.matrices,
        "failed": registration.failed,
        "appearance": np.array(looks) if images else np.zeros((0, 0)),
        "thumbnail": np.array([make_thumbnail(image) for image in pixels], np.uint8).reshape(
            -1, THUMBNAIL, THUMBNAIL
        ),
        "checksum": np.array(checksums, str),
        "errors": np.array(facts, str).reshape(-1, 3),
        "seconds": np.array([seconds]),
        "register_ms": np.array([register_ms]),
    }


def _pack_mask(image):
    """The mask of an image as bits; none where it has no mask."""
    masked = isinstance(image, np.ma.MaskedArray)
    return np.packbits(np.ma.getmaskarray(image)) if masked else np.zeros(0, np.uint8)


def _restore(pixels, kind, bits=()):
    pixels = pixels.astype(DTYPES[kind], copy=False)
    if len(bits) == 0:
        return pixels
    mask = np.unpackbits(bits, count=pixels.size).astype(bool)
    return np.ma.MaskedArray(pixels, mask.reshape(pixels.shape))

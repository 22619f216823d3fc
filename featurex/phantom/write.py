"""A whole synthetic data set in the Kaggle layout, with the shortcuts of the real one."""

import functools
import os
import shutil
import uuid
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import simplejpeg

from featurex.checks import check_integer
from featurex.datasets.dataset import SYNTHETIC_MARKER
from featurex.engine.workers import Inline, Processes, run_all
from featurex.errors import DataError
from featurex.files import check_writable
from featurex.phantom.anatomy import make_anatomy
from featurex.phantom.radiograph import Framing, make_radiograph

_NOTE = """These radiographs are synthetic: featurex drew them (featurex phantom, seed {seed},
{n_images} images). They show no patient, and nothing that is measured on them says anything about
patients. masks/ holds the lungs and the opacities of every image, white where they are.
"""
# Fractions of the images by split, and of the kinds within a split: about those of the Kermany set.
_SPLITS = {"train": 0.70, "val": 0.027, "test": 0.273}
_KINDS = {"train": (0.30, 0.42, 0.28), "val": (0.5, 0.25, 0.25), "test": (0.375, 0.385, 0.24)}
_NAMES = ("normal", "bacteria", "virus")
_QUALITY = 90


class _Image(NamedTuple):
    """One image to be drawn, and where it goes."""

    split: str
    kind: str
    name: str
    index: int


def write_phantom(folder, n_images=600, seed=0, *, rows=320, n_jobs=1, advance=None):
    """Write a synthetic set: split/CLASS/name.jpeg, and masks/ beside the splits.

    In the training split framing tells the class, in the test split much less, as in the real data:
    normal chests are smaller on the image, and marked and collimated differently.

    Parameters
    ----------
    folder : str or path-like
        Must not exist, or be empty. It appears when it is complete.
    n_images : int
        How many images to draw, at least 60.
    seed : int
        The same seed gives the same files, whatever `n_jobs` is.
    rows : int
        Rows of each image, pixels, 64 to 2048.
    n_jobs : int
        Worker processes.
    advance : callable or None
        Called without arguments after each image.

    Returns
    -------
    folder : pathlib.Path
        The folder that was written.

    Raises
    ------
    DataError
        If the folder holds anything, or cannot be written.
    """
    n_images = check_integer("n_images", n_images, 60, 10**6)
    seed = check_integer("seed", seed, 0)
    rows = check_integer("rows", rows, 64, 2048)
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError(
            f"{folder} holds something already; name a folder that does not exist, or an empty one"
        )
    check_writable(folder.parent)
    partial = folder.with_name(f".{folder.name}-{uuid.uuid4().hex[:8]}")
    try:
        _write_all(partial, list_images(n_images, seed), seed, rows, n_jobs, advance)
        (partial / SYNTHETIC_MARKER).write_text(
            _NOTE.format(seed=seed, n_images=n_images), encoding="utf-8"
        )
        if folder.exists():
            folder.rmdir()
        os.replace(partial, folder)
    except OSError as error:
        raise DataError(f"cannot write the phantom to {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def list_images(n_images, seed):
    """List the images of a data set, patient by patient.

    Parameters
    ----------
    n_images : int
        How many images there are.
    seed : int
        Source of randomness.

    Returns
    -------
    patients : list of lists
        One list a patient, of one to three images of one kind and in one split.
    """
    generator = np.random.default_rng((seed, 0))
    patients = []
    index = 0
    for (split, kind), left in _counts(n_images).items():
        while left:
            n_of_patient = min(left, int(generator.choice((1, 1, 2, 3))))
            number = len(patients) + 1
            patients.append(
                [
                    _Image(split, kind, _name(kind, number, k, index + k), index + k)
                    for k in range(n_of_patient)
                ]
            )
            index += n_of_patient
            left -= n_of_patient
    return patients


def _counts(n_images):
    """Count the images of every split and kind, `n_images` together, by largest remainders."""
    quotas = {
        (split, kind): n_images * of_all * of_split
        for split, of_all in _SPLITS.items()
        for kind, of_split in zip(_NAMES, _KINDS[split], strict=True)
    }
    counts = {group: int(quota) for group, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda group: counts[group] - quotas[group])
    for group in by_remainder[: n_images - sum(counts.values())]:
        counts[group] += 1
    return counts


def _name(kind, patient, number, index):
    """Name a file as in the Kermany set."""
    return (
        f"IM-{patient:04d}-{number + 1:04d}"
        if kind == "normal"
        else f"person{patient}_{kind}_{index}"
    )


def _write_all(folder, patients, seed, rows, n_jobs, advance):
    for split in _SPLITS:
        for name in ("NORMAL", "PNEUMONIA"):
            for target in (folder / split / name, folder / "masks" / split / name):
                target.mkdir(parents=True)
    # Of patients, about in the order in which they are done.
    counts = iter(map(len, patients))

    def patient_done():
        for _ in range(next(counts) if advance is not None else 0):
            advance()

    write = functools.partial(_write_patient, folder, seed, rows)
    with closing(Inline() if n_jobs == 1 else Processes(n_jobs)) as workers:
        run_all(workers, write, enumerate(patients), patient_done)


def _write_patient(folder, seed, rows, job):
    """Draw the chest of a patient, and all images of it."""
    patient, images = job
    anatomy = make_anatomy(np.random.default_rng((seed, 1, patient)))
    for image in images:
        _write_image(folder, seed, rows, anatomy, image)


def _write_image(folder, seed, rows, anatomy, image):
    """Draw one image, and write it with its masks."""
    generator = np.random.default_rng((seed, 2, image.index))
    framing = draw_framing(image.split, image.kind, generator)
    radiograph = make_radiograph(image.kind, anatomy, framing, generator, rows)
    group = Path(image.split) / ("NORMAL" if image.kind == "normal" else "PNEUMONIA")
    encoded = simplejpeg.encode_jpeg(
        np.ascontiguousarray(radiograph.image[:, :, None]), quality=_QUALITY, colorspace="GRAY"
    )
    (folder / group / f"{image.name}.jpeg").write_bytes(encoded)
    for what, mask in (("lungs", radiograph.lungs), ("opacity", radiograph.opacity)):
        png = cv2.imencode(".png", mask.astype(np.uint8) * 255)[1]
        (folder / "masks" / group / f"{image.name}_{what}.png").write_bytes(png.tobytes())


def draw_framing(split, kind, generator):
    """Draw how an image is taken: in training by its class, in the test split nearly alike.

    Parameters
    ----------
    split : str
        "train", "val" or "test".
    kind : str
        A key of `KINDS`.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    framing : Framing
        Of that image.
    """
    normal = kind == "normal"
    # 1 is how normal chests are framed in training, 0 how the others are.
    habit = float(normal) if split != "test" else 0.5 + 0.15 * (normal - 0.5)
    return Framing(
        zoom=generator.normal(1.10 - 0.13 * habit, 0.055),
        shift=tuple(generator.normal((0.0, 0.015 - 0.035 * habit), (0.018, 0.022))),
        angle=generator.normal(0, 3.5 - 2.0 * habit),
        aspect=max(0.95, generator.normal(1.38 - 0.16 * habit, 0.09)),
        collimation=generator.uniform(0.0, 0.05) * (generator.random() < 0.25 + 0.45 * habit),
        marker="R" if generator.random() < 0.15 + 0.70 * habit else generator.choice(("L", "")),
        exposure=generator.normal(1.0 + 0.06 * habit, 0.10),
    )

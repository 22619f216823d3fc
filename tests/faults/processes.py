"""Sets of images that cause trouble, and runs in processes of their own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from tests.faults.chains import POISON, SECONDS

ROOT = Path(__file__).resolve().parents[2]
N_IMAGES = 60


def write_images(folder, count=N_IMAGES, side=24):
    """Noise of two classes; nothing of it is `POISON`."""
    generator = np.random.default_rng(0)
    for number in range(count):
        directory = folder / ("NORMAL" if number % 2 else "PNEUMONIA")
        directory.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(
            str(directory / f"{number:04d}.png"),
            generator.integers(0, 240, (side, side), dtype=np.uint8),
        )
    return folder


def poison(folder, *numbers):
    """Make some images cause trouble; their paths."""
    paths = [str(path) for path in sorted(folder.rglob("*.png"))]
    for number in numbers:
        image = cv2.imread(paths[number], cv2.IMREAD_GRAYSCALE)
        image[0, 0] = POISON
        cv2.imwrite(paths[number], image)
    return [paths[number] for number in numbers]


def start(*arguments, seconds=0.0, limits=None):
    """Begin a run in a process of its own."""
    command = [sys.executable, "-m", "tests.faults.run", *map(str, arguments)]
    environment = {**os.environ, SECONDS: str(seconds)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=limits, **pipes)


def finish(process):
    """What a run prints when it ends well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return tuple(map(int, out.split()))


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid):
    """Every process below one."""
    processes = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            processes += [int(path.parent.name), *descendants(int(path.parent.name))]
    return processes


def wait_for(condition, seconds=120):
    """Wait until a condition holds: whether it did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def parts_of(out):
    return sorted(Path(f"{out}.parts").glob("0*.npz"))

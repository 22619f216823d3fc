"""Time every case of tests/cases against its peers, in one run, one thread; what is timed is
checked first.

Usage: python benchmarks/kernels.py [--quick] [--markdown] [--only NAME] [--python PEER=PYTHON]

The ratios are what counts: peers and featurex take turns, and each figure is a median. A turn lasts
at least 10 ms, as images come in batches: a single call after another package would mostly fetch
code and memory that the other had displaced. A peer that is not installed is
reported as absent.

Some peers need an environment of their own (OpenCV's HOG is in version 4 only; pyradiomics may want
an older numpy): --python OpenCV=env/bin/python runs such a peer, of tests/peers.py, in that Python,
in turns with the others.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from featurex.parallel import serial_libraries
from featurex.phantom import Framing, make_anatomy, make_radiograph
from tests.cases import CASES
from tests.cases.base import inputs
from tests.peers import PEERS, take_turn

_ROOT = Path(__file__).resolve().parents[1]
_TURN = 0.01
_FRAMING = Framing(
    zoom=1.0, shift=(0.0, 0.0), angle=0.0, aspect=1.12, collimation=0.0, marker="R", exposure=1.0
)


def draw_image(side):
    """Draw a phantom radiograph of side x side pixels."""
    generator = np.random.default_rng(0)
    drawn = make_radiograph(
        "bacteria", make_anatomy(generator), _FRAMING, generator, rows=max(side, 256)
    )
    return cv2.resize(drawn.image, (side, side), interpolation=cv2.INTER_AREA)


def check(case, n_images=None):
    """Compare with the slow twin on the small images of the tests, or the first of them; raise
    where they differ.
    """
    for name, image, inside in itertools.islice(inputs(33, case.masked), n_images):
        expected = case.twin(image, inside)
        np.testing.assert_allclose(
            case.ours(image, inside), expected, case.rtol, case.atol, err_msg=f"{case.name}: {name}"
        )


class Elsewhere:
    """A peer of tests/peers.py in a Python of its own.

    Parameters
    ----------
    peer : str
        Its name in tests/peers.py.
    python : str
        Path of the interpreter.
    """

    def __init__(self, peer, python):
        self._peer, self._python = peer, python
        single = {
            f"{name}_NUM_THREADS": "1"
            for name in ("OMP", "OPENBLAS", "MKL", "ITK_GLOBAL_DEFAULT_NUMBER_OF")
        }
        try:
            self._process = subprocess.Popen(
                [python, str(_ROOT / "tests" / "peers.py"), peer],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, **single},
            )
        except OSError as error:
            raise SystemExit(
                f"--python {peer}={python}: {error.strerror}; name a Python interpreter"
            ) from error

    def take_turn(self, path, seconds):
        """Milliseconds of each call with the arguments in an .npz file; ImportError where the
        package is missing.
        """
        try:
            self._process.stdin.write(f"{seconds}\t{path}\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        except (OSError, ValueError) as error:
            raise SystemExit(
                f"{self._peer} in {self._python} ended without an answer; what it said is above"
            ) from error
        if "absent" in answer:
            raise ImportError(answer["absent"])
        return answer["ms"]

    def close(self):
        """End the process."""
        self._process.communicate()


def turns_of(case, image, interpreters, folder):
    """Make what each contestant does in a turn: dict of name to callable (seconds) -> list of
    milliseconds.
    """
    turns = {
        name: lambda seconds, function=function: take_turn(lambda: function(image, None), seconds)
        for name, function in {"featurex": case.ours, **case.peers}.items()
    }
    for name, arguments in case.elsewhere.items():
        if name in interpreters:
            path = Path(folder) / f"{case.name}-{name}-{image.shape[0]}.npz"
            np.savez(path, image=image, **arguments(image))
            turns[name] = lambda seconds, name=name, path=path: interpreters[name].take_turn(
                path, seconds
            )
        else:
            turns[name] = lambda seconds, name=name, arguments=arguments: take_turn(
                lambda: PEERS[name](image, **arguments(image)), seconds
            )
    return turns


def median_ms(turns, seconds):
    """Milliseconds of each contestant, taking turns; None for a peer that is not installed."""
    times = {name: [] for name in turns}
    absent = set()
    for name, turn in turns.items():
        try:
            turn(0)
        except ImportError:
            absent.add(name)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or not all(times[name] for name in turns if name not in absent):
        for name in turns:
            if name not in absent:
                times[name] += turns[name](_TURN)
    return {
        name: None if name in absent else float(np.median(taken)) for name, taken in times.items()
    }


def measure(case, side, seconds, interpreters, folder):
    """One line: case, side, our milliseconds, and every peer's milliseconds and ratio."""
    times = median_ms(turns_of(case, draw_image(side), interpreters, folder), seconds)
    ours = times.pop("featurex")
    peers = [
        f"{name} absent" if ms is None else f"{name} {ms:.3g} ms ({ms / ours:.1f} x)"
        for name, ms in times.items()
    ]
    return case.name, side, f"{ours:.3f}", ", ".join(peers) or "no peer"


def start_interpreters(options):
    """Start the Python of each PEER=PYTHON: dict of peer to its process."""
    interpreters = {}
    for option in options:
        peer, _, python = option.partition("=")
        if peer not in PEERS or not python:
            raise SystemExit(
                f"--python must be PEER=PYTHON, with PEER one of {', '.join(PEERS)}, but "
                f"{option!r} was given"
            )
        interpreters[peer] = Elsewhere(peer, python)
    return interpreters


def main():
    """Check and time all cases, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="tiny images and times: only that it runs"
    )
    parser.add_argument(
        "--markdown", action="store_true", help="print a table for docs/performance.md"
    )
    parser.add_argument(
        "--only", metavar="NAME", default="", help="the cases whose name holds NAME"
    )
    parser.add_argument(
        "--python",
        metavar="PEER=PYTHON",
        action="append",
        default=[],
        help="the Python in which a peer is installed",
    )
    options = parser.parse_args()
    sides, seconds = ((64,), 0.02) if options.quick else ((256, 1024), 1.5)
    form = "| {} | {} | {} | {} |" if options.markdown else "{:<24} {:>5} {:>9}  {}"
    interpreters = start_interpreters(options.python)
    print(form.format("work", "px", "ms", "peers (ratio to featurex)"))
    if options.markdown:
        print("|---|---|---|---|")
    with serial_libraries(), tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            if options.only in case.name:
                check(case, 1 if options.quick else None)
                for side in sides:
                    print(
                        form.format(*measure(case, side, seconds, interpreters, folder)), flush=True
                    )
    for interpreter in interpreters.values():
        interpreter.close()


if __name__ == "__main__":
    main()

"""Time every case of tests/cases against its peers, in one run, one thread; what is timed is checked first.

Usage: python benchmarks/kernels.py [--quick] [--markdown]

The ratios are what counts: peers and featurex take turns, and each figure is a median. A turn lasts at least
10 ms, as images come in batches: of a single call in the wake of another package, most would be spent on fetching
code and memory that it had displaced. A peer that is not installed is reported as absent.
"""

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from featurex.parallel import serial_libraries
from featurex.phantom import Framing, make_anatomy, make_radiograph
from tests.cases import CASES
from tests.cases.base import inputs
from tests.cases.radiomics import RADIOMICS

_TURN = 0.01
_FRAMING = Framing(zoom=1.0, shift=(0.0, 0.0), angle=0.0, aspect=1.12, collimation=0.0, marker="R", exposure=1.0)


def film(side):
    """A phantom film of side x side pixels."""
    generator = np.random.default_rng(0)
    drawn = make_radiograph("bacteria", make_anatomy(generator), _FRAMING, generator, rows=max(side, 256))
    return cv2.resize(drawn.image, (side, side), interpolation=cv2.INTER_AREA)


def check(case):
    """Compare with the slow twin on the small images of the tests; raise where they differ."""
    for name, image, inside in inputs(33, case.masked):
        expected = case.twin(image, inside)
        np.testing.assert_allclose(
            case.ours(image, inside), expected, case.rtol, case.atol, err_msg=f"{case.name}: {name}"
        )


def median_ms(functions, image, seconds):
    """Milliseconds of each function, taking turns; None for a peer that is not installed."""
    times = {name: [] for name in functions}
    absent = set()
    for name, function in functions.items():
        try:
            function(image, None)
        except ImportError:
            absent.add(name)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or not all(times[name] for name in functions if name not in absent):
        for name in functions:
            if name not in absent:
                turn = time.perf_counter() + _TURN
                while not times[name] or time.perf_counter() < turn:
                    # Of all threads, as some peers have their own.
                    start = time.process_time()
                    functions[name](image, None)
                    times[name].append(1e3 * (time.process_time() - start))
    return {name: None if name in absent else float(np.median(taken)) for name, taken in times.items()}


def measure(case, side, seconds):
    """One line: case, side, our milliseconds, and every peer's milliseconds and ratio."""
    found = median_ms({"featurex": case.ours, **case.peers}, film(side), seconds)
    ours = found.pop("featurex")
    peers = [
        f"{name} absent" if ms is None else f"{name} {ms:.3g} ms ({ms / ours:.1f} x)" for name, ms in found.items()
    ]
    return case.name, side, f"{ours:.3f}", ", ".join(peers) or "no peer"


def main():
    """Check and time all cases, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="tiny images and times: only that it runs")
    parser.add_argument("--markdown", action="store_true", help="print a table for docs/performance.md")
    options = parser.parse_args()
    sides, seconds = ((64,), 0.02) if options.quick else ((256, 1024), 1.5)
    form = "| {} | {} | {} | {} |" if options.markdown else "{:<24} {:>5} {:>9}  {}"
    print(form.format("work", "px", "ms", "peers (ratio to featurex)"))
    if options.markdown:
        print("|---|---|---|---|")
    with serial_libraries():
        for case in (*CASES, RADIOMICS):
            check(case)
            for side in sides:
                print(form.format(*measure(case, side, seconds)), flush=True)


if __name__ == "__main__":
    main()

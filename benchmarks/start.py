"""What the first minute costs: processor seconds of commands that have little to do, and the size
of what an installation brings.

Usage: python benchmarks/start.py [--repeats N] [--quick]

Each command runs in processes of its own, on phantom images, once unmeasured, so that its kernels
are compiled, and N times measured: the minimum of its user and system time, with that of the
processes it starts, is printed. Then each distribution that featurex needs without extras, with the
MB of its files, from the largest on.
"""

import argparse
import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from featurex.phantom import write_phantom

FEATUREX = (sys.executable, "-m", "featurex")
LBP = ("extract", "few", "--set", "features={lbp: {}}", "--out", "few.parquet")
# Name -> (command, whether the table of the time before is deleted).
COMMANDS = {
    "from featurex import GLCM": ((sys.executable, "-c", "from featurex import GLCM"), False),
    "featurex --help": ((*FEATUREX, "--help"), False),
    "featurex predict IMAGE": ((*FEATUREX, "predict", "few/0.jpeg"), False),
    "featurex extract, 4 images, LBP": ((*FEATUREX, *LBP), True),
    "the same, when its table is there": ((*FEATUREX, *LBP), False),
}


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="once: the figures mean little")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        phantom = write_phantom(folder / "phantom", 60, 0, rows=160, n_jobs=1)
        (folder / "few").mkdir()
        for number, path in enumerate(sorted(phantom.rglob("*.jpeg"))[:4]):
            path.rename(folder / "few" / f"{number}.jpeg")
        for name, (command, anew) in COMMANDS.items():
            seconds = measure(command, anew, folder, 1 if options.quick else options.repeats)
            print(f"{name:36}{seconds:6.2f} s")
    sizes = measure_distributions("featurex-xray")
    print(f"{'all distributions':36}{sum(sizes.values()):6.0f} MB")
    for name in sorted(sizes, key=sizes.get, reverse=True)[:12]:
        print(f"  {name:34}{sizes[name]:6.0f} MB")


def measure(command, anew, folder, repeats):
    """Processor seconds of a command and of its processes: the minimum of several runs."""
    best = float("inf")
    for _ in range(repeats + 1):
        if anew:
            (folder / "few.parquet").unlink(missing_ok=True)
        first, before = best == float("inf"), os.times()
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=make_environment())
        after = os.times()
        seconds = sum(after[2:4]) - sum(before[2:4])
        best = 1e9 if first else min(best, seconds)
    return best


def make_environment():
    """The environment of a user, whose Python keeps the bytecode of modules."""
    root = Path(__file__).resolve().parents[1]
    environment = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def measure_distributions(name):
    """MB of a distribution and of all that it needs without extras, by name."""
    sizes, left = {}, [name]
    while left:
        name = left.pop().lower()
        if name in sizes:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            # Of another system or Python; or this is a checkout that is not installed.
            continue
        files = [file.locate() for file in distribution.files or ()]
        sizes[name] = sum(file.stat().st_size for file in files if file.is_file()) / 1e6
        needed = [text for text in distribution.requires or () if "extra ==" not in text]
        left += [re.match(r"[\w.-]+", text)[0] for text in needed]
    return sizes


if __name__ == "__main__":
    main()

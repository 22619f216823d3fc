"""Is there a wheel of every dependency for every system and version of Python that featurex names?

    python scripts/check_wheels.py [--extras dask dicom excel] [--python 3.13] [--system macos]

Asks pip to resolve setup.cfg for each, as it would install there, without installing anything; one
line each, and exit code 1 where a wheel is missing. Markers of dependencies of dependencies are
those of the machine that asks: pip knows no others. Of PyTorch (extra cnn) pip may load the whole
wheel to learn what it needs.
"""

import argparse
import configparser
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# pip's names of each system, and what markers ask for.
SYSTEMS = {
    "windows": (("win_amd64",), "win32"),
    "macos": (("macosx_14_0_arm64",), "darwin"),
    "linux": (tuple(f"manylinux_2_{n}_x86_64" for n in (28, 27, 17)), "linux"),
    "linux-arm": (tuple(f"manylinux_2_{n}_aarch64" for n in (28, 27, 26, 17)), "linux"),
}

# Asked for without what they need: on Linux alone CUDA's libraries, which pip would want anywhere.
ALONE = ("xgboost",)


def main():
    """Look at every system and version that was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--extras", nargs="*", default=["dask", "dicom", "excel"])
    parser.add_argument("--python", nargs="*", default=PYTHONS, choices=PYTHONS)
    parser.add_argument("--system", nargs="*", default=list(SYSTEMS), choices=list(SYSTEMS))
    options = parser.parse_args()
    failed = 0
    for system in options.system:
        for python in options.python:
            missing = find_missing(list_wanted(options.extras, system, python), system, python)
            print(f"{system}, Python {python}: {missing or 'a wheel for everything'}", flush=True)
            failed += bool(missing)
    sys.exit(failed > 0)


def list_wanted(extras, system, python):
    """What setup.cfg wants on a system: a list of requirements without markers."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    texts = [config["options"]["install_requires"]]
    texts += [config["options.extras_require"][extra] for extra in extras]
    lines = [line.partition("#")[0].strip() for text in texts for line in text.splitlines()]
    wanted = [Requirement(line) for line in lines if line]
    here = {"sys_platform": SYSTEMS[system][1], "python_version": python}
    return [
        f"{one.name}{one.specifier}"
        for one in wanted
        if one.marker is None or one.marker.evaluate(here)
    ]


def find_missing(wanted, system, python):
    """What pip says of the first requirement that cannot be met; "" if all can."""
    alone = [one for one in wanted if Requirement(one).name in ALONE]
    together = [one for one in wanted if one not in alone]
    said = ask_pip(together, system, python)
    return said or (ask_pip([*alone, "--no-deps"], system, python) if alone else "")


def ask_pip(wanted, system, python):
    """What pip says if it cannot install all of this; "" if it can."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--quiet",
            "--target",
            folder,
        ]
        command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", python]
        for name in SYSTEMS[system][0]:
            command += ["--platform", name]
        done = subprocess.run([*command, *wanted], capture_output=True, text=True, check=False)
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return errors[-1] if done.returncode and errors else done.stderr if done.returncode else ""


if __name__ == "__main__":
    main()

"""Run every command and every Python block of the README and of docs/, in the order in which a
reader meets them.

    python scripts/run_docs.py [PAGE ...]

In a temporary folder that holds what the pages speak of: chest_xray (a small phantom), elsewhere
(another), scores.csv (of both), mine (two class folders, and their masks in masks), image.jpeg,
images. Blocks marked bash or python are run, a command that stands on several pages once; one that
needs what is not here is skipped by name, and said. Benchmarks take longest: those that need no
other command come first, one on each of two cores.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from featurex.phantom import write_phantom

ROOT = Path(__file__).resolve().parents[1]
# The first page makes the runs that later ones use.
PAGES = ("README.md", "docs/index.md", "docs/how_to.md")
# What a line may begin with or hold, and why it is not run.
SKIPPED = {
    "python3 -m venv": "is what CI begins with",
    "featurex benchmark --out": "is what CI begins with",
    "--out runs/kermany": "is the same as for runs/first",
    "pip install": "is what CI begins with",
    "kaggle ": "needs an account",
    "unzip ": "needs an account",
    "featurex fetch": "needs the network",
    "ADDRESS": "needs a cluster; tests/faults/test_cluster.py starts one",
    "dask ": "needs a cluster; tests/faults/test_cluster.py starts one",
    "cp runs/default": "is for maintainers",
    "--config default_model": "is for maintainers",
    "cat >": "writes a file of another system",
    "kubectl": "needs a cluster",
    "conda ": "needs conda",
    "_FEATUREX_COMPLETE": "belongs into the file that a shell reads at its start",
}
FILES_SET_ASIDE, AUDIT_FAILED = 3, 4
BENCHMARK = "featurex benchmark "
# What any command may name: the words of all, and what `furnish` makes.
COMMON = {
    "featurex",
    "benchmark",
    "quick",
    "chest_xray",
    "elsewhere",
    "mine",
    "masks",
    "scores.csv",
}


def main(names):
    """Run the pages named, or all."""
    pages = [ROOT / name for name in names] or list_pages()
    with tempfile.TemporaryDirectory() as folder:
        furnish(Path(folder))
        jobs = list(dict.fromkeys(job for page in pages for job in list_jobs(page)))
        first = list(find_independent(jobs))
        with ThreadPoolExecutor(2) as lanes:
            # A failed one is raised here.
            list(lanes.map(lambda job: run(*job, folder), first))
        for job in jobs:
            if job not in first:
                run(*job, folder)


def find_independent(jobs):
    """Yield the benchmarks that name nothing but options and what an earlier command does not."""
    named = set()
    for job in jobs:
        words = {word for word in job[0].split() if word[:2] != "--"} - COMMON
        if job[0].startswith(BENCHMARK) and not words & named:
            yield job
        else:
            named |= words


def list_pages():
    """All pages, those first that make what others need."""
    first = [ROOT / name for name in PAGES]
    return first + [page for page in sorted((ROOT / "docs").glob("*.md")) if page not in first]


def furnish(folder):
    """Put what the pages speak of into a folder."""
    data = write_phantom(folder / "chest_xray", 60, 1, rows=96, n_jobs=2)
    other = write_phantom(folder / "elsewhere", 60, 2, rows=96, n_jobs=2)
    images = [*sorted(data.rglob("*.jpeg")), *sorted(other.rglob("*.jpeg"))]
    lines = [f"{path},{0.7 if 'PNEUMONIA' in path.parts else 0.4}" for path in images]
    (folder / "scores.csv").write_text("\n".join(["path,score", *lines]))
    paths = sorted((data / "test" / "PNEUMONIA").iterdir())
    shutil.copy(paths[0], folder / "image.jpeg")
    for name, label in (("healthy", "NORMAL"), ("sick", "PNEUMONIA")):
        shutil.copytree(other / "train" / label, folder / "mine" / name)
        shutil.copytree(other / "masks" / "train" / label, folder / "masks" / name)
    (folder / "scripts").symlink_to(ROOT / "scripts")
    (folder / "images").mkdir()
    for number, path in enumerate(paths[:3], 1):
        shutil.copy(path, folder / "images")
        shutil.copy(path, data / f"image{number}.jpeg")


def blocks(page):
    """The blocks of a page that are to be run: pairs of language and text."""
    return re.findall(
        r"^```(bash|python)\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def list_jobs(page):
    """What a page has to run, in its order: pairs of title and arguments; the title of a command is
    the command.
    """
    for language, block in blocks(page):
        if language == "python":
            # A block is one program.
            yield f"{block.strip().splitlines()[0]} ...", (sys.executable, "-c", block)
            continue
        for line in block.strip().splitlines():
            command = line.split("  #")[0].strip()
            reason = next((reason for part, reason in SKIPPED.items() if part in command), None)
            if reason:
                print(f"{page.name}: not run, {reason}: {command[:80]}")
            elif command:
                yield command, ("bash", "-euo", "pipefail", "-c", shorten(command))


def shorten(command):
    """Add what makes a benchmark quick: it is checked that commands run, not what they find."""
    if not command.startswith(BENCHMARK):
        return command
    config = "" if "--config" in command else " --config phantom"
    return f"{command}{config} --set folds=2 --set resamples=100 --jobs 1"


def run(title, arguments, folder):
    """Run one program; stop at the first that fails."""
    start = time.perf_counter()
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, FILES_SET_ASIDE, AUDIT_FAILED):
        sys.exit(
            f"{title}\nended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
    print(f"{time.perf_counter() - start:.0f} s: {title[:100]}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Run every command and every Python block of the README and of docs/, in the order in which a
reader meets them.

    python scripts/run_docs.py [PAGE ...]

In a temporary folder that holds what the pages speak of: chest_xray (a small phantom), elsewhere
(another), scores.csv (of both), mine (two class folders, and their masks in masks), image.jpeg,
images. Blocks marked bash or python are run, a command that stands on several pages once; one that
needs what is not here is skipped by name, and said. Two run at a time, one on each of two cores;
one that names a file or folder which another names before it waits for that.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
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
    "scripts/measure_travel.py": "needs the images of other hospitals",
    "cp runs/default": "is for maintainers",
    "--config default_model": "is for maintainers",
    "cat >": "writes a file of another system",
    "kubectl": "needs a cluster",
    "conda ": "needs conda",
    "_FEATUREX_COMPLETE": "belongs into the file that a shell reads at its start",
}
FILES_SET_ASIDE, AUDIT_FAILED = 3, 4
BENCHMARK = "featurex benchmark "
# What any command may name: words of commands, and files that none writes.
COMMON = {
    *("featurex", "benchmark", "extract", "predict", "compare", "python"),
    *("quick", "radiomics", "original", "aligned", "chest_xray", "elsewhere", "mine", "masks"),
    *("images", "image.jpeg"),
}


def main(names):
    """Run the pages named, or all."""
    pages = [ROOT / name for name in names] or list_pages()
    with tempfile.TemporaryDirectory() as folder:
        furnish(Path(folder))
        run_all(list(dict.fromkeys(job for page in pages for job in list_jobs(page))), folder)


def run_all(jobs, folder):
    """Run two jobs at a time, in their order as far as they meet."""
    waiting, running = list(jobs), {}
    with ThreadPoolExecutor(2) as lanes:
        while waiting or running:
            for job in find_ready(waiting, list(running.values()))[: 2 - len(running)]:
                waiting.remove(job)
                running[lanes.submit(run, *job, folder)] = job
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                running.pop(future)
                # A failed one is raised here.
                future.result()


def find_ready(waiting, running):
    """The jobs that meet none that runs, or that waits before them: a list."""
    ready, earlier = [], [name_files(job) for job in running]
    for job in waiting:
        own = name_files(job)
        if not any(is_within(one, other) for one in own for names in earlier for other in names):
            ready.append(job)
        earlier.append(own)
    return ready


def is_within(one, other):
    """Whether two paths are one, or one of them lies in the other."""
    one, other = sorted((f"{one}/", f"{other}/"), key=len)
    return other.startswith(one)


def name_files(job):
    """The words that may be files: those of a command, and what stands in quotes in a block."""
    title, arguments = job
    if arguments[0] == sys.executable:
        words = re.findall(r"""["']([\w./-]+)["']""", arguments[-1])
    else:
        words = [word.rpartition("=")[2] for word in title.split() if word[:1] != "-"]
    return {word.rstrip("/") for word in words if not word.isdigit()} - COMMON


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
        # A line that ends in a backslash goes on in the next.
        for line in re.sub(r"\\\n\s*", "", block.strip()).splitlines():
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

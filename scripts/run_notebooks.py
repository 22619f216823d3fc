"""Run the notebooks from start to end.

    python scripts/run_notebooks.py                # fails where a cell fails; changes nothing
    python scripts/run_notebooks.py --write        # also writes the .ipynb beside each .py, with
    its outputs

The .py files are the source (jupytext's percent format); the .ipynb files are their pairs, for
people who read them on a code host. FEATUREX_DATA names a folder of radiographs for the first
three; without it the synthetic phantom is drawn, as it always is for the fourth.
"""

import argparse
import tempfile
import time
from pathlib import Path

import jupytext
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
# Seconds that a cell may take.
TIMEOUT = 600


def main():
    """Run them, one after the other."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the .ipynb files")
    parser.add_argument("names", nargs="*", help="of notebooks, as 2_features [default: all]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(NOTEBOOKS.glob("*.py")):
            if options.names and path.stem not in options.names:
                continue
            start = time.perf_counter()
            notebook = jupytext.read(path)
            # All in one folder, so that the phantom is drawn once.
            NotebookClient(
                notebook, timeout=TIMEOUT, resources={"metadata": {"path": folder}}
            ).execute()
            if options.write:
                strip(notebook)
                jupytext.write(notebook, path.with_suffix(".ipynb"))
            print(f"{path.stem}: {time.perf_counter() - start:.0f} s", flush=True)


def strip(notebook):
    """Take out what differs from run to run and says nothing: times, and identifiers of cells."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("execution", None)
        cell.id = f"cell-{number:02d}"


if __name__ == "__main__":
    main()

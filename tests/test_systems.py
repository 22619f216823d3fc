"""What Windows and macOS do otherwise: new processes begin from nothing, and names that differ by
upper and lower case alone are one. Paths by the rules of Windows: tests/test_files.py.
"""

import subprocess
import sys

import pandas as pd
import pytest
from PIL import Image

from featurex.engine import Engine
from featurex.lung_files import write_lungs
from featurex.report.image_page import page_name
from tests.faults.processes import ROOT, write_images

# Without the guard that Python's own pools need there, and on processes even for a few films.
SCRIPT = """
import functools, multiprocessing, pathlib, sys

multiprocessing.set_start_method("spawn")
from featurex import IntensityStatistics, extract_to, load_model
from featurex.engine import films

folder, out = sys.argv[1:]
print(*extract_to(out, folder, IntensityStatistics(), n_jobs=1)[:2])
films.Engine = functools.partial(films.Engine, few=0)
paths = sorted(map(str, pathlib.Path(folder).rglob("*.png")))
table = load_model().predict(paths, n_jobs=2)
print(len(table), table["score"].between(0, 1).all())
assert multiprocessing.get_start_method() == "spawn"
"""


@pytest.mark.jobs
def test_tables_and_scores_are_made_where_processes_are_spawned(tmp_path):
    films = write_images(tmp_path / "films", 10, side=48)
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py"), str(films), str(tmp_path / "t.parquet")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["10 18", "10 True"]
    assert len(pd.read_parquet(tmp_path / "t.parquet")) == 10


def test_names_that_differ_by_case_alone_do_not_overwrite_each_other(tmp_path):
    films = [tmp_path / name for name in ("Film.png", "film.PNG", "other.png")]
    for shade, path in enumerate(films):
        Image.new("L", (48, 48), 60 * shade).save(path, "PNG")
    write_lungs(list(map(str, films)), tmp_path / "out", Engine(n_jobs=1))
    table = pd.read_csv(tmp_path / "out" / "lungs.csv")
    for column in ("mask", "field"):
        assert table[column].str.casefold().nunique() == 3
        assert all((tmp_path / "out" / name).is_file() for name in table[column])
    # Where nothing is shared, the name is the image's.
    assert table["mask"].iloc[2] == "masks/other.png.png"
    pages = {page_name(str(path)).casefold() for path in films}
    assert len(pages) == 3

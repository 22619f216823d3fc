"""Examples in docstrings run in a folder that holds a small data set, and a run where they name
one; tables with one job are made in the process of the tests.
"""

import re

import numpy as np
import pytest
from PIL import Image

from featurex import plugins
from featurex.engine import extraction
from featurex.engine.workers import Inline

# Two patients of each class for training and one for the test, named as Kermany's.
_IMAGES = (
    "train/NORMAL/IM-0001-0001.jpeg",
    "train/NORMAL/IM-0002-0001.jpeg",
    "train/PNEUMONIA/person1_bacteria_1.jpeg",
    "train/PNEUMONIA/person2_virus_1.jpeg",
    "test/NORMAL/IM-0003-0001.jpeg",
    "test/PNEUMONIA/person3_virus_1.jpeg",
)


# The files that take longest, which begin first: by the number of their tests they would come last,
# and one of the two processes would wait for the other.
LONGEST = (
    "tests/test_benchmark.py",
    "tests/faults/test_cluster.py",
    "tests/faults/test_dying_processes.py",
    "tests/faults/test_tables.py",
    "tests/faults/test_benchmark.py",
    "tests/test_bundle.py",
    "tests/test_explained_images.py",
    "tests/test_audit_page.py",
    "tests/test_audit.py",
    "tests/test_limits.py",
    "tests/test_findings.py",
    "tests/test_external.py",
    "tests/test_kernels.py",
)


def pytest_collection_modifyitems(items):
    """Let the longest files begin first."""
    place = {name: index for index, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONGEST)))


@pytest.fixture(scope="session", autouse=True)
def one_job_needs_no_process():
    """A worker, which takes seconds to import, protects a table from films that kill it: tests of
    that ask for two, or begin a process of their own.
    """
    start = extraction._start_workers

    def start_or_not(n_jobs, cluster):
        return Inline() if n_jobs == 1 and cluster is None else start(n_jobs, cluster)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extraction, "_start_workers", start_or_not)
        yield


@pytest.fixture(autouse=True)
def folder_of_the_examples(request):
    """Change into a new folder with the data set chest_xray, and the finished run runs/first for an
    example that compares runs; for doctests alone.
    """
    if not isinstance(request.node, pytest.DoctestItem):
        return
    folder = request.getfixturevalue("tmp_path")
    generator = np.random.default_rng(0)
    for name in _IMAGES:
        path = folder / "chest_xray" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(generator.integers(0, 256, (64, 80), np.uint8)).save(path)
    monkeypatch = request.getfixturevalue("monkeypatch")
    monkeypatch.chdir(folder)
    # A plugin that an example loads is forgotten: tables name the plugins they were made with.
    monkeypatch.setattr(plugins, "ALLOWED", {})
    if re.search(r'(compare_runs\(\[|load_run\()"runs/first"', request.node.dtest.docstring):
        # The run of the report's tests, whose scores are drawn: a real one takes seconds.
        from tests.report_run import Sizes, write_run

        (folder / "runs" / "first").mkdir(parents=True)
        write_run(folder / "runs" / "first", sizes=Sizes(60, 40))

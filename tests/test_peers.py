"""Peers in a Python of their own answer, or say why not."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests import peers

ROOT = Path(__file__).resolve().parents[1]


def ask(peer, path, lines=1):
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "peers.py", peer],
        input=f"0\t{path}\n" * lines,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def arguments(tmp_path_factory):
    path = tmp_path_factory.mktemp("peers") / "arguments.npz"
    np.savez(path, image=np.zeros((32, 32), np.uint8), orientations=9, cell=8, block=2)
    return path


def test_a_peer_answers_each_turn(arguments):
    cv2 = pytest.importorskip("cv2")
    _, answers = ask("OpenCV", arguments, lines=2)
    if hasattr(cv2, "HOGDescriptor"):
        assert len(answers) == 2
        assert all(answer["ms"][0] > 0 for answer in answers)
    else:
        reason = f"OpenCV {cv2.__version__} has no HOGDescriptor; OpenCV 4 has"
        assert answers == [{"absent": reason}, {"absent": reason}]


def test_a_peer_that_fails_says_why_and_answers_nothing(tmp_path):
    done, answers = ask("OpenCV", tmp_path / "nowhere.npz")
    assert answers == []
    assert done.returncode != 0
    assert "nowhere.npz" in done.stderr


def test_a_turn_is_one_call_at_least():
    calls = []
    assert len(peers.take_turn(lambda: calls.append(1), 0)) == len(calls) == 1


@pytest.fixture(scope="module")
def kernels():
    specification = importlib.util.spec_from_file_location(
        "kernels", ROOT / "benchmarks" / "kernels.py"
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (
            "OpenCV",
            f"--python must be PEER=PYTHON, with PEER one of {', '.join(peers.PEERS)}, but "
            f"'OpenCV' was given",
        ),
        ("OpenCV=/nowhere/python", "--python OpenCV=/nowhere/python: No such file or directory"),
    ],
)
def test_the_benchmark_names_what_is_wrong_with_a_python(kernels, option, message):
    with pytest.raises(SystemExit, match=re.escape(message)):
        kernels.start_interpreters([option])


def test_the_benchmark_takes_turns_with_another_python(kernels, tmp_path):
    case = next(case for case in kernels.CASES if case.name == "hog_cell8")
    interpreters = kernels.start_interpreters([f"OpenCV={sys.executable}"])
    _, side, ours, peers_said = kernels.measure(case, 64, 0.01, interpreters, tmp_path)
    interpreters["OpenCV"].close()
    assert side == 64
    assert float(ours) > 0
    assert "OpenCV absent" in peers_said or re.search(r"OpenCV [\d.]+ ms", peers_said)

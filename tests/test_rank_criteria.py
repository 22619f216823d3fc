"""The script that compares criteria of validation by the AUC at an external set."""

import subprocess
import sys
from pathlib import Path

from tests.report_run import write_run

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "rank_criteria.py"


def test_every_criterion_has_a_correlation_and_a_choice(tmp_path):
    write_run(tmp_path)
    done = subprocess.run(
        [sys.executable, SCRIPT, tmp_path], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert "Spearman" in lines[0]
    for criterion in ("cross-validation", "framing swap", "appearance swap", "worse of both"):
        assert sum(criterion in line for line in lines) == 1
    assert "nan" not in done.stdout.lower()

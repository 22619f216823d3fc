import io
import json

import pytest
from click.testing import CliRunner
from rich.console import Console

from featurex.cli import _progress, cli
from featurex.cli._progress import ConsoleProgress, JsonProgress, QuietProgress, choose_progress


def test_a_log_gets_lines_while_a_stage_lasts_and_one_at_its_end(monkeypatch):
    monkeypatch.setattr(_progress, "_EVERY", 0.01)
    console = Console(file=io.StringIO(), force_terminal=False)
    with ConsoleProgress(console).stage("Reading", 3) as advance:
        advance(2)
        while "2 of 3" not in console.file.getvalue():
            pass
    lines = console.file.getvalue().splitlines()
    assert lines[0].startswith("Reading: ")
    assert lines[-1].startswith("Reading: 3 in ")


def test_quiet_progress_says_nothing(capsys):
    quiet = choose_progress(quiet=True, verbose=False, log_json=False)
    with quiet.stage("Reading", 2) as advance:
        advance()
    quiet.say("nobody hears it")
    assert isinstance(quiet, QuietProgress)
    assert capsys.readouterr() == ("", "")


def test_json_progress_writes_one_object_a_line(capsys):
    progress = choose_progress(quiet=False, verbose=False, log_json=True)
    assert isinstance(progress, JsonProgress)
    with progress.stage("Reading", 2) as advance:
        advance(2, failed=1)
    start, end = map(json.loads, capsys.readouterr().err.splitlines())
    assert (start["event"], end["event"]) == ("start", "end")
    assert (end["done"], end["set_aside"]) == (2, 1)


@pytest.mark.parametrize(
    "command", ["audit", "benchmark", "extract", "fetch", "lungs", "phantom", "predict"]
)
def test_every_long_command_can_be_quiet_verbose_or_machine_readable(command):
    text = CliRunner().invoke(cli, [command, "--help"]).output
    assert all(option in text for option in ("--quiet", "--verbose", "--log-json"))


def test_only_one_kind_of_progress_is_taken(tmp_path):
    given = ["phantom", str(tmp_path / "set"), "--quiet", "--log-json"]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 2
    assert "give one of --quiet, --verbose and --log-json" in done.output

"""What commands send to a terminal and to a pipe, whatever the names of the files."""

import io
import os
import subprocess
import sys

import pytest
from rich.table import Table

from featurex import load_dataset
from featurex.cli._console import OutputConsole
from featurex.cli._output import show_controls
from featurex.errors import DataError

NAME = "a\x1b[31mred\x07\x9b2J\r.jpeg"


def test_control_characters_of_a_name_are_shown_and_not_sent():
    stream = io.StringIO()
    console = OutputConsole(file=stream, force_terminal=True, width=60, color_system="standard")
    table = Table("file", title=NAME)
    table.add_row(NAME)
    console.print(table)
    console.print(NAME, style="yellow", markup=False, highlight=False)
    text = stream.getvalue()
    assert text.count("␛[31mred") == 3
    assert not {"\x07", "\x9b", "\r"} & set(text)
    # Only the console's own colours, as the yellow of the last line, are sent.
    assert "\x1b[31m" not in text
    assert "\x1b[33m" in text
    assert show_controls("two\nlines\tand a tab") == "two\nlines\tand a tab"


def run(arguments, stdout):
    return subprocess.run(
        [sys.executable, "-m", "featurex", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_an_output_that_cannot_be_written_is_one_sentence():
    with open("/dev/full", "w") as full:
        ended = run(["--help"], full)
    assert ended.returncode == 1
    assert ended.stderr == ("Error: standard output cannot be written: No space left on device\n")


def test_a_reader_that_goes_away_ends_a_command_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as pipe:
        ended = run(["--help"], pipe)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "list.csv")
    with pytest.raises(DataError, match=r"list\.csv is a pipe, socket or device; name a folder"):
        load_dataset(tmp_path / "list.csv")

"""What commands send to a terminal and to a pipe, whatever the names of the files."""

import io
import os
import subprocess
import sys

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from rich.table import Table

from featurex import load_dataset, load_model
from featurex.cli import cli
from featurex.cli._console import OutputConsole
from featurex.cli._output import show_controls
from featurex.config import read_configuration
from featurex.datasets.tables import read_table
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
    pipe = tmp_path / "list.csv"
    os.mkfifo(pipe)
    for read in (load_dataset, read_table, read_configuration, load_model):
        with pytest.raises(
            DataError, match=r"list\.csv is a pipe, socket or device; name a folder"
        ):
            read(pipe)


def test_a_working_folder_that_was_removed_is_one_sentence(tmp_path):
    command = f"mkdir gone && cd gone && rmdir ../gone && exec '{sys.executable}' -m featurex -h"
    ended = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    message = "Error: the working folder was removed; change to one that is there\n"
    assert (ended.returncode, ended.stderr) == (2, message)


def test_a_name_near_255_bytes_gives_a_page_a_mask_and_a_row(tmp_path):
    name = "🫁" * 62 + ".png"
    folder = tmp_path / "in"
    folder.mkdir()
    cv2.imwrite(str(folder / name), np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8))
    for command, option, out in (("lungs", "--out", "masks"), ("predict", "--explain", "pages")):
        given = [command, str(folder), option, str(tmp_path / out), "--jobs", "1"]
        assert CliRunner().invoke(cli, given, standalone_mode=False).return_value == 0
    assert len(list((tmp_path / "masks" / "masks").iterdir())) == 1
    assert len(list((tmp_path / "pages").rglob("*.html"))) == 2

import hashlib
import io
import stat
import threading
import zipfile
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from featurex.cli import cli
from featurex.datasets import load_dataset
from featurex.datasets.download import ResumingDownloader
from featurex.datasets.fetch import DOWNLOADS, Download, fetch, fetch_download
from featurex.datasets.unpack import check_space, unpack_zip
from featurex.errors import DataError, ParameterError
from featurex.progress import Progress

Usage = namedtuple("Usage", "total used free")


def make_zip(entries, mode=stat.S_IFREG | 0o644, compression=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = mode << 16, compression
            archive.writestr(info, data)
    return stream.getvalue()


GOOD = make_zip(
    {
        "chest_xray/train/NORMAL/IM-0115-0001.jpeg": bytes(300_000),
        "chest_xray/train/PNEUMONIA/person1_virus_6.jpeg": bytes(200_000),
        "chest_xray/.DS_Store": b"x",
        "__MACOSX/chest_xray/train/NORMAL/._IM-0115-0001.jpeg": b"x",
    }
)


class Server:
    """Serves one file on loopback; `cut` ends each answer after so many bytes."""

    def __init__(self, data):
        self.data, self.cut, self.ranges, self.status = data, None, True, None
        self.requests, self.endless = [], False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *args):
                """Keep the tests' output clean."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/file"

    def answer(self, request):
        wanted = request.headers.get("Range")
        self.requests.append(wanted)
        if self.status:
            request.send_error(self.status)
            return
        start = (
            int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.ranges else 0
        )
        if start >= len(self.data):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        if start:
            request.send_header(
                "Content-Range", f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
            )
        if not self.endless:
            request.send_header("Content-Length", str(len(self.data) - start))
        request.end_headers()
        while self.endless:
            try:
                request.wfile.write(bytes(2**16))
            except OSError:
                return
        stop = len(self.data) if self.cut is None else start + self.cut
        request.wfile.write(self.data[start:stop])

    def download(self, **changes):
        checksum = f"sha256:{hashlib.sha256(GOOD).hexdigest()}"
        options = {"n_bytes": len(GOOD), "folder": "chest_xray", "steps": "by hand: ask"} | changes
        return Download(self.url, checksum, "set.zip", **options)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server(GOOD)
    yield server
    server.http.shutdown()
    server.http.server_close()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_set_is_downloaded_checked_and_unpacked(server, tmp_path):
    target = fetch_download(server.download(), tmp_path / "data")
    assert target == tmp_path / "data" / "chest_xray"
    assert names(tmp_path / "data") == ["chest_xray"]
    assert names(target) == ["train"]
    assert len(load_dataset(target)) == 2
    assert server.requests == [None]
    assert fetch_download(server.download(), tmp_path / "data") == target
    assert server.requests == [None]


@pytest.mark.parametrize("known", [True, False])
def test_a_broken_connection_is_resumed(server, tmp_path, known):
    server.cut = 150_000  # of which two chunks of 64 KiB are kept
    fetch_download(server.download(**({} if known else {"n_bytes": None})), tmp_path)
    assert server.requests == [None, *(f"bytes={n * 2**17}-" for n in (1, 2, 3))]


def test_a_later_call_goes_on_from_the_part(server, tmp_path):
    (tmp_path / ".set.zip.part").write_bytes(GOOD[:1234])
    fetch_download(server.download(), tmp_path)
    assert server.requests == ["bytes=1234-"]
    assert names(tmp_path) == ["chest_xray"]


def test_a_server_without_ranges_begins_again(server, tmp_path):
    server.ranges = False
    (tmp_path / ".set.zip.part").write_bytes(b"x" * 1234)
    fetch_download(server.download(), tmp_path)
    assert names(tmp_path) == ["chest_xray"]


def test_a_part_that_is_too_long_is_dropped(server, tmp_path):
    (tmp_path / ".set.zip.part").write_bytes(GOOD + b"more")
    fetch_download(server.download(), tmp_path)
    assert server.requests == [f"bytes={len(GOOD) + 4}-", None]


def test_a_connection_that_never_moves_on_ends_with_the_steps_by_hand(server, tmp_path):
    server.cut = 0
    with pytest.raises(
        DataError,
        match=r"failed after 0 bytes .*run the command again: it goes on(.|\n)*by hand: ask",
    ):
        fetch_download(server.download(), tmp_path)
    assert len(server.requests) == 5


def test_no_server_at_all(server, tmp_path):
    server.http.shutdown()
    server.http.server_close()
    with pytest.raises(DataError, match=r"the connection to .* failed after 0 bytes(.|\n)*by hand"):
        fetch_download(server.download(), tmp_path)


def test_a_refusing_server_is_quoted(server, tmp_path):
    server.status = 404
    with pytest.raises(DataError, match=r"answers 404 Not Found\nby hand: ask"):
        fetch_download(server.download(), tmp_path)
    assert len(server.requests) == 1


def test_a_server_that_never_stops_is_left(server, tmp_path):
    server.endless = True
    with pytest.raises(DataError, match=f"sends more than the {len(GOOD):,} bytes of the file"):
        fetch_download(server.download(), tmp_path)
    assert names(tmp_path) == []


def test_a_download_of_unknown_size_leaves_room_on_the_disk(server, tmp_path, monkeypatch):
    server.endless = True
    usage = Usage(0, 0, 2**30 + 2**20)
    monkeypatch.setattr("featurex.datasets.download.shutil.disk_usage", lambda folder: usage)
    with pytest.raises(DataError, match="sends more than the disk can hold"):
        fetch_download(server.download(n_bytes=None), tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("elsewhere")])
def test_only_a_file_is_taken_for_the_part(server, tmp_path, make):
    make(tmp_path / ".set.zip.part")
    with pytest.raises(DataError, match=r"\.set\.zip\.part must be a file, or not there"):
        fetch_download(server.download(), tmp_path)
    assert server.requests == []
    assert not (tmp_path / "elsewhere").exists()


def test_wrong_bytes_are_refused_and_not_kept(server, tmp_path):
    server.data = bytes(len(GOOD))
    with pytest.raises(DataError, match=r"are not those expected \(checksum sha256:"):
        fetch_download(server.download(), tmp_path)
    assert names(tmp_path) == []


def test_too_little_space_is_said_before(server, tmp_path):
    with pytest.raises(DataError, match=r"2000000.00 GB are needed in .*, but only .* GB are free"):
        fetch_download(server.download(n_bytes=10**15), tmp_path)
    assert server.requests == []
    check_space(tmp_path, 1)


def test_progress_moves(server, tmp_path):
    steps = []

    class Count(Progress):
        def stage(self, title, total):
            steps.append((title, total))
            return super().stage(title, total)

    fetch_download(server.download(), tmp_path, progress=Count())
    assert steps == [("Downloading set.zip (MiB)", 1)]


def test_each_mebibyte_is_reported_once(server, tmp_path):
    server.data, server.cut = bytes(3 * 2**20 + 5), 2**20 + 2**19
    ticks = []
    downloader = ResumingDownloader(tmp_path / "part", len(server.data), lambda: ticks.append(1))
    downloader(server.url, tmp_path / "file", None)
    assert (tmp_path / "file").read_bytes() == server.data
    assert len(ticks) == 3


# --- archives


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/absolute.txt",
        "a/../../outside.txt",
        "..\\outside.txt",
        "C:\\x.txt",
        "\\\\host\\x",
    ],
)
def test_entries_that_leave_the_folder_are_refused(tmp_path, name):
    archive = tmp_path / "in" / "bad.zip"
    archive.parent.mkdir()
    archive.write_bytes(make_zip({"good.txt": b"x", name: b"x"}))
    with pytest.raises(DataError, match="would write outside of its folder"):
        unpack_zip(archive, tmp_path / "in" / "target")
    assert names(tmp_path) == ["in"]
    assert names(tmp_path / "in") == ["bad.zip"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_are_refused(tmp_path, mode):
    archive = tmp_path / "bad.zip"
    archive.write_bytes(make_zip({"link": b"/etc/passwd"}, mode | 0o777))
    with pytest.raises(DataError, match="holds a link or device: 'link'"):
        unpack_zip(archive, tmp_path / "target")
    assert names(tmp_path) == ["bad.zip"]


def test_a_bomb_is_refused(tmp_path):
    archive = tmp_path / "bad.zip"
    archive.write_bytes(make_zip({"a": bytes(2**24)}, compression=zipfile.ZIP_DEFLATED))
    with pytest.raises(
        DataError, match="would grow to 16,777,216 bytes, more than 20 times its size"
    ):
        unpack_zip(archive, tmp_path / "target")


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (["a/" * 40 + "b"], "more than 32 deep"),
        (["", "a"], "without a name"),
        (["./"], "without a name"),
        (["a/b", "a//b"], "two entries called 'a/b'"),
    ],
)
def test_names_that_no_folder_can_hold_are_refused(tmp_path, listed, message):
    archive = tmp_path / "bad.zip"
    archive.write_bytes(make_zip(dict.fromkeys(listed, b"x")))
    with pytest.raises(DataError, match=message):
        unpack_zip(archive, tmp_path / "target")
    assert names(tmp_path) == ["bad.zip"]


@pytest.mark.parametrize("offset", [39, 44, 60])
def test_a_broken_member_of_lzma_is_damage(tmp_path, offset):
    archive = tmp_path / "bad.zip"
    data = bytearray(make_zip({"a.txt": bytes(range(256))}, compression=zipfile.ZIP_LZMA))
    data[offset] ^= 0xFF
    archive.write_bytes(data)
    with pytest.raises(DataError, match=r"the archive .* is damaged|cannot unpack .* to "):
        unpack_zip(archive, tmp_path / "target")
    assert names(tmp_path) == ["bad.zip"]


@pytest.mark.parametrize("position", [60, -5])
def test_a_damaged_archive_leaves_nothing(tmp_path, position):
    archive = tmp_path / "bad.zip"
    data = bytearray(make_zip({"a.txt": b"x" * 100}))
    data[position] ^= 0xFF
    archive.write_bytes(data)
    with pytest.raises(DataError, match=r"the archive .* is damaged|cannot unpack .* to "):
        unpack_zip(archive, tmp_path / "target")
    assert names(tmp_path) == ["bad.zip"]


# --- the list


def test_the_list_of_sets_is_pinned():
    for name, download in DOWNLOADS.items():
        kind, digest = download.checksum.split(":")
        assert len(digest) == {"sha256": 64, "md5": 32}[kind], name
        assert download.url.startswith("https://")
        assert "by hand" in download.steps


def test_an_unknown_set_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="name must be one of kermany, pneumoniamnist"):
        fetch("imagenet", tmp_path)


def test_the_command_says_what_it_fetched_and_where(server, tmp_path, monkeypatch):
    monkeypatch.setitem(DOWNLOADS, "kermany", server.download())
    target = tmp_path / "data"
    result = CliRunner().invoke(
        cli, ["fetch", "kermany", "--to", str(target)], standalone_mode=False
    )
    assert result.exception is None
    assert result.stdout.strip() == str(target / "chest_xray")
    assert "2 images of 2 patients (train: 1 NORMAL, 1 PNEUMONIA)" in result.stderr


def test_the_command_shows_the_steps_by_hand(server, tmp_path, monkeypatch):
    server.status = 503
    monkeypatch.setitem(DOWNLOADS, "kermany", server.download())
    result = CliRunner().invoke(
        cli, ["fetch", "kermany", "--to", str(tmp_path)], standalone_mode=False
    )
    assert isinstance(result.exception, DataError)
    assert "by hand: ask" in str(result.exception)

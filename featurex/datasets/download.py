"""One file over HTTP, resumed where a broken connection left it; pooch checks the checksum."""

import os
import re
import shutil
from pathlib import Path

import requests

from featurex.errors import DataError

# Bytes that a broken connection costs at most.
_CHUNK = 2**16
_MIB = 2**20
_ATTEMPTS = 5
# Bytes that a download of unknown size leaves free on the disk.
_SPARE = 2**30
# Seconds to connect, and to wait for the next bytes.
_TIMEOUT = (10, 60)
_PARTIAL, _RANGE_NOT_SATISFIABLE = 206, 416


class ResumingDownloader:
    """A downloader for pooch that keeps what has arrived, for the next attempt or the next call.

    Parameters
    ----------
    part : pathlib.Path
        The file that holds the bytes so far.
    n_bytes : int or None
        The file's size, where it is known.
    advance : callable
        Called without arguments for each MiB.
    """

    def __init__(self, part, n_bytes=None, advance=lambda: None):
        self.part = Path(part)
        self.n_bytes = n_bytes
        self.advance = advance
        self._reported = 0

    def __call__(self, url, output_file, pooch):
        """Download `url` to `output_file`, as pooch calls it.

        Raises
        ------
        DataError
            If the server cannot be reached, refuses, breaks the connection again and again without
            sending more, or sends more than the file has; or if the part is no file.
        """
        if self.part.is_symlink() or (self.part.exists() and not self.part.is_file()):
            raise DataError(f"{self.part} must be a file, or not there: take it away")
        failure = None
        idle = 0
        while idle < _ATTEMPTS:
            before = self._arrived()
            try:
                self._attempt(url)
                os.replace(self.part, output_file)
                return
            except requests.HTTPError as error:
                raise DataError(
                    f"{url} answers {error.response.status_code} {error.response.reason}"
                ) from error
            except (requests.RequestException, ConnectionError) as error:
                failure = error
            idle = 0 if self._arrived() > before else idle + 1
        raise DataError(
            f"the connection to {url} failed after {self._arrived():,} bytes "
            f"({type(failure).__name__}); "
            "run the command again: it goes on from there"
        ) from failure

    def _arrived(self):
        return self.part.stat().st_size if self.part.exists() else 0

    def _report(self, arrived):
        for _ in range(self._reported, arrived // _MIB):
            self.advance()
        self._reported = max(self._reported, arrived // _MIB)

    def _attempt(self, url):
        """Fetch what is missing; return only when everything has arrived."""
        start = self._arrived()
        if self.n_bytes is not None and start == self.n_bytes:
            return
        headers = {"Range": f"bytes={start}-"} if start else {}
        with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as response:
            if response.status_code == _RANGE_NOT_SATISFIABLE:
                self.part.unlink()  # longer than the file itself: begin again
                raise requests.ConnectionError("the part on disk is longer than the file")
            response.raise_for_status()
            resumed = response.status_code == _PARTIAL and _start(response) == start
            expected = response.headers.get("Content-Length")
            declared = expected and expected.isdigit() and int(expected)
            whole = self.n_bytes or (declared and declared + (start if resumed else 0))
            limit = whole or shutil.disk_usage(self.part.parent).free - _SPARE
            with open(self.part, "ab" if resumed else "wb") as stream:
                for chunk in response.iter_content(_CHUNK):
                    stream.write(chunk)
                    self._report(stream.tell())
                    if stream.tell() > limit:
                        break
        if self._arrived() > limit:
            self.part.unlink()
            raise DataError(
                f"{url} sends more than "
                f"{f'the {whole:,} bytes of the file' if whole else 'the disk can hold'}: nothing "
                f"was kept"
            )
        if whole and self._arrived() < whole:
            raise requests.ConnectionError(f"{self._arrived()} of {whole} bytes have arrived")


def _start(response):
    """Return the first byte of a partial response (RFC 9110, 14.4); None where it does not say."""
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None

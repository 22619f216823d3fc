"""Public data sets by name, with pinned checksums."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from featurex.checks import check_choice
from featurex.datasets.unpack import check_space, unpack_zip
from featurex.errors import DataError
from featurex.files import check_writable
from featurex.progress import Progress

_MIB = 2**20
_KERMANY_STEPS = """by hand:
  1. kaggle datasets download -d paultimothymooney/chest-xray-pneumonia
     (pip install kaggle; a token from kaggle.com, Settings, API), or download ChestXRay2017.zip in
     a browser from https://data.mendeley.com/datasets/rscbjbr9sj/2
  2. unpack it
  3. featurex benchmark chest_xray/"""
_ZENODO = "https://zenodo.org/records/10519652/files"


@dataclass(frozen=True)
class Download:
    """A file on the network, and what becomes of it.

    Parameters
    ----------
    url : str
        Where the file is.
    checksum : str
        "sha256:..." or "md5:...".
    file : str
        Name of the file on disk.
    n_bytes : int or None
        Size of the file, where the publisher states it.
    folder : str or None
        The name of the folder into which a zip archive is unpacked; None leaves the file as it is.
    steps : str
        What to do by hand instead, for messages.
    licence : str
        Under which its publisher offers it.
    """

    url: str
    checksum: str
    file: str
    n_bytes: int | None = None
    folder: str | None = None
    steps: str = ""
    licence: str = "CC BY 4.0"

    @property
    def target(self):
        """Name of the file or folder that is there in the end."""
        return self.folder or self.file


def _medmnist(file, md5):
    url = f"{_ZENODO}/{file}?download=1"
    return Download(url, f"md5:{md5}", file, steps=f"by hand: download {url} in a browser")


# Kermany: doi:10.17632/rscbjbr9sj.2. PneumoniaMNIST: doi:10.5281/zenodo.10519652.
DOWNLOADS = {
    "kermany": Download(
        "https://data.mendeley.com/public-files/datasets/rscbjbr9sj/files/"
        "f12eaf6d-6023-432f-acc9-80c9d7393433/file_downloaded",
        "sha256:13efc055629733dbab07877f8b3c9f81097840dbcdaa326a8542322c2281ce36",
        "ChestXRay2017.zip",
        n_bytes=1_235_512_464,
        folder="chest_xray",
        steps=_KERMANY_STEPS,
    ),
    "pneumoniamnist": _medmnist("pneumoniamnist.npz", "28209eda62fecd6e6a2d98b1501bb15f"),
    "pneumoniamnist-64": _medmnist("pneumoniamnist_64.npz", "8f4eceb4ccffa70c672198ea285246c6"),
    "pneumoniamnist-128": _medmnist("pneumoniamnist_128.npz", "05b46931834c231683c68f40c47b2971"),
    "pneumoniamnist-224": _medmnist("pneumoniamnist_224.npz", "d6a3c71de1b945ea11211b03746c1fe1"),
}


def fetch(
    name: str, folder: str | PathLike[str] = "data", *, progress: Progress | None = None
) -> Path:
    """Download a public data set, unless it is there already.

    Parameters
    ----------
    name : str
        A key of `DOWNLOADS`: kermany (1.2 GB), or pneumoniamnist with -64, -128, -224 for larger
        images.
    folder : str or path-like
        Where to put it; created if it does not exist.
    progress : Progress or None
        Shows how far the download is; None shows nothing.

    Returns
    -------
    path : pathlib.Path
        For `load_dataset`.

    Raises
    ------
    DataError
        If the network or the disk fails, or the bytes are not those expected. What has arrived is
        kept and continued by the next call; the message tells the steps by hand.
    ParameterError
        If there is no data set of that name.

    Examples
    --------
    >>> from featurex import fetch
    >>> path = fetch("pneumoniamnist")  # doctest: +SKIP
    >>> fetch("mimic")
    Traceback (most recent call last):
    featurex.errors.ParameterError: name must be one of kermany, pneumoniamnist, ...
    """
    return fetch_download(
        DOWNLOADS[check_choice("name", name, tuple(DOWNLOADS))], folder, progress=progress
    )


def fetch_download(download, folder, *, progress=None):
    """Download one file, check it, and unpack it.

    Parameters
    ----------
    download : Download
        A member of `DOWNLOADS`, or one of your own.
    folder : str or path-like
        Where to put it; created if it does not exist.
    progress : Progress or None
        As in `fetch`.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    DataError
    """
    folder = check_writable(folder)
    target = folder / download.target
    if target.exists():
        return target
    check_space(folder, (download.n_bytes or 0) * (2 if download.folder else 1))
    try:
        file = _retrieve(download, folder, progress or Progress())
    except DataError as error:
        raise DataError(f"{error}\n{download.steps}") from error
    if download.folder:
        unpack_zip(file, target)
        file.unlink()
    return target


def _retrieve(download, folder, progress):
    import pooch

    from featurex.datasets.download import ResumingDownloader

    pooch.get_logger().setLevel("WARNING")  # it announces what our progress shows
    part = folder / f".{download.file}.part"
    with progress.stage(
        f"Downloading {download.file} (MiB)", -(-(download.n_bytes or 0) // _MIB)
    ) as advance:
        downloader = ResumingDownloader(part, download.n_bytes, advance)
        try:
            path = pooch.retrieve(
                download.url, download.checksum, download.file, folder, downloader=downloader
            )
        except ValueError as error:
            if isinstance(error, DataError):
                raise
            raise DataError(
                f"the bytes from {download.url} are not those expected (checksum "
                f"{download.checksum}): nothing was kept"
            ) from error
    return Path(path)

"""Take the README's picture of a report, in headless Chromium.

Usage: featurex benchmark --out runs/phantom
       python scripts/make_report_picture.py runs/phantom docs/resources/report.png

Only for runs on the phantom: no patient's image may end up in the repository.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from featurex.report import write_report
from featurex.runs import read_record

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Size of each half in CSS pixels: the summary on the left, the curves on the right.
WIDTH, HEIGHT = 1280, 1280
PLACES = ("", "#curves")


def main(run, target):
    """Write the report of `run` again, and its picture to `target`.

    Parameters
    ----------
    run : str
        Folder of a finished run on the phantom.
    target : str
        PNG to write.
    """
    if not read_record(run).info.dataset.synthetic:
        sys.exit(f"{run} holds real radiographs; the picture shows the phantom only")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"needs one of {', '.join(BROWSERS)} on the path")
    page = write_report(run).resolve().as_uri()
    with tempfile.TemporaryDirectory() as folder:
        picture = take_shot(browser, [page + place for place in PLACES], Path(folder))
    size = (picture.width * 3 // 4, picture.height * 3 // 4)
    # A palette takes a third of the bytes, and the page has few colours.
    palette = picture.resize(size, Image.Resampling.LANCZOS).quantize(dither=Image.Dither.NONE)
    palette.save(target, optimize=True)
    print(target)


def take_shot(browser, addresses, folder):
    """Take a picture of pages side by side.

    Parameters
    ----------
    browser : str
        Program of the browser.
    addresses : list of str
        Addresses of the pages. Each is shown in a frame, since a frame can be scrolled to a section
        and a headless window cannot.
    folder : pathlib.Path
        Temporary folder for the frames, the browser's profile and the picture.

    Returns
    -------
    shot : PIL.Image.Image
    """
    frames = folder / "frames.html"
    frame = (
        '<iframe src="{}" width="{}" height="{}" style="border: 0; float: left" scrolling="no">'
        "</iframe>"
    )
    halves = "".join(frame.format(address, WIDTH, HEIGHT) for address in addresses)
    frames.write_text(f'<body style="margin: 0">{halves}', encoding="utf-8")
    shot = folder / "shot.png"
    subprocess.run(
        [
            browser,
            *(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-prefers-reduced-motion",
            ),
            *(
                "--no-first-run",
                "--disable-background-networking",
                "--disable-sync",
                f"--user-data-dir={folder}",
            ),
            *(
                f"--window-size={len(addresses) * WIDTH},{HEIGHT}",
                f"--screenshot={shot}",
                frames.as_uri(),
            ),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Image.open(shot).convert("RGB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

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
from featurex.report.record import read_record

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1280, 1360
# Side by side: the verdict, and the figures further down.
PLACES = ("", "#performance")


def main(run, target):
    """Write the report of `run` anew and its picture to `target`."""
    if not read_record(run).facts["dataset"].get("synthetic"):
        sys.exit(f"{run} holds real radiographs; the picture shows the phantom only")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"needs one of {', '.join(BROWSERS)} on the path")
    page = write_report(run).resolve().as_uri()
    picture = Image.new("RGB", (len(PLACES) * WIDTH, HEIGHT))
    for number, place in enumerate(PLACES):
        picture.paste(take_shot(browser, page + place), (number * WIDTH, 0))
    picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
    picture.save(target, optimize=True)
    print(target)


def take_shot(browser, address):
    """The window of a headless browser at `address`: PIL.Image.Image."""
    with tempfile.TemporaryDirectory() as profile:
        shot = Path(profile, "shot.png")
        subprocess.run(
            [
                browser,
                *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-prefers-reduced-motion"),
                *("--no-first-run", "--disable-background-networking", "--disable-sync", f"--user-data-dir={profile}"),
                *(f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}", address),
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

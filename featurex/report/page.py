"""What all pages share: one file that works offline, and how it is written."""

import base64
import hashlib
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from featurex.files import check_writable, replacing
from featurex.report import names
from featurex.wording import count

_PACKAGE, _FOLDER = "featurex.report", "templates"


def render_page(template, version, **values):
    """Fill a template that extends base.html.

    The page works offline, without JavaScript and on paper. Its content policy forbids every
    request, and every style and script but its own, so that a name from outside can do nothing.

    Parameters
    ----------
    template : str
        Name of a file in the folder templates.
    version : str
        Version of the featurex that made what is shown.
    **values : object
        Variables of the template; in it, text is escaped unless it is `markupsafe.Markup`.

    Returns
    -------
    page : str
        HTML.
    """
    environment = Environment(
        loader=PackageLoader(_PACKAGE, _FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(names=names, count=count)
    style, script = _read_asset("page.css"), _read_asset("page.js")
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src "
        f"'{_hash(script)}'"
    )
    return environment.get_template(template).render(
        version=version, style=style, script=script, policy=policy, **values
    )


def write_page(path, page):
    """Write a page, whole or not at all.

    Parameters
    ----------
    path : str or path-like
        File to write; its folder is created if it does not exist.
    page : str
        HTML, as from `render_page`.

    Returns
    -------
    path : pathlib.Path
        The file.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    path = Path(path)
    check_writable(path.absolute().parent)
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return path


def _read_asset(name):
    asset = resources.files(_PACKAGE).joinpath(_FOLDER, name)
    return Markup(asset.read_text(encoding="utf-8").strip())


def _hash(content):
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return Markup(f"sha256-{base64.b64encode(digest).decode('ascii')}")

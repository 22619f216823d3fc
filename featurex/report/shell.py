"""What all pages share: one file, without anything from outside."""

import base64
import hashlib
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from featurex.report import names


def fill(template, version, **values):
    """A page as one string.

    It works offline, without JavaScript and on paper; its policy forbids it every request and every
    script but its own.

    Parameters
    ----------
    template : str
        A file of this folder that extends base.html.
    version : str
        Of the featurex that made what is shown.
    **values : object
        What the template names.

    Returns
    -------
    page : str
    """
    environment = Environment(
        loader=PackageLoader("featurex.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(names=names)
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src "
        f"'{_hash(script)}'"
    )
    return environment.get_template(template).render(
        version=version, style=style, script=script, policy=policy, **values
    )


def _asset(name):
    return Markup(
        resources.files("featurex.report").joinpath(name).read_text(encoding="utf-8").strip()
    )


def _hash(content):
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return Markup(f"sha256-{base64.b64encode(digest).decode('ascii')}")

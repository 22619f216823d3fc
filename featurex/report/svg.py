"""Elements of SVG, escaped; and one figure of a page."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Figure:
    """A drawing with what is said about it.

    Parameters
    ----------
    title : str
        Heading on the page.
    svg : markupsafe.Markup
    caption : str
        One or two sentences: how to read it.
    """

    title: str
    svg: Markup
    caption: str


def element(tag, *children, **attributes):
    """One SVG element.

    Parameters
    ----------
    tag : str
    *children : str or Markup
        Plain text is escaped.
    **attributes : str or float
        ``class_`` gives class, an underscore elsewhere a hyphen; None leaves the attribute out.

    Returns
    -------
    markup : markupsafe.Markup
    """
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(escape(child) for child in children)
    return Markup(f"<{tag}{given}>{inner}</{tag}>" if inner else f"<{tag}{given}/>")


def text(x, y, content, *, anchor="start", style=None):
    """A line of text; `anchor` is the part of it that stands at x: start, middle or end."""
    return element(
        "text", content, x=x, y=y, text_anchor=None if anchor == "start" else anchor, class_=style
    )


def drawing(name, title, description, width, height, *children):
    """A whole SVG that scales with the page and says in words what it shows.

    Parameters
    ----------
    name : str
        Unique on the page.
    title, description : str
        For those who do not see it.
    width, height : float
        Of the coordinate system; a unit is about a CSS pixel on a small screen.
    *children : Markup
    """
    name = identifier(name)
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-description"),
        *children,
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
    )


def identifier(words):
    """Letters, digits and hyphens, as an id wants them."""
    return re.sub(r"[^a-z0-9]+", "-", str(words).lower()).strip("-")


def shorten(words, length):
    """Cut a long text, with an ellipsis: SVG does not wrap lines."""
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def _number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value

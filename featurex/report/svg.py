"""SVG elements, whose text is escaped, and figures made of them."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Figure:
    """A drawing with its title and caption.

    Parameters
    ----------
    title : str
        Heading on the page.
    svg : markupsafe.Markup
        The drawing.
    caption : str
        A few sentences that say how to read it.
    """

    title: str
    svg: Markup
    caption: str


def number_style(index):
    """Style a curve by its number; from the fifth on, colours and dashes come again, thinner.

    Parameters
    ----------
    index : int
        Number of the class or set, from 0.

    Returns
    -------
    style : str
        CSS classes, which differ for twelve curves.

    Examples
    --------
    >>> number_style(2), number_style(6), number_style(11)
    ('class-2', 'class-2 thin', 'class-3 wide')
    """
    return f"class-{index % 4}{('', ' thin', ' wide')[index // 4 % 3]}"


def element(tag, *children, **attributes):
    """Make an SVG element.

    Parameters
    ----------
    tag : str
        Name of the element.
    *children : str or Markup
        Its content; plain text is escaped.
    **attributes : str, float or None
        ``class_`` stands for class, and an underscore elsewhere for a hyphen. None leaves the
        attribute out.

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
    """Make a line of text.

    Parameters
    ----------
    x, y : float
        Coordinates of its baseline.
    content : str
        The text, which is escaped.
    anchor : str
        Part of the line that is at x: "start", "middle" or "end".
    style : str or None
        CSS class.

    Returns
    -------
    markup : markupsafe.Markup
    """
    return element(
        "text", content, x=x, y=y, text_anchor=None if anchor == "start" else anchor, class_=style
    )


def drawing(name, title, description, width, height, *children):
    """Make a whole SVG, which scales with the page and describes itself in words.

    Parameters
    ----------
    name : str
        Name that is unique on the page.
    title, description : str
        What the drawing shows, for readers who cannot see it.
    width, height : float
        Size of the coordinate system; a unit is about one CSS pixel on a small screen.
    *children : Markup
        Content of the drawing.

    Returns
    -------
    markup : markupsafe.Markup
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
    """Reduce words to letters, digits and hyphens, which an id may hold."""
    return re.sub(r"[^a-z0-9]+", "-", str(words).lower()).strip("-")


def shorten(words, length):
    """Cut a long text and add an ellipsis, since SVG does not wrap lines."""
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def _number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value

"""Text for a terminal: names of files may hold control characters, which are shown and not sent."""

import click

# To its picture, as U+241B for escape; C1 controls have none. Tabs and line ends are text.
_SHOWN = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "\u2421",
    **dict.fromkeys(range(128, 160), "�"),
}


def show_controls(text):
    r"""Replace control characters by pictures of them.

    Parameters
    ----------
    text : str
        Any text, as with the name of a file in it.

    Returns
    -------
    text : str
        Of the same length; only tabs and line ends stay.

    Examples
    --------
    >>> show_controls("red\x1b[31m.jpeg")
    'red␛[31m.jpeg'
    """
    return text.translate(_SHOWN)


def echo(message, err=False):
    """Print a line of plain text.

    Parameters
    ----------
    message : object
        What to print; its control characters are shown.
    err : bool
        Whether to print to standard error.
    """
    click.echo(show_controls(str(message)), err=err)

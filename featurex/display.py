"""What a notebook shows of an object: a few facts in the notebook's own colours, light or dark."""

from html import escape


def facts_html(title, facts, note=""):
    """Write a title and facts as a small table.

    Parameters
    ----------
    title : str
        What it is.
    facts : dict of str to object
        Name to value; both are escaped.
    note : str
        A sentence below, or "".

    Returns
    -------
    markup : str
        HTML without colours, fonts and scripts, so that it looks as the notebook does.

    Examples
    --------
    >>> facts_html("Table", {"images": 6})
    '<div><strong>Table</strong><table><tr><th>images</th><td>6</td></tr></table></div>'
    """
    rows = "".join(
        f"<tr><th>{escape(str(name))}</th><td>{escape(str(value))}</td></tr>"
        for name, value in facts.items()
    )
    below = f"<p>{escape(note)}</p>" if note else ""
    return f"<div><strong>{escape(title)}</strong><table>{rows}</table>{below}</div>"

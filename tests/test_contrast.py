"""Text of every page is readable: at least 4.5 to 1 against what lies below it, light and dark.

All pages share one style, whose colours are variables; policies of the pages forbid any other.
"""

import re
from importlib import resources

import numpy as np
import pytest

STYLE = resources.files("featurex.report").joinpath("templates", "page.css").read_text("utf-8")
LEAST = 4.5
# Colour of text, the colours below it, and the fraction of a layer between: (colour, opacity).
PAIRS = [
    ("--ink", ("--paper", "--card", "--warn"), None),
    ("--muted", ("--paper", "--card"), None),
    ("--accent", ("--paper", "--card"), None),
    ("--head-ink", ("--head",), None),
    # Contributions on the page of a film; badges have the colour of ink.
    ("--learnt", ("--paper", "--card"), None),
    ("--classical", ("--paper", "--card"), None),
    # Chosen rows of tables.
    *(("--ink", ("--card",), (kind, 0.09)) for kind in ("--classical", "--learnt", "--third")),
    # Counts in the tables of decisions, at their strongest.
    *(("--ink", ("--card",), (kind, 0.5)) for kind in ("--classical", "--learnt")),
]


def colours(mode):
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)", 1)
    blocks = [light, dark.split("* { box-sizing", 1)[0]] if mode == "dark" else [light]
    return {
        name: np.array([int(value[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        for block in blocks
        for name, value in re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", block)
    }


def contrast(first, second):
    """Of WCAG 2.2, from 1 to 21."""
    linear = [
        np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (first, second)
    ]
    low, high = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (high + 0.05) / (low + 0.05)


def test_the_formula_is_that_of_the_standard():
    assert contrast(np.zeros(3), np.ones(3)) == pytest.approx(21)
    assert contrast(np.full(3, 0x77 / 255), np.ones(3)) == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "below", "layer"), PAIRS)
def test_text_is_readable(mode, text, below, layer):
    known = colours(mode)
    for name in below:
        ground = known[name]
        if layer is not None:
            ground = (1 - layer[1]) * ground + layer[1] * known[layer[0]]
        assert contrast(known[text], ground) >= LEAST, (mode, text, name, layer)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_paler_line_below_a_heading_is_readable(mode):
    known = colours(mode)
    opacity = float(re.search(r"\.asked \{[^}]*opacity: ([0-9.]+)", STYLE)[1])
    text = opacity * known["--head-ink"] + (1 - opacity) * known["--head"]
    assert contrast(text, known["--head"]) >= LEAST


def test_no_other_rule_makes_text_pale():
    """Colours of text are variables of the list above, and its opacity is 1."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", STYLE, flags=re.S))
    pairs = {text for text, _, _ in PAIRS}
    for selector, body in rules:
        for value in re.findall(r"(?<![a-z-])color: ([^;]+);", body):
            known = re.fullmatch(r"var\((--[a-z-]+)\)", value)
            assert value in ("inherit", "#e4ecef") or known[1] in pairs, (selector, value)
        if "opacity" in body:
            assert re.search(r"\.asked|\.span|\.band", selector), selector

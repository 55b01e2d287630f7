"""Figures with their unit in smaller letters: 3,550円, 4 pages."""

import re

from markupsafe import Markup, escape

from forms.text.ruby import by_number

_FIGURE = re.compile(r"\d(?:[\d,.]*\d)?")


def figure(text: str) -> Markup:
    """A short text with a number as HTML: all but its first number becomes `<small>`. Without a number it stays as it is."""
    text = by_number(text)
    number = _FIGURE.search(text)
    if number is None:
        return escape(text)
    before, after = text[: number.start()], text[number.end() :]
    small = Markup("<small>{}</small>")
    return Markup("{}{}{}").format(
        small.format(before) if before else "", number[0], small.format(after) if after else ""
    )

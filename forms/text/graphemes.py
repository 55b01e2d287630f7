"""Length of a text as a person sees it."""

import regex

_GRAPHEME = regex.compile(r"\X")


def length(text: str) -> int:
    """Number of grapheme clusters: 葛 with a variation selector, が with a loose mark and 👨‍👩‍👧 are one each."""
    if text.isascii() and "\r" not in text:  # nothing joins there but the two characters of a line end
        return len(text)
    return sum(1 for _ in _GRAPHEME.finditer(text))

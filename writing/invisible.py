"""Invisible characters, which are copied along with text and are never part of what was meant."""

import regex

# Marks without a shape: soft hyphen, zero width, direction (marks, embeddings, overrides, isolates), joiners, fillers,
# variation selectors, tags, byte order mark, the place of an object that was not copied. A selector or joiner counts only
# where it changes nothing that is seen.
_HIDDEN = (
    r"\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F"
    r"\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFC\U0001D159\U0001D173-\U0001D17A"
)
# Scripts whose letters are joined or kept apart by zero-width joiners (RFC 5892, appendix A.1).
_SCRIPTS = (
    *("Arabic", "Syriac", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada"),
    *("Malayalam", "Sinhala", "Khmer", "Myanmar", "Mongolian"),
)
_JOINING = "[" + "".join(f"\\p{{{script}}}" for script in _SCRIPTS) + "]"
_PICTURE = r"[\p{Extended_Pictographic}\p{Emoji_Modifier}]"

_INVISIBLE = regex.compile(
    rf"[{_HIDDEN}]"
    # A variation of a kanji (IVS, Unicode Technical Standard 37) or of a picture is seen; a selector elsewhere is not.
    r"|(?<!\p{Han})[\U000E0100-\U000E01EF\uFE00-\uFE02]"
    r"|[\uFE03-\uFE0D]"
    r"|(?<![\p{Emoji}\p{Extended_Pictographic}])[\uFE0E\uFE0F]"
    rf"|(?<!{_JOINING}\p{{M}}*)(?<!{_PICTURE}\uFE0F?)[\u200C\u200D]+"
    rf"|[\u200C\u200D]+(?!{_JOINING}|{_PICTURE})"
    # The flags of England, Scotland and Wales are written in tags.
    r"|(?<!\U0001F3F4[\U000E0020-\U000E007F]*)[\U000E0000-\U000E007F]"
)
_LINE_ENDS = regex.compile(r"[\u2028\u2029\u0085]")


def visible(text: str) -> str:
    """Return the text without invisible characters; a line or paragraph separator becomes a line feed, a blank of braille a space.

    Kept because they are seen: the variation selector of a kanji (葛󠄀), joined pictures (👨‍👩‍👧), joiners of scripts that need them.
    """
    if text.isascii():
        return text
    text = _LINE_ENDS.sub("\n", text).replace("\u2800", " ")
    while True:  # what stood behind a mark that is gone may now stand behind nothing that it belongs to
        cleaned = _INVISIBLE.sub("", text)
        if cleaned == text:
            return text
        text = cleaned

"""Half-width and full-width writing: what people type either way becomes one form, and no kanji is ever changed."""

import re
import unicodedata

# Letters, digits and half-width kana. Full-width punctuation stays: it is good Japanese.
_ODD_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ｡-ﾟ]+")
_LOOSE_MARK = re.compile(r"[\u3041-\u30FF][\u3099\u309A]")
_SPACES = re.compile(r"[ \u00A0\u2000-\u200A\u202F\u205F\u3000]+")
_DASHES = re.compile(r"[‐-―−﹣－ｰー─━]")


def fold(text: str) -> str:
    """NFKC: for numbers, dates, codes and search keys only. It changes kanji (神 U+FA19 -> 神): never for names."""
    return unicodedata.normalize("NFKC", text).strip()


def fold_code(text: str) -> str:
    """NFKC with every kind of dash as `-`: for telephone numbers, postal codes and the like."""
    return _DASHES.sub("-", fold(text))


def usual_width(text: str) -> str:
    """Letters and digits half-width, kana full-width with their marks joined; everything else as typed.

    Not NFC or NFKC: both replace compatibility ideographs (福 U+FA1B), and the variants in a name belong to its owner.
    """
    text = _ODD_WIDTH.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text)
    return _LOOSE_MARK.sub(lambda pair: unicodedata.normalize("NFC", pair.group()), text)


def single_spaces(text: str) -> str:
    """Every run of spaces of any width as one plain space, none at the ends."""
    return _SPACES.sub(" ", text).strip()

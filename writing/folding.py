"""Every fold has a name, and every reader says which folds it wants.

A fold makes different writings of one thing the same. Readers that keep what they read (ANSWER) fold only what nobody can
see; readers that compare (SEARCH, NAME) fold whatever people mix up, on both sides of the comparison.
"""

import unicodedata
from collections.abc import Callable

import regex

from writing.invisible import visible
from writing.numerals import arabic, single_digits
from writing.variants import variants

Fold = Callable[[str], str]

_LETTERS = regex.compile(r"[０-９Ａ-Ｚａ-ｚ｡-ﾟ]+")
_LOOSE_MARK = regex.compile(r"([\u3041-\u30FF])([\u3099\u309A\u309B\u309C])")
_APART_LETTERS = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}]\p{Mn}+|\p{Hangul}+")
_LOOSE = regex.compile(r"[\u3099-\u309C]")
_JOINED = {"\u309b": "\u3099", "\u309c": "\u309a"}
_SPACES = regex.compile(r"[ \u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]+")
_WHITE = regex.compile(r"\s+")
_DASHES = regex.compile(r"[‐-―⁃−﹘﹣－ｰー─━➖]")
_DASH_AT_DIGIT = regex.compile(r"(?<=[0-9])[‐-―⁃−﹘﹣－ｰー─━➖](?=[0-9])")
_MARKED = regex.compile(r"([\p{Latin}\p{Greek}\p{Cyrillic}])\p{Mn}+")
_STROKES = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})
_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_HIRAGANA = {code + 0x60: code for code in (*range(0x3041, 0x3095), 0x309D, 0x309E)}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_SOUNDS = str.maketrans("ヂヅヰヱヲヷヸヹヺ", "ジズイエオバビベボ")
_VU = regex.compile(r"ヴ([ァィゥェォアイウエオ])?")
_VU_ROW = dict(zip("ァィゥェォアイウエオ", "バビブベボ" * 2, strict=True))
_KE = regex.compile(r"[ヶヵ]|(?<=[\p{Han}々\p{Hiragana}\p{Katakana}])[ケガがけ](?=\p{Han})")
_NO = str.maketrans("の之乃", "ノノノ")
_SELECTORS = regex.compile(r"[\uFE00-\uFE0F\U000E0100-\U000E01EF]")
_APART = regex.compile(
    r"[[^\p{L}\p{M}\p{N}ー][\u02B0-\u02FF]]+", flags=regex.VERSION1
)  # ʼ and ʻ are written like apostrophes
_COUNTERS = r"丁目|番|号|条(?!市)|線|軒|区|地割"


def usual_letters(text: str) -> str:
    """Letters and digits half-width, kana full-width, loose marks joined to their letter (José and 김 as a Mac types them).

    Everything else as typed. Not NFC or NFKC of the whole: both replace compatibility ideographs (福 U+FA1B), and the
    variants in a name belong to its owner.
    """
    text = _LETTERS.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text)
    text = _LOOSE_MARK.sub(_join, text)
    return text if text.isascii() else _APART_LETTERS.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)


def _join(pair: regex.Match[str]) -> str:
    kana, mark = pair[1], pair[2]
    joined = unicodedata.normalize("NFC", kana + _JOINED.get(mark, mark))
    return joined if len(joined) == 1 else pair[0]


def width(text: str) -> str:
    """NFKC: it changes kanji (神 U+FA19 -> 神), so it is for comparing and for codes, never for a name that is kept."""
    return unicodedata.normalize("NFKC", usual_letters(text))


def loose_marks(text: str) -> str:
    """Without voiced marks that belong to no kana; those that do are joined by `width` before."""
    return _LOOSE.sub("", text)


def case(text: str) -> str:
    """Capital and small letters the same."""
    return unicodedata.normalize("NFKC", text.casefold())


def accents(text: str) -> str:
    """Letters of Latin, Greek and Cyrillic without their accents: nguyễn is nguyen. Kana and Hangul keep their marks."""
    plain = _MARKED.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain).translate(_STROKES)


def dashes(text: str) -> str:
    """Every kind of dash, and the long mark of kana, as `-`: for codes, where none of them is a letter."""
    return _DASHES.sub("-", text)


def dashes_at_digits(text: str) -> str:
    """Dashes between digits as `-`: 1ー2 is 1-2, and センター keeps its long mark."""
    return _DASH_AT_DIGIT.sub("-", text)


def single_spaces(text: str) -> str:
    """Every run of spaces of any width as one plain space, none at the ends; line breaks stay."""
    return _SPACES.sub(" ", text).strip()


def no_spaces(text: str) -> str:
    """Without white space; a mark behind a space joins the letter before it."""
    return unicodedata.normalize("NFC", _WHITE.sub("", text))


def katakana(text: str) -> str:
    """Hiragana as katakana."""
    return text.translate(_KATAKANA)


def hiragana(text: str) -> str:
    """Katakana as hiragana, but for ヵ and ヶ, which are no sounds where place names have them."""
    return text.translate(_HIRAGANA)


def sounds(text: str) -> str:
    """Katakana as they sound: small ones large (banks and old forms write キヤ), ヂ as ジ, ヅ as ズ, ヲ as オ, ヴァ as バ."""
    text = _VU.sub(lambda sound: _VU_ROW.get(sound[1] or "", "ブ"), text)
    return text.translate(_LARGE).translate(_SOUNDS)


def kanji(text: str) -> str:
    """Variants of a kanji as the one that stands for them: 髙 is 高, 﨑 is 崎, 邉 is 辺, 𠮷 is 吉."""
    return text.translate(variants())


def selectors(text: str) -> str:
    """Without variation selectors: 葛 whichever of its glyphs is meant."""
    return _SELECTORS.sub("", text)


def ke(text: str) -> str:
    """ヶ, and が, ガ and ケ before a kanji, as ケ: 市ヶ谷, 市が谷, ひばりヶ丘, ひばりが丘."""
    return _KE.sub("ケ", text)


def no(text: str) -> str:
    """の, 之 and 乃 as ノ: 井の頭, 井之頭, 井ノ頭."""
    return text.translate(_NO)


def counted(text: str) -> str:
    """Numbers in kanji that places are counted by as digits: 二丁目 is 2丁目, 一番町 is 1番町, 北十八条 is 北18条."""
    return arabic(text, before=_COUNTERS)


def words(text: str) -> str:
    """Letters and digits, with one space where anything else stood."""
    return _APART.sub(" ", text).strip()


def reader(*folds: Fold) -> Fold:
    """A reader that folds in this order."""

    def read(text: str) -> str:
        for fold in folds:
            text = fold(text)
        return text

    return read


#: What is kept: as written, but for what nobody can see.
ANSWER = reader(visible, usual_letters)
#: Numbers, dates, telephone numbers, postal codes, receipt numbers.
CODE = reader(visible, width, dashes, single_spaces)
#: E-mail addresses, names of sign-in: dashes are letters there.
ADDRESS_LINE = reader(visible, width, no_spaces)
#: What is looked for and what it is looked for in: every writing that people mix up is one.
SEARCH = reader(
    visible, width, loose_marks, case, accents, selectors, kanji, katakana, ke, no, sounds, words
)  # fmt: skip
#: Names of places: as SEARCH, with house numbers in digits and without spaces.
PLACE = reader(
    visible, width, loose_marks, no_spaces, case, accents, selectors, counted, dashes_at_digits, kanji, katakana, ke, no, sounds
)  # fmt: skip
#: Everything in which somebody could hide digits: kanji numerals too.
GUARD = reader(visible, width, selectors, single_digits, dashes, single_spaces)

"""Characters and numbers that must not be stored: controls, lone surrogates, My Number."""

import re
from collections.abc import Iterator

import regex

from writing.folding import GUARD
from writing.numerals import DIGIT_KANJI

# Controls, lone surrogates, private-use and noncharacters, and marks that turn the direction of writing.
_UNPRINTABLE = regex.compile(
    r"[[\p{Cc}--[\n\r\t]]\p{Cs}\p{Co}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]",
    flags=regex.VERSION1,
)
_RUN = re.compile(r"(?<![0-9+])[0-9]+(?:[ \t]?[-・._~〜]?[ \t]?[0-9]+)*")
_DASH_RUN = re.compile(r"(?<![0-9])(?<!\d\.)[0-9]+(?:-[0-9]+)*")  # the decimals of a number are none
_DIGITS = re.compile(r"[0-9]+")
_ALONE = re.compile(r"(?<![0-9])(?<!\d\.)[0-9]+")
_SLASHES = re.compile(r"(?<![0-9/])([0-9]{4})/([0-9]{4})/([0-9]{4})(?![0-9/])")
#: How people part twelve digits. Other numbers of twelve digits (telephone numbers from abroad, 81-90-1234-5678) are parted otherwise.
_PARTS = ((12,), (4, 4, 4), (4, 8), (8, 4), (6, 6), (3, 3, 3, 3), (2,) * 6, (1,) * 12)
#: What digits are read from: numbers in every writing, signs like ㍙ and ㋀, and kanji, those for compatibility (U+F96B for 参) too.
_DIGIT_LIKE = regex.compile(rf"[\p{{N}}\p{{So}}{DIGIT_KANJI}\uF900-\uFAFF\U0002F800-\U0002FA1F]")
#: ⑫ stands for two digits, ⅒ for three.
_MAX_DIGITS_OF_A_SIGN = 3
_DIGITS_OF_MY_NUMBER = 12
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def has_unprintable(text: str) -> bool:
    """Whether a text holds controls (NUL…), lone surrogates, private-use or direction-changing characters.

    Line breaks and tabs are not counted: `one_line` and `clean_lines` deal with them.
    """
    # what Python calls printable holds none of these, and is told at once
    return not text.isprintable() and _UNPRINTABLE.search(text) is not None


def printable(text: str) -> str:
    """The text with unprintable characters marked by □, so that it can be shown again."""
    return str(_UNPRINTABLE.sub("□", text))


def one_line(text: str) -> str:
    """A text on one line, without white space at its ends; each run of line breaks and tabs becomes one space."""
    return re.sub(r"[\r\n\t]+", " ", text).strip()


def clean_lines(text: str) -> str:
    """A text of several lines, each ended by a single line feed and without white space at its end."""
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def my_number_check_digit(first_eleven: str) -> int:
    """Check digit of a My Number (個人番号) of eleven digits: 番号法施行令 第8条, 総務省令第85号 第5条."""
    rest = sum(int(digit) * weight for digit, weight in zip(first_eleven, _WEIGHTS, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


def holds_my_number(text: str) -> bool:
    """Whether a text holds twelve digits that are a valid My Number, which a form may not collect (番号法 第20条).

    In any writing: full width, in kanji, parted by dashes or spaces, with marks between them that nobody sees. A number
    of more digits (法人番号 has thirteen) is none, nor is one that only its neighbours would make twelve digits long.
    """
    if len(text) * _MAX_DIGITS_OF_A_SIGN < _DIGITS_OF_MY_NUMBER or most_digits(text) < _DIGITS_OF_MY_NUMBER:
        return False
    if text.isascii() and text.isdigit():
        return _is_my_number([text])
    return any(
        _is_my_number(groups)
        for run in _RUN.finditer(_SLASHES.sub(r"\1-\2-\3", _ascii_digits(GUARD(text))))
        for groups in _readings(run[0])
    )


def most_digits(text: str) -> int:
    """The number of digits that a text has at most, in whatever writing: told without folding it."""
    if text.isascii():
        return sum(map(str.isdigit, text))
    return sum(1 if sign.isdecimal() else _MAX_DIGITS_OF_A_SIGN for sign in _DIGIT_LIKE.findall(text))


def _readings(run: str) -> Iterator[list[str]]:
    """Every number that a run of digits may be meant as: the whole run, what dashes hold together, each group, and three groups of
    four between spaces, as the card has them, unless further ones make it the number of a company or of a bank card.
    """
    yield _DIGITS.findall(run)
    yield from (_DIGITS.findall(part[0]) for part in _DASH_RUN.finditer(run))
    yield from ([group[0]] for group in _ALONE.finditer(run))
    pieces = ["", *run.split(), ""]
    for place in range(1, len(pieces) - 3):
        before, *groups, behind = pieces[place - 1 : place + 4]
        if not any(piece.isdecimal() and len(piece) in {1, 4} for piece in (before, behind)):
            yield groups


def _is_my_number(groups: list[str]) -> bool:
    if tuple(len(group) for group in groups) not in _PARTS:
        return False
    digits = "".join(groups)
    return my_number_check_digit(digits[:11]) == int(digits[11])


def _ascii_digits(text: str) -> str:
    return text if text.isascii() else "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)

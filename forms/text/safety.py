"""Characters and numbers that must not be stored: controls, lone surrogates, My Number."""

import re

import regex

# Controls, lone surrogates, private-use and noncharacters, and marks that turn the direction of writing.
_UNPRINTABLE = regex.compile(
    r"[[\p{Cc}--[\n\r\t]]\p{Cs}\p{Co}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]",
    flags=regex.VERSION1,
)
_TWELVE_DIGITS = re.compile(r"(?<!\d)(?<!\d[.\-])\d(?:[ \-‐-―−ー]?\d){11}(?!\d)(?![.\-]\d)")
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def has_unprintable(text: str) -> bool:
    """Whether a text holds controls (NUL…), lone surrogates, private-use or direction-changing characters.

    Line breaks and tabs are not counted: `one_line` and `clean_lines` deal with them.
    """
    return _UNPRINTABLE.search(text) is not None


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
    """Whether a text holds twelve digits that are a valid My Number, which a form may not collect (番号法 第20条)."""
    for found in _TWELVE_DIGITS.finditer(text):
        digits = "".join(str(int(character)) for character in found.group() if character.isdecimal())
        if my_number_check_digit(digits[:11]) == int(digits[11]):
            return True
    return False

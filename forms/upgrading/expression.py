"""One expression of the first version of the language, rewritten for the second."""

import re
from collections.abc import Iterator

from forms.expressions.errors import ExpressionError
from forms.expressions.language import Language

#: An expression in pieces: texts in quotes, names, numbers, and single marks.
_PIECES = re.compile(
    r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\W\d]\w*|\d+(?:\.\d+|u\b)?|&&|\|\||[<>=!]=|\s+|.", re.DOTALL
)
#: What binds less than a division and so ends the part to its left or right.
_LOOSER = frozenset({"+", "-", "<", ">", "<=", ">=", "==", "!=", "&&", "||", "?", ":", ",", "in"})
_FACTORS = frozenset({"*", "/", "%"})
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")

_ROW_ITEM = re.compile(r"\b(?!in\b)([a-z]\w*)\s*\[\s*(['\"])([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\2\s*\]")
_TIMESTAMP = re.compile(r"\btimestamp\s*\(\s*(['\"])(\d{4}-\d{2}-\d{2})(?:T00:00(?::00)?(?:Z|\+00:00))?\1\s*\)")
_HOURS = re.compile(r"\bduration\s*\(\s*(['\"])(\d+)h\1\s*\)")
_UNSIGNED = re.compile(r"\d+u")
_CONVERSION = re.compile(r"\b(dyn|uint)\s*\(")

#: More divisions than any fee has.
_MAX_DIVISIONS = 50


def upgraded_expression(text: str, language: Language) -> str:
    """The expression as the second version writes it, with the meaning it had; unchanged where it had the same meaning already.

    A division of whole numbers dropped what was left over, and does so now only inside `int(…)`. Parts of a row were also written
    `row['period.start']`; `timestamp`, `duration`, `uint` and `dyn` are no longer there.
    """
    renamed = _renamed(text)
    for _ in range(_MAX_DIVISIONS):
        try:
            positions = language.bare_integer_divisions(renamed)
        except ExpressionError:
            return renamed
        if not positions:
            return renamed
        start, end = _operands(renamed, positions[0])
        renamed = f"{renamed[:start]}int({renamed[start:end]}){renamed[end:]}"
    return renamed


def _renamed(text: str) -> str:
    """The expression without what is written another way now, whatever its types."""
    text = _ROW_ITEM.sub(r"\1.\3", text)
    text = _TIMESTAMP.sub(r"date('\2')", text)
    text = _HOURS.sub(lambda match: f"days({int(match[2]) // 24})" if int(match[2]) % 24 == 0 else match[0], text)
    text = "".join(piece[:-1] if _UNSIGNED.fullmatch(piece) else piece for piece in _PIECES.findall(text))
    return _CONVERSION.sub(lambda match: "int(" if match[1] == "uint" else "(", text)


def _operands(text: str, division: int) -> tuple[int, int]:
    """Where the division at a position begins and ends: with all factors before it, and the one after it."""
    pieces = [(match.start(), match.end(), match[0]) for match in _PIECES.finditer(text) if not match[0].isspace()]
    operator = next(number for number, (start, _end, _piece) in enumerate(pieces) if start == division)
    first = last = operator
    for number in _leftwards(pieces, operator):
        first = number
    for number in _rightwards(pieces, operator):
        last = number
    return pieces[first][0], pieces[last][1]


_Pieces = list[tuple[int, int, str]]


def _leftwards(pieces: _Pieces, operator: int) -> Iterator[int]:
    depth = 0
    for number in range(operator - 1, -1, -1):
        piece = pieces[number][2]
        if depth == 0 and (piece in _OPEN or (piece in _LOOSER and not _is_sign(pieces, number))):
            return
        depth += (piece in _CLOSE) - (piece in _OPEN)
        yield number


def _rightwards(pieces: _Pieces, operator: int) -> Iterator[int]:
    depth = 0
    for number in range(operator + 1, len(pieces)):
        piece = pieces[number][2]
        ends = piece in _CLOSE or piece in _LOOSER or piece in _FACTORS
        if depth == 0 and ends and not _is_sign(pieces, number):
            return
        depth += (piece in _OPEN) - (piece in _CLOSE)
        yield number


def _is_sign(pieces: _Pieces, number: int) -> bool:
    """Whether a minus belongs to the value behind it, as nothing stands before it that something could be taken from."""
    before = pieces[number - 1][2] if number else "("
    return pieces[number][2] == "-" and (before in _OPEN or before in _LOOSER or before in _FACTORS)

"""Numbers that registers give: 法人番号, 登録番号, 保険者番号, 基礎年金番号, 被保険者番号, マイクロチップ; each checked as far as its rule is public.

A My Number (個人番号) is not among them: a form may not collect it (番号法 第20条), see `safety`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from writing.folding import CODE
from writing.numerals import single_digits

Format = Literal[
    "corporate_number", "invoice_number", "insurer_number", "pension_number", "employment_insurance_number", "microchip"
]

_PARTING = re.compile(r"[\s\-‐―ー・.]")


def corporate_check_digit(base: str) -> int:
    """The first digit of a 法人番号, from the twelve that follow it (法人番号の指定等に関する省令 第2条)."""
    return 9 - sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(base))) % 9


def insurer_check_digit(base: str) -> int:
    """The last digit of a 保険者番号, from those before it.

    From the right they count double and single in turn, a product of two digits as their sum (保険者番号等設定要領, 昭和51年
    保発第45号・庁保発第34号).
    """
    products = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(base)))
    return -sum(product // 10 + product % 10 for product in products) % 10


def _is_corporate(number: str) -> bool:
    return number[0] != "0" and corporate_check_digit(number[1:]) == int(number[0])


def _is_insurer(number: str) -> bool:
    return insurer_check_digit(number[:-1]) == int(number[-1])


def _has_no_check(_number: str) -> bool:
    return True


@dataclass(frozen=True)
class Identifier:
    """How a number is written: its form without partings, the lengths of its groups where it is shown parted, and its check digit.

    `example` is a number that passes.
    """

    pattern: re.Pattern[str]
    groups: tuple[int, ...]
    is_sound: Callable[[str], bool]
    example: str

    def shown(self, number: str) -> str:
        """The number as it is written on paper: 1234-567890."""
        if sum(self.groups) != len(number):
            return number
        starts = [sum(self.groups[:place]) for place in range(len(self.groups))]
        return "-".join(number[start : start + length] for start, length in zip(starts, self.groups, strict=True))


IDENTIFIERS: Final[Mapping[Format, Identifier]] = {
    "corporate_number": Identifier(re.compile(r"[0-9]{13}"), (), _is_corporate, "7000012050002"),
    "invoice_number": Identifier(
        re.compile(r"T[0-9]{13}"), (), lambda number: _is_corporate(number[1:]), "T7000012050002"
    ),
    "insurer_number": Identifier(re.compile(r"[0-9]{6}|[0-9]{8}"), (), _is_insurer, "138024"),
    "pension_number": Identifier(re.compile(r"[0-9]{10}"), (4, 6), _has_no_check, "1234567890"),
    "employment_insurance_number": Identifier(re.compile(r"[0-9]{11}"), (4, 6, 1), _has_no_check, "12345678901"),
    "microchip": Identifier(re.compile(r"[0-9]{15}"), (), _has_no_check, "392141000000123"),
}
"""The numbers by the name that a definition gives their format."""


def parse_identifier(text: str) -> str:
    """A number as it is kept, in capital letters without partings; other text comes back in the same writing."""
    return _PARTING.sub("", single_digits(CODE(text))).upper()


def identifier_fault(value: str, kind: Format) -> str | None:
    """What is wrong with a number as it is kept: `form`, `check_digit`, or nothing."""
    identifier = IDENTIFIERS[kind]
    if not identifier.pattern.fullmatch(value):
        return "form"
    return None if identifier.is_sound(value) else "check_digit"

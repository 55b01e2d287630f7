"""What a paper about money says, whoever paid and however the payment is kept: plain values, already in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter

from portal.core.text import _

Kind = Literal["payment_details", "payment_confirmation", "payment_slip", "receipt", "demand"]
KINDS: Mapping[str, str] = {
    "payment_details": "お支払い内容の控え",
    "payment_confirmation": "納付確認書",
    "payment_slip": "納付書",
    "receipt": "領収書",
    "demand": "督促状",
}
"""The kinds of papers with their titles. A receipt is made where the city switched it on: whether one is issued for payments by an
agent (指定納付受託者, 地方自治法 第231条の2の2) is the city's to decide."""
CODES: Mapping[str, str] = {
    "payment_details": "A",
    "payment_confirmation": "B",
    "payment_slip": "C",
    "receipt": "D",
    "demand": "E",
}
"""The letter with which a document's number begins, by kind."""


@dataclass(frozen=True)
class Line:
    """One line: what for, and how many yen. `case_number` and `paid_on` tell lines of several payments apart."""

    title: str
    amount: int
    detail: str = ""
    case_number: str = ""
    paid_on: date | None = None
    method: str = ""
    refunded: int = 0


@dataclass(frozen=True)
class Paper:
    """Everything that a paper says. Amounts are whole yen; `payer` is empty where nobody is named.

    `reference` and `address` (of the page on which it can be paid) are those of a slip or a demand, with its `due_on`;
    `demanded_day` is the last day that was missed.
    """

    __pydantic_config__ = ConfigDict(strict=False, extra="forbid")

    kind: Kind
    language: str
    city: str
    city_address: str
    city_phone: str
    department: str
    procedure: str
    case_number: str
    lines: tuple[Line, ...]
    payer: str = ""
    due_on: date | None = None
    reference: str = ""
    address: str = ""
    demanded_day: date | None = None

    @property
    def total(self) -> int:
        """Yen that are, or were, to be paid."""
        return sum(line.amount for line in self.lines)

    @property
    def refunded(self) -> int:
        """Yen of these that were given back."""
        return sum(line.refunded for line in self.lines)

    @property
    def left(self) -> int:
        """Yen of the total that were not given back."""
        return self.total - self.refunded

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON values."""
        stored: dict[str, Any] = _PAPER.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "Paper":
        """Read what `as_stored` returned."""
        return _PAPER.validate_python(dict(stored))


_PAPER = TypeAdapter(Paper)


def title_of(kind: str) -> str:
    """The title of a kind of paper, in the language of the reader."""
    return _(KINDS[kind])

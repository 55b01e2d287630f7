"""What a document that a decision issues says (許可書, 証明書, 決定通知書): plain values, in Japanese, the language of the office's acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ConfigDict, TypeAdapter

KIND = "decision"
"""The kind of these documents beside those about money."""
CODE = "F"
"""The letter with which their numbers begin."""


@dataclass(frozen=True)
class DecisionPaper:
    """Everything that such a document says, besides its number and check code.

    `rows` are what was decided, each with its name; `remedies` how one objects (教示); `valid_until` the last day on which it holds;
    `to_do` what its holder does with it.
    `edition` counts the documents of one rule of a case, from 1.
    """

    __pydantic_config__ = ConfigDict(strict=False, extra="forbid")

    rule: str
    edition: int
    template: str
    title: str
    city: str
    city_address: str
    city_phone: str
    department: str
    procedure: str
    case_number: str
    applied_on: date
    issued_on: date
    addressee: str
    addressee_address: str
    signatory: str
    text: str
    rows: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    legal_basis: tuple[str, ...]
    remedies: tuple[str, ...]
    signed: bool
    valid_until: date | None = None
    to_do: str = ""

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON values."""
        stored: dict[str, Any] = _PAPER.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "DecisionPaper":
        """Read what `as_stored` returned."""
        return _PAPER.validate_python(dict(stored))


_PAPER = TypeAdapter(DecisionPaper)

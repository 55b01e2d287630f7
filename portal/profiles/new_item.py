"""An answer of a sent application that its applicant may keep."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Origin:
    """The application that answers come from."""

    version_id: int
    procedure_key: str
    case_number: str


@dataclass(frozen=True)
class NewItem:
    """The answer to a shared item, with the question and the application that it comes from."""

    item: str
    type: str
    answer: Any
    sensitive: bool
    field: str
    origin: Origin

"""What a page of questions shows beside them: rows that have pages of their own, pictures that help."""

from dataclasses import dataclass
from typing import Literal

RowState = Literal["empty", "unfinished", "done"]


@dataclass(frozen=True)
class ListedRow:
    """One row: its number in the form, the `key` by which its page is asked for, and what was answered in a few words."""

    number: int
    key: str
    words: str
    state: RowState


@dataclass(frozen=True)
class ShownPicture:
    """Where a picture of the definition is, and its size in pixels."""

    address: str
    width: int
    height: int

"""A row that a page lists because it is filled in on a page of its own."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ListedRow:
    """One row: its number in the form, the `key` by which its page is asked for, and what was answered in a few words."""

    number: int
    key: str
    words: str
    state: Literal["empty", "unfinished", "done"]

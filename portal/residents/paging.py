"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")


@dataclass(frozen=True)
class ListPage(Generic[T]):
    """What stands on one page of a list, its number, and how many pages there are."""

    items: Sequence[T]
    number: int
    pages: int


def page_asked() -> int:
    """The number in the address (`?page=2`); 1 for anything else."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def page_of(items: Sequence[T], most: int) -> ListPage[T]:
    """The page of a list that was asked for, or the last where there are not so many; `most` items stand on each."""
    pages = max(1, -(-len(items) // most))
    number = min(page_asked(), pages)
    return ListPage(items[most * (number - 1) : most * number], number, pages)

"""How a capability declares its encrypted columns of bytes, so that their values can be counted and encrypted again under a new key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from portal.core.models import CityBase


@dataclass(frozen=True)
class SealedBytes:
    """A column of bytes that `seal` made, what they are bound to, and what this is made from: names of columns, or labelled expressions."""

    column: Column[Any]
    context: Callable[[Mapping[str, Any]], bytes]
    needs: tuple[Any, ...] = ()


def table_of(model: type[CityBase]) -> Table:
    """Return the table of a model."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model of ours is mapped to one table
    return table

"""What is sealed where, and what each value is bound to."""

from typing import Any

from sqlalchemy import Column

import portal.models
from portal import bookings, cases, documents, files, identity, maps, notifications, payments
from portal.core.models import CityBase
from portal.core.sealed import SealedJson, SealedText, SearchTerms
from portal.core.sealed_columns import SealedBytes

__all__ = ["ANSWERS", "SEALED_BYTES", "SealedBytes", "columns_of", "portal"]


SEALED_BYTES = (
    *cases.SEALED_COLUMNS,
    *bookings.SEALED_COLUMNS,
    *notifications.SEALED_COLUMNS,
    *identity.SEALED_COLUMNS,
    *files.SEALED_COLUMNS,
    *payments.SEALED_COLUMNS,
    *documents.SEALED_COLUMNS,
    *maps.SEALED_COLUMNS,
)
"""Every column of bytes that is sealed for its city."""

ANSWERS = cases.ANSWER_COLUMNS
"""Every column of answers, each answer sealed alone."""


def columns_of(kind: type[SealedText | SealedJson | SearchTerms]) -> list[Column[Any]]:
    """Every column of that type, over all tables of a city."""
    return [column for table in CityBase.metadata.sorted_tables for column in table.c if isinstance(column.type, kind)]

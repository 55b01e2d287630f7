"""What is sealed where, and what each value is bound to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

import portal.models
from portal.cases.models import CaseFile, CaseMessage, CaseRevision, Draft
from portal.core.models import CityBase
from portal.core.sealed import SealedJson, SealedText, SearchTerms
from portal.files.models import FileContent
from portal.files.opening import content_context
from portal.identity.models import Staff
from portal.identity.staff_sign_in import totp_context
from portal.notifications.letters import letter_context
from portal.notifications.models import MailMessage
from portal.payments.accounts import CONTEXT
from portal.payments.models import PaymentAccount

__all__ = ["ANSWERS", "SEALED_BYTES", "SealedBytes", "columns_of", "portal"]


@dataclass(frozen=True)
class SealedBytes:
    """A column of bytes that `seal` made, what they are bound to, and the columns of the row that this is made from."""

    column: Column[Any]
    context: Callable[[Mapping[str, Any]], bytes]
    needs: tuple[str, ...] = ()


def _table(model: type[CityBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model of ours is mapped to one table
    return table


def _payment(_row: Mapping[str, Any]) -> bytes:
    return CONTEXT


_ACCOUNT = _table(PaymentAccount).c

SEALED_BYTES = (
    SealedBytes(_table(CaseFile).c.contact_email, lambda _row: b"contact"),
    SealedBytes(_table(CaseMessage).c.body, lambda _row: b"message"),
    SealedBytes(_table(MailMessage).c.sealed, lambda row: letter_context(row["kind"]), ("kind",)),
    SealedBytes(_table(FileContent).c.sealed, lambda row: content_context(row["file_id"]), ("file_id",)),
    SealedBytes(_table(Staff).c.totp_secret, lambda row: totp_context(row["email"]), ("email",)),
    SealedBytes(_ACCOUNT.api_key, _payment),
    SealedBytes(_ACCOUNT.webhook_secret, _payment),
    SealedBytes(_ACCOUNT.previous_webhook_secret, _payment),
)
"""Every column of bytes that is sealed for its city."""

ANSWERS = tuple(_table(model).c.answers for model in (Draft, CaseFile, CaseRevision))
"""Every column of answers, sealed one by one by `portal.cases.answers`."""


def columns_of(kind: type[SealedText | SealedJson | SearchTerms]) -> list[Column[Any]]:
    """Every column of that type, over all tables of a city."""
    return [column for table in CityBase.metadata.sorted_tables for column in table.c if isinstance(column.type, kind)]

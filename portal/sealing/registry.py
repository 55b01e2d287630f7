"""What is sealed where, and what each value is bound to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, select

import portal.models
from portal.cases.correction_drafts import correction_context
from portal.cases.models import (
    Case,
    CaseDecision,
    CaseMessage,
    CaseNote,
    CaseRevision,
    CaseStageForm,
    CorrectionDraft,
    Draft,
)
from portal.cases.typed import typed_context
from portal.core.models import CityBase
from portal.core.sealed import SealedJson, SealedText, SearchTerms
from portal.files.models import FileContent
from portal.files.opening import content_context, thumbnail_context
from portal.identity.models import Staff
from portal.identity.staff_sign_in import totp_context
from portal.notifications.letters import letter_context
from portal.notifications.models import MailMessage
from portal.payments.models import PaymentAccount, PaymentNote
from portal.payments.provider_accounts import CONTEXT

__all__ = ["ANSWERS", "SEALED_BYTES", "SealedBytes", "columns_of", "portal"]


@dataclass(frozen=True)
class SealedBytes:
    """A column of bytes that `seal` made, what they are bound to, and what this is made from: names of columns, or labelled expressions."""

    column: Column[Any]
    context: Callable[[Mapping[str, Any]], bytes]
    needs: tuple[Any, ...] = ()


def _table(model: type[CityBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model of ours is mapped to one table
    return table


def _payment(_row: Mapping[str, Any]) -> bytes:
    return CONTEXT


_CORRECTED = select(Case.public_id).where(Case.id == CorrectionDraft.case_id).scalar_subquery().label("public_id")
_ACCOUNT = _table(PaymentAccount).c

SEALED_BYTES = (
    SealedBytes(_table(Case).c.contact_email, lambda _row: b"contact"),
    SealedBytes(_table(CaseMessage).c.body, lambda _row: b"message"),
    SealedBytes(_table(CaseNote).c.body, lambda _row: b"case note"),
    SealedBytes(_table(CaseDecision).c.inputs, lambda _row: b"decision"),
    SealedBytes(_table(PaymentNote).c.body, lambda _row: b"payment note"),
    SealedBytes(_table(Draft).c.typed, lambda row: typed_context(row["public_id"]), ("public_id",)),
    SealedBytes(
        _table(CorrectionDraft).c.typed, lambda row: typed_context(correction_context(row["public_id"])), (_CORRECTED,)
    ),
    SealedBytes(_table(MailMessage).c.sealed, lambda row: letter_context(row["kind"]), ("kind",)),
    SealedBytes(_table(FileContent).c.sealed, lambda row: content_context(row["file_id"]), ("file_id",)),
    SealedBytes(_table(FileContent).c.thumbnail, lambda row: thumbnail_context(row["file_id"]), ("file_id",)),
    SealedBytes(_table(Staff).c.totp_secret, lambda row: totp_context(row["email"]), ("email",)),
    SealedBytes(_ACCOUNT.api_key, _payment),
    SealedBytes(_ACCOUNT.webhook_secret, _payment),
    SealedBytes(_ACCOUNT.previous_webhook_secret, _payment),
)
"""Every column of bytes that is sealed for its city."""

ANSWERS = tuple(_table(model).c.answers for model in (Draft, Case, CaseRevision, CaseStageForm))
"""Every column of answers, sealed one by one by `portal.cases.answers`."""


def columns_of(kind: type[SealedText | SealedJson | SearchTerms]) -> list[Column[Any]]:
    """Every column of that type, over all tables of a city."""
    return [column for table in CityBase.metadata.sorted_tables for column in table.c if isinstance(column.type, kind)]

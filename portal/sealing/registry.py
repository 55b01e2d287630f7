"""What is sealed where, and what each value is bound to."""

from typing import Any

from sqlalchemy import Column, select

import portal.models
from portal import files, identity, notifications, payments
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
from portal.core.sealed_columns import SealedBytes, table_of

__all__ = ["ANSWERS", "SEALED_BYTES", "SealedBytes", "columns_of", "portal"]


_CORRECTED = select(Case.public_id).where(Case.id == CorrectionDraft.case_id).scalar_subquery().label("public_id")

SEALED_BYTES = (
    SealedBytes(table_of(Case).c.contact_email, lambda _row: b"contact"),
    SealedBytes(table_of(CaseMessage).c.body, lambda _row: b"message"),
    SealedBytes(table_of(CaseNote).c.body, lambda _row: b"case note"),
    SealedBytes(table_of(CaseDecision).c.inputs, lambda _row: b"decision"),
    SealedBytes(table_of(Draft).c.typed, lambda row: typed_context(row["public_id"]), ("public_id",)),
    SealedBytes(
        table_of(CorrectionDraft).c.typed,
        lambda row: typed_context(correction_context(row["public_id"])),
        (_CORRECTED,),
    ),
    *notifications.SEALED_COLUMNS,
    *identity.SEALED_COLUMNS,
    *files.SEALED_COLUMNS,
    *payments.SEALED_COLUMNS,
)
"""Every column of bytes that is sealed for its city."""

ANSWERS = tuple(table_of(model).c.answers for model in (Draft, Case, CaseRevision, CaseStageForm))
"""Every column of answers, sealed one by one by `portal.cases.answers`."""


def columns_of(kind: type[SealedText | SealedJson | SearchTerms]) -> list[Column[Any]]:
    """Every column of that type, over all tables of a city."""
    return [column for table in CityBase.metadata.sorted_tables for column in table.c if isinstance(column.type, kind)]

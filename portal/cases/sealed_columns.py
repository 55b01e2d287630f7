"""The encrypted columns of cases: what each value is bound to."""

from sqlalchemy import select

from portal.cases import decisions, messages, notes, notices
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
from portal.cases.neighbours import NeighbourLabels, labels_context
from portal.cases.typed import typed_context
from portal.core.sealed_columns import SealedBytes, table_of

_PUBLIC_ID = select(Case.public_id).where(Case.id == CorrectionDraft.case_id).scalar_subquery().label("public_id")

SEALED_COLUMNS = (
    SealedBytes(table_of(Case).c.contact_email, lambda _row: notices.ENCRYPTION_CONTEXT),
    SealedBytes(table_of(CaseMessage).c.body, lambda _row: messages.ENCRYPTION_CONTEXT),
    SealedBytes(table_of(CaseNote).c.body, lambda _row: notes.ENCRYPTION_CONTEXT),
    SealedBytes(table_of(CaseDecision).c.inputs, lambda _row: decisions.ENCRYPTION_CONTEXT),
    SealedBytes(table_of(Draft).c.typed, lambda row: typed_context(row["public_id"]), ("public_id",)),
    SealedBytes(
        table_of(CorrectionDraft).c.typed,
        lambda row: typed_context(correction_context(row["public_id"])),
        (_PUBLIC_ID,),
    ),
    SealedBytes(table_of(NeighbourLabels).c.content, lambda row: labels_context(row["id"]), ("id",)),
)

ANSWER_COLUMNS = tuple(table_of(model).c.answers for model in (Draft, Case, CaseRevision, CaseStageForm))
"""Columns of answers, each answer encrypted alone, see `answers`."""

"""A published definition once more, because a list or a word that it uses says something else."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import document_of, load
from forms.catalogue.vocabulary import Vocabulary
from forms.loading import vocabulary_in
from portal.core.clock import now
from portal.core.locking import lock_row
from portal.procedures.definitions import upgraded
from portal.procedures.models import Procedure, ProcedureVersion


def publish_again(
    session: Session,
    version: ProcedureVersion,
    lists: Mapping[str, Any],
    staff_id: int | None,
    note: str,
    *,
    vocabulary: Vocabulary | None = None,
) -> ProcedureVersion:
    """Put a version with the same text in the place of a published one, with its shared words or others. A draft stays the newest."""
    procedure = lock_row(session, Procedure, Procedure.id == version.procedure_id)
    assert procedure is not None  # noqa: S101 - a version belongs to one
    moment = now()
    number = version.number + 1
    later = session.scalars(
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure.id, ProcedureVersion.number >= number)
        .order_by(ProcedureVersion.number.desc())
    )
    for draft in later:
        draft.number += 1
        session.flush()
    version.status, version.replaced_at = "replaced", moment
    session.flush()
    again = ProcedureVersion(
        procedure_id=procedure.id,
        number=number,
        status="published",
        source=version.source,
        language=version.language,
        document=document_of(load(upgraded(version).text, lists, vocabulary or vocabulary_in(version.document))),
        digest=version.digest,
        note=note,
        edited_by=version.edited_by,
        edited_at=version.edited_at,
        published_by=staff_id,
        published_at=moment,
    )
    session.add(again)
    session.flush()
    procedure.current_version_id = again.id
    session.flush()
    return again

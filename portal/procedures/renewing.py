"""Trees of definitions are made again when the language has a new version; until then their texts are read, which takes fifty times as long."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import document_of
from forms.upgrading import LANGUAGE_VERSION
from portal.procedures.definitions import read_from_text
from portal.procedures.models import ProcedureVersion


def versions_to_renew(session: Session) -> Sequence[int]:
    """The ids of the versions whose trees are of an earlier language. A draft has none."""
    query = select(ProcedureVersion.id).where(
        ProcedureVersion.document_language < LANGUAGE_VERSION, ProcedureVersion.status != "draft"
    )
    return session.scalars(query.order_by(ProcedureVersion.id)).all()


def renew_document(session: Session, version_id: int) -> None:
    """Make the tree of a version again from its text, which stays as it was published. Raises DefinitionError for one that cannot be read any more."""
    version = session.get_one(ProcedureVersion, version_id)
    version.document = document_of(read_from_text(version))
    version.document_language = LANGUAGE_VERSION
    session.flush()

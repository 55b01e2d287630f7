"""Reading the documents of cases."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.documents.decision_paper import KIND
from portal.documents.models import Document


def documents_of_case(session: Session, case_id: int) -> list[Document]:
    """Return the papers about the payments of a case, newest first; those of an erased one are left out."""
    query = select(Document).where(Document.case_id == case_id, Document.kind != KIND).order_by(Document.id.desc())
    return [document for document in session.scalars(query) if document.paper]


def documents_of_cases(session: Session, case_ids: Collection[int]) -> list[Document]:
    """Return the same for several cases."""
    query = select(Document).where(Document.case_id.in_(case_ids), Document.kind != KIND)
    query = query.order_by(Document.id.desc())
    return [document for document in session.scalars(query) if document.paper]


def documents_by_reference(session: Session, case_ids: Collection[int], kind: str) -> dict[str, Document]:
    """Return the newest document of a kind for each payment of these cases, by the number with which the payment is paid at a bank."""
    query = select(Document).where(Document.case_id.in_(case_ids), Document.kind == kind).order_by(Document.id)
    return {document.paper["reference"]: document for document in session.scalars(query) if document.paper}


def document_of_case(session: Session, case_id: int, public_id: str) -> Document:
    """Return a document of the case. Raises NotFound."""
    document = session.scalar(select(Document).where(Document.case_id == case_id, Document.public_id == public_id))
    if document is None:
        raise NotFound
    return document

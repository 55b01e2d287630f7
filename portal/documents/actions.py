"""Asking for a document, making it once, handing it over, and forgetting what it said."""

import hashlib
import json
import secrets
from collections.abc import Collection

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from portal.core.clock import now, today
from portal.core.crypto import fingerprint, open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound
from portal.core.events import SYSTEM, Actor, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.core.text import _
from portal.documents.events import RECEIPTS, of_document
from portal.documents.issued_models import IssuedDocument
from portal.documents.models import Document, DocumentContent, DocumentCounter, DocumentSwitch
from portal.documents.paper import CODES, Paper
from portal.documents.renderer import render

MAKE_DOCUMENT = "documents.make"
"""The task of the worker."""
_FISCAL_YEAR_BEGINS = 4  # April


def request_document(session: Session, case_id: int, paper: Paper, actor: Actor) -> Document:
    """Return the document that says this, which the worker makes if it is new. The case's row must be locked by the caller.

    Raises Conflict for a receipt where the city issues none.
    """
    if paper.kind == "receipt" and not issues_receipts(session):
        raise Conflict(_("この市では、領収書を出していません。納付確認書を使ってください。"))
    stored = paper.as_stored()
    digest = fingerprint("document", json.dumps(stored, sort_keys=True, ensure_ascii=False), 32)
    same = (Document.case_id == case_id, Document.kind == paper.kind, Document.digest == digest)
    known = session.scalar(select(Document).where(*same))
    if known is not None:
        return known
    document = Document(
        public_id=secrets.token_urlsafe(16),
        number=next_number(session, paper.kind, CODES[paper.kind]),
        kind=paper.kind,
        case_id=case_id,
        language=paper.language,
        digest=digest,
        paper=stored,
        requested_at=now(),
    )
    session.add(document)
    session.flush()
    details = {"document_id": document.id, "kind": document.kind, "number": document.number}
    record(session, of_document(document.id, case_id), "document.requested", actor, **details)
    enqueue(session, MAKE_DOCUMENT, key=f"document {document.id}", document_id=document.id)
    return document


def waiting_document(session: Session, document_id: int) -> Document | None:
    """Return a document that is to be made, locked; None for one that is made, or whose case was erased."""
    document = lock_row(session, Document, Document.id == document_id)
    return document if document is not None and document.made_at is None and document.paper else None


def make_pdf(document: Document) -> bytes:
    """Return the PDF of a paper about money."""
    return render(Paper.from_stored(document.paper), document.number, document.requested_at)


def keep_pdf(session: Session, document: Document, content: bytes) -> None:
    """Keep the PDF of a document that was made, sealed."""
    document.content_hash = hashlib.sha256(content).digest()
    document.made_at = now()
    sealed = seal(city_of(session), content, content_context(document.id))
    session.execute(insert(DocumentContent).values(document_id=document.id, sealed=sealed))
    record(
        session,
        of_document(document.id, document.case_id),
        "document.made",
        SYSTEM,
        document_id=document.id,
        kind=document.kind,
        number=document.number,
        sha256=document.content_hash.hex(),
    )


def download(session: Session, document: Document, actor: Actor) -> bytes:
    """Return the PDF; who receives it is kept. Raises NotFound while it is being made, and once it was erased."""
    sealed = session.scalar(select(DocumentContent.sealed).where(DocumentContent.document_id == document.id))
    if sealed is None:
        raise NotFound
    details = {"document_id": document.id, "number": document.number}
    record(session, of_document(document.id, document.case_id), "document.downloaded", actor, **details)
    return open_sealed(city_of(session), sealed, content_context(document.id))


def erase_personal_data(session: Session, case_ids: Collection[int]) -> None:
    """Forget what the documents of these cases said; that they were made, their numbers and hashes stay."""
    documents = select(Document.id).where(Document.case_id.in_(case_ids))
    session.execute(delete(DocumentContent).where(DocumentContent.document_id.in_(documents)))
    session.execute(update(Document).where(Document.case_id.in_(case_ids)).values(paper={}))
    session.execute(update(IssuedDocument).where(IssuedDocument.case_id.in_(case_ids)).values(end_reason=None))


def issues_receipts(session: Session) -> bool:
    """Whether the city issues receipts (領収書)."""
    return session.scalar(select(DocumentSwitch.issued).where(DocumentSwitch.kind == "receipt")) is True


def switch_receipts(session: Session, actor: Actor, *, issued: bool) -> None:
    """Issue receipts from now on, or none any more; those that were made stay."""
    values = {"issued": issued, "changed_at": now()}
    row = upsert(DocumentSwitch).values(kind="receipt", **values)
    session.execute(row.on_conflict_do_update(index_elements=[DocumentSwitch.kind], set_=values))
    record(session, RECEIPTS, "document.receipts_switched", actor, issued=issued)


def content_context(document_id: int) -> bytes:
    """What the sealed PDF of a document is bound to."""
    return f"document {document_id}".encode()


def next_number(session: Session, kind: str, code: str) -> str:
    """Return the next number of a kind in this fiscal year, which begins in April; numbers are given one after another, without gaps."""
    day = today()
    year = day.year - (day.month < _FISCAL_YEAR_BEGINS)
    first = upsert(DocumentCounter).values(kind=kind, fiscal_year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[DocumentCounter.kind, DocumentCounter.fiscal_year], set_={"last": DocumentCounter.last + 1}
    )
    last = session.scalar(counted.returning(DocumentCounter.last))
    return f"{code}-{year}-{last:06d}"

"""Documents that a decision issues: issued with a number and a check code, superseded by a new one, revoked, and checked by anybody.

The row of the case must be locked by whoever issues or ends one. Each records its event before it takes a number: everybody waits for the
city's chain of events first and for the counter of numbers second.
"""

import hashlib
import json
import secrets
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import fingerprint
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor, record
from portal.core.jobs import enqueue
from portal.core.tenancy import city as city_by_key
from portal.core.text import _
from portal.documents.actions import MAKE_DOCUMENT, next_number
from portal.documents.certificates import signing_key
from portal.documents.decision_paper import CODE, KIND, DecisionPaper
from portal.documents.events import of_document
from portal.documents.issued_models import IssuedDocument
from portal.documents.models import Document
from portal.documents.renderer import render_decision, render_seal
from portal.documents.signing import sign

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that look alike on paper."""
_CODE_LENGTH = 12


def issue(
    session: Session, case_id: int, paper: DecisionPaper, actor: Actor, *, replaces: IssuedDocument | None = None
) -> Document:
    """Issue a document that says this, which the worker makes; one that it replaces is superseded by it."""
    stored = paper.as_stored()
    public_id = secrets.token_urlsafe(16)
    document = Document(
        public_id=public_id,
        number=public_id,  # until the event of the issuing holds the chain
        kind=KIND,
        case_id=case_id,
        language="ja",
        digest=fingerprint("document", json.dumps(stored, sort_keys=True, ensure_ascii=False), 32),
        paper=stored,
        requested_at=now(),
    )
    session.add(document)
    session.flush()
    details = {"document_id": document.id, "rule": paper.rule}
    record(session, of_document(document.id, case_id), "document.issued", actor, **details)
    document.number = next_number(session, KIND, CODE)
    session.add(
        IssuedDocument(
            document_id=document.id,
            case_id=case_id,
            rule=paper.rule,
            title=paper.title,
            number=document.number,
            check_code="".join(secrets.choice(_ALPHABET) for _place in range(_CODE_LENGTH)),
            issued_on=paper.issued_on,
            valid_until=paper.valid_until,
            signed=paper.signed,
            status="valid",
        )
    )
    session.flush()
    if replaces is not None:
        _end(session, replaces, "superseded", "document.superseded", actor, superseded_by=document.id)
    enqueue(session, MAKE_DOCUMENT, key=f"document {document.id}", document_id=document.id)
    return document


def revoke(session: Session, issued: IssuedDocument, actor: Actor, *, reason: str = "") -> None:
    """Revoke a document, because its decision is no more, or for a reason that is kept. Raises Conflict for one that does not hold."""
    if issued.status != "valid":
        raise Conflict(_("この書類は、もう差し替えられたか、取り消されています。"))
    _end(session, issued, "revoked", "document.revoked", actor, end_reason=reason or None)


def _end(session: Session, issued: IssuedDocument, status: str, event: str, actor: Actor, **values: object) -> None:
    issued.status, issued.ended_at = status, now()
    for name, value in values.items():
        setattr(issued, name, value)
    session.flush()
    details = {"document_id": issued.document_id, "number": issued.number}
    record(session, of_document(issued.document_id, issued.case_id), event, actor, **details)


def make_pdf(session: Session, document: Document) -> bytes:
    """Return the PDF of an issued document, signed where its rule says so. Raises UnusableCertificate."""
    paper = DecisionPaper.from_stored(document.paper)
    issued = session.get_one(IssuedDocument, document.id)
    city = city_by_key(city_of(session))
    address = f"{city.origin}/verify/{issued.number}/{issued.check_code}"
    key = signing_key(session) if paper.signed else None
    own = key.own if key else None
    content = render_decision(
        paper, issued.number, document.requested_at, address=address, check_code=spaced(issued.check_code), own=own
    )
    if key is None:
        return content
    return sign(content, key, render_seal(city.name), city=city.name, reason=f"{paper.title} {issued.number}")


def issued_documents(session: Session, case_ids: Collection[int]) -> list[tuple[IssuedDocument, Document]]:
    """Return the documents that decisions on these cases issued, newest first; those of an erased case are left out."""
    query = (
        select(IssuedDocument, Document)
        .join(Document, Document.id == IssuedDocument.document_id)
        .where(IssuedDocument.case_id.in_(case_ids))
        .order_by(IssuedDocument.document_id.desc())
    )
    return [(issued, document) for issued, document in session.execute(query) if document.paper]


def valid_documents(session: Session, case_id: int) -> dict[str, IssuedDocument]:
    """Return the documents of a case that neither a new one nor a revocation ended, by the rule that issued them."""
    query = select(IssuedDocument).where(IssuedDocument.case_id == case_id, IssuedDocument.status == "valid")
    return {issued.rule: issued for issued in session.scalars(query.order_by(IssuedDocument.document_id))}


def edition_after(session: Session, case_id: int, rule: str) -> int:
    """Return the number of the next document of a rule of the case, from 1."""
    query = select(IssuedDocument.document_id).where(IssuedDocument.case_id == case_id, IssuedDocument.rule == rule)
    return len(session.scalars(query).all()) + 1


def issued_document(session: Session, case_id: int, document_id: int) -> IssuedDocument:
    """Return an issued document of the case. Raises NotFound."""
    issued = session.get(IssuedDocument, document_id)
    if issued is None or issued.case_id != case_id:
        raise NotFound
    return issued


def document_with_code(session: Session, number: str, code: str) -> IssuedDocument | None:
    """Return the document with this number and check code, both as they were typed; None without one."""
    issued = session.scalar(select(IssuedDocument).where(IssuedDocument.number == number.strip().upper()))
    typed = "".join(character for character in code.upper() if character.isalnum())
    return issued if issued is not None and secrets.compare_digest(issued.check_code.encode(), typed.encode()) else None


def document_with_content(session: Session, content: bytes) -> IssuedDocument | None:
    """Return the document whose PDF is exactly this; None without one."""
    query = (
        select(IssuedDocument)
        .join(Document, Document.id == IssuedDocument.document_id)
        .where(Document.content_hash == hashlib.sha256(content).digest())
    )
    return session.scalar(query)


def spaced(code: str) -> str:
    """A check code as it is printed, in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))

"""Documents that decisions on one's applications issued: listed with whether they hold, and fetched."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import Definition
from portal.cases import Case
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.web import db
from portal.documents import IssuedDocument, document_of_case, download, issued_documents
from portal.files.serving import pdf_attachment
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words


@dataclass(frozen=True)
class IssuedTold:
    """An issued document in the reader's words; `standing` is `valid`, `superseded`, `revoked` or `expired`."""

    case_id: int
    title: str
    number: str
    issued_on: date
    valid_until: date | None
    standing: str
    is_made: bool
    address: str
    to_do: str


def issued_of(session: Session, cases: Collection[Case]) -> list[IssuedTold]:
    """The documents that decisions on these cases issued, newest first."""
    by_id = {case.id: case for case in cases}
    told = []
    for issued, document in issued_documents(session, by_id.keys()):
        case = by_id[issued.case_id]
        told.append(
            IssuedTold(
                case_id=case.id,
                title=_title(issued, definition_of(session, case.version_id)),
                to_do=_to_do(issued, definition_of(session, case.version_id)),
                number=issued.number,
                issued_on=issued.issued_on,
                valid_until=issued.valid_until,
                standing=issued.standing,
                is_made=document.made_at is not None,
                address=f"/me/cases/{case.public_id}/issued/{document.public_id}",
            )
        )
    return told


def _title(issued: IssuedDocument, definition: Definition) -> str:
    rule = next((rule for rule in definition.documents if rule.id == issued.rule), None)
    return words(rule.title) if rule is not None and rule.title is not None else issued.title


def _to_do(issued: IssuedDocument, definition: Definition) -> str:
    """What its holder does with it, while it holds."""
    rule = next((rule for rule in definition.documents if rule.id == issued.rule), None)
    return words(rule.to_do) if rule is not None and issued.standing == "valid" else ""


@bp.get("/me/cases/<public_id>/issued/<document_id>")
@allow(PUBLIC)
def issued_document(public_id: str, document_id: str) -> Response:
    """Fetch a document that was issued; one that holds no more too, which says so wherever it is checked."""
    mine = visitor_access.case(db(), public_id)
    document = document_of_case(db(), mine.id, document_id)
    issued = next((issued for issued, each in issued_documents(db(), [mine.id]) if each.id == document.id), None)
    if issued is None:
        raise NotFound
    content = download(db(), document, visitor_access.actor(mine))
    return pdf_attachment(f"{issued.title} {issued.number}", content)

"""Background work: making the PDFs, which takes memory and time that a page must not wait for."""

from portal.core.database import city_session
from portal.core.jobs import RETRY
from portal.core.jobs import app as job_app
from portal.documents import actions, issuing
from portal.documents.decision_paper import KIND


@job_app.task(name=actions.MAKE_DOCUMENT, retry=RETRY)
def make_document(*, city: str, document_id: int) -> None:
    """Make a document that was asked for, or that a decision issued; safe to repeat."""
    with city_session(city) as session:
        document = actions.waiting_document(session, document_id)
        if document is not None:
            of_decision = document.kind == KIND
            content = issuing.make_pdf(session, document) if of_decision else actions.make_pdf(document)
            actions.keep_pdf(session, document, content)

"""Background work: making the PDFs, which takes memory and time that a page must not wait for."""

from portal.core.database import city_session
from portal.core.jobs import RETRY
from portal.core.jobs import app as job_app
from portal.documents import actions


@job_app.task(name=actions.MAKE_DOCUMENT, retry=RETRY)
def make_document(*, city: str, document_id: int) -> None:
    """Make a document that was asked for."""
    with city_session(city) as session:
        actions.make(session, document_id)

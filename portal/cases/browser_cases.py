"""Which browsers know which cases, beyond the visit in which a case was sent."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.cases.browser_models import BrowserCase
from portal.cases.models import Case
from portal.core.clock import now
from portal.core.config import settings


def remember_in_browser(session: Session, case: Case, browser: bytes) -> datetime:
    """Let a browser know a case for as long as drafts are kept, from now on; until when."""
    until = now() + timedelta(days=settings().draft_days)
    row = insert(BrowserCase).values(browser=browser, case_id=case.id, until=until)
    key = [BrowserCase.browser, BrowserCase.case_id]
    session.execute(row.on_conflict_do_update(index_elements=key, set_={"until": until}))
    return until


def known_in_browser(session: Session, case: Case, browser: bytes | None) -> bool:
    """Whether the browser may open the case."""
    if browser is None:
        return False
    return bool(session.scalar(select(exists().where(BrowserCase.case_id == case.id, *_living(browser)))))


def of_browser(browser: bytes) -> Select[int]:
    """The ids of the cases that a browser knows, as part of a query."""
    return select(BrowserCase.case_id).where(*_living(browser))


def known_until(session: Session, case: Case, browser: bytes | None) -> datetime | None:
    """Until when the browser opens a case that belongs to no account; None where it does not."""
    if browser is None or case.account_id is not None:
        return None
    return session.scalar(select(BrowserCase.until).where(BrowserCase.case_id == case.id, *_living(browser)))


def remove_from_browser(
    session: Session, browser: bytes, *, case_id: int | None = None, account_id: int | None = None
) -> None:
    """Remove one case from a browser, or those of an account whose owner signed out in it."""
    of_account = select(Case.id).where(Case.account_id == account_id)
    which = BrowserCase.case_id == case_id if case_id is not None else BrowserCase.case_id.in_(of_account)
    session.execute(delete(BrowserCase).where(BrowserCase.browser == browser, which))


def purge_expired(session: Session) -> None:
    """Delete expired rows."""
    session.execute(delete(BrowserCase).where(BrowserCase.until <= now()))


def _living(browser: bytes) -> tuple[ColumnElement[bool], ...]:
    return BrowserCase.browser == browser, BrowserCase.until > now()

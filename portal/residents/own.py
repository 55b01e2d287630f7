"""What belongs to whoever is asking: by the signed-in account, and by what was begun or sent in this browser."""

from flask import session
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.cases import queries
from portal.cases.browser_drafts import forget_in_browser, of_browser
from portal.cases.models import CaseFile, Draft
from portal.core.access import current_account
from portal.core.clock import now
from portal.core.events import Actor
from portal.core.web import db
from portal.identity.draft_key import browser_key
from portal.identity.visits import own_drafts

_KEPT = 20
_MOST_DRAFTS = 100


def account_id() -> int | None:
    """The id of the signed-in account."""
    account = current_account()
    return account.id if account else None


def receipts() -> list[str]:
    """Public ids of the cases sent from this browser, newest first."""
    kept = session.get("receipts", [])
    return [one for one in kept if isinstance(one, str)]


def remember_receipt(case: CaseFile) -> None:
    """Let this browser open a case that it sent without signing in; others belong to their account."""
    if case.account_id is None and case.public_id not in receipts():
        session["receipts"] = [case.public_id, *receipts()][:_KEPT]


def drafts(database: Session) -> list[Draft]:
    """The visitor's unsent drafts, newest first."""
    whose: list[ColumnElement[bool]] = [Draft.public_id.in_(own_drafts())]
    browser = browser_key()
    if browser is not None:
        whose.append(and_(Draft.account_id.is_(None), Draft.id.in_(of_browser(browser))))
    if account_id() is not None:
        whose.append(Draft.account_id == account_id())
    query = select(Draft).where(or_(*whose), Draft.case_id.is_(None), Draft.expires_at > now())
    return list(database.scalars(query.order_by(Draft.saved_at.desc()).limit(_MOST_DRAFTS)))


def forget_drafts_of(account_id: int) -> None:
    """Somebody signs out: this browser no longer knows what they wrote as themselves. The account keeps it."""
    browser = browser_key()
    if browser is not None:
        forget_in_browser(db(), browser, account_id=account_id)


def cases(database: Session) -> list[CaseFile]:
    """The visitor's cases, newest first."""
    mine = account_id()
    found = {case.id: case for case in queries.cases_with_receipts(database, receipts())}
    if mine is not None:
        found |= {case.id: case for case in queries.cases_of_account(database, mine)}
    return sorted(found.values(), key=lambda case: case.submitted_at, reverse=True)


def case(database: Session, public_id: str, *, lock: bool = False) -> CaseFile:
    """One of the visitor's cases. Raises NotFound for anybody else's."""
    return queries.case_for_resident(database, public_id, account_id=account_id(), receipts=receipts(), lock=lock)


def actor(case: CaseFile) -> Actor:
    """The visitor as the one who acts on their case."""
    return Actor("applicant", account_id(), case.applicant_name or None)

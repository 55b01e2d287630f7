"""What belongs to whoever is asking: by the signed-in account, and by what was begun or sent in this browser."""

from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.cases import browser_cases, browser_drafts
from portal.cases.models import Case, Draft
from portal.cases.ownership import CheckCodeNeeded, case_for_resident, cases_of_resident
from portal.core.access import current_account
from portal.core.clock import now
from portal.core.errors import StepUpNeeded
from portal.core.events import Actor
from portal.core.web import db
from portal.identity.browser_draft_key import browser_key, ensure_browser_key
from portal.identity.web_session import forget_draft, own_drafts

_MOST_DRAFTS = 100


def account_id() -> int | None:
    """The id of the signed-in account."""
    account = current_account()
    return account.id if account else None


def remember_case(case: Case) -> None:
    """Let this browser open a case that it sent without signing in; others belong to their account."""
    if case.account_id is None:
        browser_cases.remember_in_browser(db(), case, ensure_browser_key())


def known_until(case: Case) -> datetime | None:
    """Until when this browser opens the case without signing in; None where it does not."""
    return browser_cases.known_until(db(), case, browser_key())


def forget_case(case: Case) -> None:
    """Leave a case out of this browser, which others use too, and the draft it came from, which leads to it."""
    browser, draft = browser_key(), db().get(Draft, case.draft_id) if case.draft_id is not None else None
    if browser is not None:
        browser_cases.remove_from_browser(db(), browser, case_id=case.id)
    if browser is not None and draft is not None:
        browser_drafts.remove_from_browser(db(), browser, draft_id=draft.id)
    if draft is not None:
        forget_draft(draft.public_id)


def drafts(database: Session) -> list[Draft]:
    """The visitor's unsent drafts, newest first."""
    whose: list[ColumnElement[bool]] = [Draft.public_id.in_(own_drafts())]
    browser = browser_key()
    if browser is not None:
        whose.append(and_(Draft.account_id.is_(None), Draft.id.in_(browser_drafts.of_browser(browser))))
    if account_id() is not None:
        whose.append(Draft.account_id == account_id())
    query = select(Draft).where(or_(*whose), Draft.case_id.is_(None), Draft.expires_at > now())
    return list(database.scalars(query.order_by(Draft.saved_at.desc()).limit(_MOST_DRAFTS)))


def forget_account(account_id: int) -> None:
    """Somebody signs out: this browser no longer knows what they wrote as themselves. The account keeps it."""
    browser = browser_key()
    if browser is not None:
        browser_drafts.remove_from_browser(db(), browser, account_id=account_id)
        browser_cases.remove_from_browser(db(), browser, account_id=account_id)


def cases(database: Session) -> list[Case]:
    """The visitor's cases, newest first."""
    return cases_of_resident(database, account_id=account_id(), browser=browser_key())


def case(database: Session, public_id: str, *, lock: bool = False) -> Case:
    """One of the visitor's cases. Raises SignInNeeded for somebody who is not signed in, StepUpNeeded for one that they may claim,
    and NotFound for anybody else's.
    """
    try:
        return case_for_resident(database, public_id, account=current_account(), browser=browser_key(), lock=lock)
    except CheckCodeNeeded:
        raise StepUpNeeded(url_for("residents.ask_claim", public_id=public_id)) from None


def actor(case: Case) -> Actor:
    """The visitor as the one who acts on their case."""
    return Actor("applicant", account_id(), case.applicant_name or None)

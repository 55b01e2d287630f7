"""What belongs to the visitor: by the signed-in account, and by what was begun or sent in this browser."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from portal.cases import Case, Draft, browser_cases, browser_drafts
from portal.cases.bundles import Bundle, bundles_by_id, find_bundle, sent_bundle
from portal.cases.drafts import draft_of, drafts_of_resident
from portal.cases.ownership import CheckCodeNeeded, case_for_resident, cases_of_resident
from portal.core.access import current_account
from portal.core.errors import StepUpNeeded
from portal.core.events import Actor
from portal.core.web import db
from portal.identity import browser_key, ensure_browser_key
from portal.identity.web_session import forget_draft, own_drafts


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
    browser, draft = browser_key(), draft_of(db(), case)
    if browser is not None:
        browser_cases.remove_from_browser(db(), browser, case_id=case.id)
    if browser is not None and draft is not None:
        browser_drafts.remove_from_browser(db(), browser, draft_id=draft.id)
    if draft is not None:
        forget_draft(draft.public_id)


def drafts(database: Session) -> list[Draft]:
    """The visitor's unsent drafts, newest first."""
    return drafts_of_resident(database, own=own_drafts(), account_id=account_id(), browser=browser_key())


def forget_account(account_id: int) -> None:
    """Somebody signs out: this browser no longer knows what they wrote as themselves. The account keeps it."""
    browser = browser_key()
    if browser is not None:
        browser_drafts.remove_from_browser(db(), browser, account_id=account_id)
        browser_cases.remove_from_browser(db(), browser, account_id=account_id)


@dataclass(frozen=True)
class BegunBundle:
    """Several procedures that the visitor fills in to send them together."""

    public_id: str
    keys: frozenset[str]


def begun_bundles(database: Session) -> list[BegunBundle]:
    """The visitor's bundles that are not sent, the one written last first."""
    members: dict[int, set[str]] = {}
    for draft in drafts(database):
        if draft.bundle_id is not None and draft.bundle_state is None:
            members.setdefault(draft.bundle_id, set()).add(draft.procedure_key)
    bundles = bundles_by_id(database, members)
    return [
        BegunBundle(bundles[bundle_id].public_id, frozenset(keys))
        for bundle_id, keys in members.items()
        if bundles[bundle_id].sent_at is None
    ]


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


def bundle(database: Session, public_id: str, *, lock: bool = False) -> tuple[Bundle, list[Case]]:
    """A bundle that the visitor sent, with its cases that are theirs. Raises what `case` raises."""
    try:
        return sent_bundle(database, public_id, account=current_account(), browser=browser_key(), lock=lock)
    except CheckCodeNeeded:
        raise StepUpNeeded(url_for("residents.ask_claim_bundle", public_id=public_id)) from None


def open_bundle(database: Session, public_id: str, *, lock: bool = False) -> Bundle:
    """A bundle that the visitor fills in or has sent; whoever signed in meanwhile makes it their own. Raises what `cases.find_bundle` raises."""
    return find_bundle(database, public_id, own=own_drafts(), account_id=account_id(), browser=browser_key(), lock=lock)


def unsent_bundle_of(draft: Draft) -> Bundle | None:
    """The bundle that a draft is to be sent in; None for one that is sent alone."""
    if draft.bundle_id is None or draft.bundle_state is not None or draft.case_id is not None:
        return None
    return bundles_by_id(db(), [draft.bundle_id])[draft.bundle_id]


def actor(case: Case) -> Actor:
    """The visitor as the one who acts on their case."""
    return Actor("applicant", account_id(), case.applicant_name or None)

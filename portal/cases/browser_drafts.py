"""Which browsers may go on with which drafts, beyond the visit in which a draft was begun."""

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.cases.browser_models import BrowserDraft
from portal.cases.models import Draft


def remember_in_browser(session: Session, draft: Draft, browser: bytes) -> None:
    """Let a browser go on with a draft."""
    session.execute(insert(BrowserDraft).values(browser=browser, draft_id=draft.id).on_conflict_do_nothing())


def known_in_browser(session: Session, draft: Draft, browser: bytes | None) -> bool:
    """Whether the draft was written in that browser."""
    if browser is None:
        return False
    which = (BrowserDraft.browser == browser, BrowserDraft.draft_id == draft.id)
    return bool(session.scalar(select(exists().where(*which))))


def of_browser(browser: bytes) -> Select[int]:
    """The ids of a browser's drafts, as part of a query."""
    return select(BrowserDraft.draft_id).where(BrowserDraft.browser == browser)


def remove_from_browser(
    session: Session, browser: bytes, *, draft_id: int | None = None, account_id: int | None = None
) -> None:
    """Remove one draft from a browser, or those of an account whose owner signed out in it."""
    of_account = select(Draft.id).where(Draft.account_id == account_id)
    which = BrowserDraft.draft_id == draft_id if draft_id is not None else BrowserDraft.draft_id.in_(of_account)
    session.execute(delete(BrowserDraft).where(BrowserDraft.browser == browser, which))

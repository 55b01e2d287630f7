"""Whose a case is: of the account that sent it, of the browser that sent it without signing in, or of whoever proves the e-mail
address that its letters go to.
"""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.cases.browser_cases import known_in_browser, of_browser
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.notices import address_of
from portal.core.access import AccountIdentity
from portal.core.errors import NotFound, SignInNeeded
from portal.core.events import Actor, record
from portal.core.locking import lock_row

_MAX_CASES = 100


def case_for_resident(
    session: Session, public_id: str, *, account: AccountIdentity | None, browser: bytes | None, lock: bool = False
) -> Case:
    """A case of this visitor: of the signed-in account, or of this browser while it is nobody's.

    A case that was sent without signing in becomes the account's whose address its letters go to. Raises SignInNeeded for
    somebody who is not signed in, whether there is such a case or not, and NotFound for any other.
    """
    which = Case.public_id == public_id
    case = lock_row(session, Case, which) if lock else session.scalar(select(Case).where(which))
    if case is not None and account is not None and case.account_id == account.id:
        return case
    if case is not None and case.account_id is None:
        if known_in_browser(session, case, browser):
            return case
        if account is not None and _writes_to(session, case, account):
            return _claim(session, case, account)
    if account is None:
        raise SignInNeeded("resident")
    raise NotFound("この申請は見つかりません。")


def cases_of_resident(session: Session, *, account_id: int | None, browser: bytes | None) -> list[Case]:
    """The cases of an account and those that this browser sent without signing in, newest first."""
    whose: list[ColumnElement[bool]] = []
    if account_id is not None:
        whose.append(Case.account_id == account_id)
    if browser is not None:
        whose.append(and_(Case.account_id.is_(None), Case.id.in_(of_browser(browser))))
    if not whose:
        return []
    query = select(Case).where(or_(*whose)).order_by(Case.submitted_at.desc()).limit(_MAX_CASES)
    return list(session.scalars(query))


def _writes_to(session: Session, case: Case, account: AccountIdentity) -> bool:
    address = address_of(session, case)
    return address is not None and address.lower() == account.email.lower()


def _claim(session: Session, case: Case, account: AccountIdentity) -> Case:
    """The case as the account's, if it still is nobody's."""
    locked = lock_row(session, Case, Case.id == case.id, Case.account_id.is_(None))
    if locked is None:
        raise NotFound("この申請は見つかりません。")
    locked.account_id = account.id
    record(session, of_case(case.id), "case.claimed", Actor("applicant", account.id, case.applicant_name or None))
    session.flush()
    return locked

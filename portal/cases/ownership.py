"""Whose a case is: of the account that sent it, of the browser that sent it without signing in, or of who claims it: by proving the
e-mail address that its letters go to, and with the check code of its receipt.
"""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.cases.browser_cases import known_in_browser, of_browser
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.notices import contact_address
from portal.cases.tracking import is_check_code
from portal.core.access import AccountIdentity
from portal.core.errors import DomainError, Invalid, NotFound, SignInNeeded
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.core.text import _

MAX_CASES = 100
WRONG_CODE = "確認番号がちがいます。送ったときの画面に出た8けたの数字を入力してください。"


class CheckCodeNeeded(DomainError):
    """The case is nobody's, and its letters go to the address of this account: with the check code it can be claimed."""

    def __init__(self) -> None:
        super().__init__("確認番号を入力してください。")


def case_for_resident(
    session: Session, public_id: str, *, account: AccountIdentity | None, browser: bytes | None, lock: bool = False
) -> Case:
    """A case of this visitor: of the signed-in account, or of this browser while it is nobody's.

    Raises SignInNeeded for somebody who is not signed in, whether there is such a case or not; CheckCodeNeeded for the account that may
    `claim` it, and NotFound for any other.
    """
    which = Case.public_id == public_id
    case = lock_row(session, Case, which) if lock else session.scalar(select(Case).where(which))
    if case is not None and account is not None and case.account_id == account.id:
        return case
    if case is not None and case.account_id is None:
        if known_in_browser(session, case, browser):
            return case
        if account is not None and _writes_to(session, case, account):
            raise CheckCodeNeeded
    if account is None:
        raise SignInNeeded("resident")
    raise NotFound("この手続きは見つかりません。")


def cases_of_resident(session: Session, *, account_id: int | None, browser: bytes | None) -> list[Case]:
    """The cases of an account and those that this browser sent without signing in, newest first."""
    whose: list[ColumnElement[bool]] = []
    if account_id is not None:
        whose.append(Case.account_id == account_id)
    if browser is not None:
        whose.append(and_(Case.account_id.is_(None), Case.id.in_(of_browser(browser))))
    if not whose:
        return []
    query = select(Case).where(or_(*whose)).order_by(Case.submitted_at.desc(), Case.id.desc()).limit(MAX_CASES)
    return list(session.scalars(query))


def _writes_to(session: Session, case: Case, account: AccountIdentity) -> bool:
    address = contact_address(session, case)
    return address is not None and address.lower() == account.email.lower()


def claimable(session: Session, public_id: str, account: AccountIdentity) -> Case:
    """The case that nobody has claimed yet and whose letters go to the account's address, locked. Raises NotFound."""
    case = lock_row(session, Case, Case.public_id == public_id, Case.account_id.is_(None))
    if case is None or not _writes_to(session, case, account):
        raise NotFound("この手続きは見つかりません。")
    return case


def claim(session: Session, case: Case, account: AccountIdentity, code: str) -> None:
    """Make a `claimable` case the account's. Raises Invalid unless `code` (as `check_code_typed` spells it) is the one on the receipt.

    The address alone is not enough: who left it may have mistyped it, and somebody else reads what is sent there.
    """
    if not is_check_code(case, code):
        raise Invalid(_(WRONG_CODE), {"code": _(WRONG_CODE)})
    case.account_id = account.id
    record(session, of_case(case.id), "case.claimed", Actor("applicant", account.id, case.applicant_name or None))
    session.flush()

"""Whose a sent bundle is: of whoever its cases belong to. It is opened, followed and claimed as one."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases.browser_cases import of_browser
from portal.cases.bundle_models import Bundle
from portal.cases.events import of_case
from portal.cases.models import Case, Draft
from portal.cases.notices import contact_address
from portal.cases.ownership import WRONG_CODE, CheckCodeNeeded
from portal.cases.tracking import is_check_code
from portal.core.access import AccountIdentity
from portal.core.errors import Invalid, NotFound, SignInNeeded
from portal.core.events import Actor, record
from portal.core.locking import lock_row, lock_rows
from portal.core.text import _

_NOT_THERE = "このまとめての申請は見つかりません。"


def sent_bundle(
    session: Session, public_id: str, *, account: AccountIdentity | None, browser: bytes | None, lock: bool = False
) -> tuple[Bundle, list[Case]]:
    """A bundle that was sent, and those of its cases that are this visitor's, in the order of their numbers; `lock` locks all of them.

    Raises what `ownership.case_for_resident` raises for a case: SignInNeeded, CheckCodeNeeded and NotFound.
    """
    which = Bundle.public_id == public_id
    bundle = lock_row(session, Bundle, which) if lock else session.scalar(select(Bundle).where(which))
    cases = _cases(session, bundle, lock=lock) if bundle is not None and bundle.sent_at is not None else []
    known = set(session.scalars(of_browser(browser))) if browser is not None and cases else set()
    mine = [
        case
        for case in cases
        if (account is not None and case.account_id == account.id) or (case.account_id is None and case.id in known)
    ]
    if bundle is not None and mine:
        return bundle, mine
    if account is None:
        raise SignInNeeded("resident")
    if _unclaimed(session, cases, account):
        raise CheckCodeNeeded
    raise NotFound(_(_NOT_THERE))


def claimable_bundle(session: Session, public_id: str, account: AccountIdentity) -> tuple[Bundle, list[Case]]:
    """A bundle with the cases that nobody has claimed yet and whose letters go to the account's address, locked. Raises NotFound."""
    bundle = lock_row(session, Bundle, Bundle.public_id == public_id)
    cases = _unclaimed(session, _cases(session, bundle, lock=True), account) if bundle is not None else []
    if bundle is None or not cases:
        raise NotFound(_(_NOT_THERE))
    return bundle, cases


def claim_bundle(session: Session, bundle: Bundle, cases: Sequence[Case], account: AccountIdentity, code: str) -> None:
    """Make these cases the account's, and what still waits. Raises Invalid unless `code` is the one on the bundle's receipt."""
    if not is_check_code(bundle, code):
        raise Invalid(_(WRONG_CODE), {"code": _(WRONG_CODE)})
    for case in cases:
        case.account_id = account.id
        record(session, of_case(case.id), "case.claimed", Actor("applicant", account.id, case.applicant_name or None))
    waiting = (Draft.bundle_id == bundle.id, Draft.account_id.is_(None), Draft.case_id.is_(None))
    session.execute(update(Draft).where(*waiting).values(account_id=account.id))
    session.flush()


def _cases(session: Session, bundle: Bundle, *, lock: bool) -> list[Case]:
    which = Case.bundle_id == bundle.id
    if lock:
        return lock_rows(session, Case, which, order_by=[Case.id.asc()])
    return list(session.scalars(select(Case).where(which).order_by(Case.id)))


def _unclaimed(session: Session, cases: Sequence[Case], account: AccountIdentity) -> list[Case]:
    return [
        case
        for case in cases
        if case.account_id is None and (contact_address(session, case) or "").lower() == account.email.lower()
    ]

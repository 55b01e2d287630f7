"""What waits in a bundle for another's decision (転入届 → 児童手当): opened when that was made, called off when it was refused."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, literal, select, update
from sqlalchemy.orm import Session

from portal.bookings import lock_ledgers
from portal.cases.browser_models import BrowserCase
from portal.cases.bundle_member import CALLED_OFF, FAILED, WAITING, Member
from portal.cases.bundle_models import OPEN_WAITING, Bundle
from portal.cases.bundles.membership import cases_of_bundle, opened_after
from portal.cases.channels import OPENED
from portal.cases.counter_visits import visits_told
from portal.cases.drafts import answers_of
from portal.cases.models import Case, Draft
from portal.cases.notices import contact_address, told_of_case
from portal.cases.parties import parties_of
from portal.cases.queries import told_days
from portal.cases.submission import complete_case, judge, make_case, needed_ledgers, open_others
from portal.cases.workflows import workflow_of_case
from portal.core.clock import now
from portal.core.config import settings
from portal.core.errors import DomainError
from portal.core.jobs import enqueue
from portal.core.locking import lock_row, lock_rows
from portal.identity import account_email
from portal.notifications import send_mail
from portal.procedures import definition_of


def settle_waiting(session: Session, bundle_id: int) -> None:
    """Open what does not wait any more, one in a transaction, and call off what waits in vain. Safe to repeat and to race.

    What cannot be opened as it was sent (a place is taken meanwhile) is given back to the resident, who is told.
    """
    bundle = lock_row(session, Bundle, Bundle.id == bundle_id)
    if bundle is None or bundle.sent_at is None:
        return
    order = (Draft.bundle_position.asc(), Draft.id.asc())
    kept_back = lock_rows(session, Draft, Draft.bundle_id == bundle_id, Draft.bundle_state.is_not(None), order_by=order)
    cases = {case.procedure_key: case for case in cases_of_bundle(session, bundle_id)}
    called_off = {draft.procedure_key for draft in kept_back if draft.bundle_state == CALLED_OFF}
    undecided = {draft.procedure_key for draft in kept_back} - called_off
    for draft in [draft for draft in kept_back if draft.bundle_state == WAITING]:
        member = Member(draft, definition_of(session, draft.version_id))
        after = set(opened_after(member.definition))
        before = [cases[key] for key in sorted(after & cases.keys())]
        in_vain = [case for case in before if _kind(session, case) in {"refused", "withdrawn"}]
        if in_vain or after & called_off:
            _call_off(session, bundle, member, in_vain)
            called_off.add(member.key)
            undecided.discard(member.key)
        elif all(_kind(session, case) == "done" for case in before) and not after & undecided:
            _open(session, bundle, member, before)
            enqueue(session, OPEN_WAITING, bundle_id=bundle_id)  # another may have waited for this alone
            break
    session.flush()


def bundles_with_waiting(session: Session) -> list[int]:
    """The ids of bundles in which something waits."""
    query = select(Draft.bundle_id).where(Draft.bundle_id.is_not(None), Draft.bundle_state == WAITING)
    return sorted(bundle_id for bundle_id in session.scalars(query.distinct()) if bundle_id is not None)


def keep_waiting(session: Session) -> None:
    """What waits for a decision is kept until that is made, however long it takes."""
    until = now() + timedelta(days=settings().draft_days)
    waiting = (Draft.bundle_id.is_not(None), Draft.bundle_state == WAITING)
    session.execute(update(Draft).where(*waiting).values(expires_at=until))


def _kind(session: Session, case: Case) -> str:
    return workflow_of_case(case, definition_of(session, case.version_id)).states[case.state].kind


def _open(session: Session, bundle: Bundle, member: Member, before: Sequence[Case]) -> None:
    """Make the case of what waited; it came in when the bundle was sent, and is judged by that day."""
    draft = member.draft
    try:
        with session.begin_nested():
            judged = judge(session, draft, member.definition, received_at=bundle.sent_at)
            lock_ledgers(session, needed_ledgers(session, [judged]))
            case = make_case(session, judged)
            payment = complete_case(session, case, judged, channel=OPENED)
            open_others(session, case, judged)
    except DomainError:
        draft.bundle_state = FAILED
        draft.expires_at = now() + timedelta(days=settings().draft_days)
        _tell(session, bundle, member, before, "waiting_failed", path=f"/drafts/{draft.public_id}")
        return
    draft.bundle_state = None
    _let_browsers_know(session, bundle, case)
    address = contact_address(session, case)
    if address is not None:
        send_mail(
            session,
            "waiting_opened",
            to=address,
            language=case.language,
            case_id=case.id,
            first=_titles(session, before, case.language),
            amount=payment.amount if payment else 0,
            until=payment.pay_by if payment else None,
            days=told_days(case, member.definition, judged.outcome.answers, case.language),
            visits=visits_told(session, case, member.definition, judged.outcome.answers),
            **told_of_case(session, case, member.definition),
        )


def _call_off(session: Session, bundle: Bundle, member: Member, missing: Sequence[Case]) -> None:
    member.draft.bundle_state = CALLED_OFF
    member.draft.expires_at = now() + timedelta(days=settings().draft_days)
    _tell(session, bundle, member, missing, "waiting_called_off", path=f"/me/bundles/{bundle.public_id}")


def _tell(session: Session, bundle: Bundle, member: Member, others: Sequence[Case], kind: str, *, path: str) -> None:
    draft = member.draft
    of_account = account_email(session, draft.account_id) if draft.account_id is not None else None
    address = of_account or parties_of(member.definition, answers_of(session, draft)).email
    if address is None:
        return
    send_mail(
        session,
        kind,
        to=address,
        language=bundle.language,
        case_id=others[0].id if others else None,
        title=member.definition.title.for_language(bundle.language),
        first=_titles(session, others, bundle.language),
        path=path,
    )


def _titles(session: Session, cases: Sequence[Case], language: str) -> list[str]:
    return [definition_of(session, case.version_id).title.for_language(language) for case in cases]


def _let_browsers_know(session: Session, bundle: Bundle, case: Case) -> None:
    """Whoever follows the other cases in a browser, without an account, follows the new one too."""
    if case.account_id is not None:
        return
    others = select(Case.id).where(Case.bundle_id == bundle.id, Case.id != case.id)
    known = (
        select(BrowserCase.browser, literal(case.id), BrowserCase.until)
        .distinct(BrowserCase.browser)
        .where(BrowserCase.case_id.in_(others))
        .order_by(BrowserCase.browser, BrowserCase.until.desc())
    )
    columns = [BrowserCase.browser, BrowserCase.case_id, BrowserCase.until]
    session.execute(insert(BrowserCase).from_select(columns, known))

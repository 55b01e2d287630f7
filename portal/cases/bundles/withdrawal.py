"""Taking back several applications of a bundle at once, those that still wait among them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.bookings import lock_ledgers
from portal.cases.bundle_member import CALLED_OFF, WAITING
from portal.cases.bundle_models import Bundle
from portal.cases.models import Case, Draft
from portal.cases.moves import MoveInputs, apply_transition, available
from portal.cases.versions import Outdated
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.core.locking import lock_rows
from portal.core.text import _
from portal.payments import lock_orders_of_cases
from portal.procedures import definition_of

_MOVE = "withdraw"


def withdrawable(session: Session, cases: Sequence[Case]) -> list[Case]:
    """Those of the cases that their applicant may take back as they stand now."""
    return [
        case
        for case in cases
        if any(
            option.id == _MOVE for option in available(case, definition_of(session, case.version_id), ("applicant",))
        )
    ]


def seen_together(cases: Sequence[Case]) -> str:
    """How the cases stood when a page showed them; another text once one of them was changed."""
    return ",".join(f"{case.id}.{case.lock_version}" for case in cases)


def withdraw_together(
    session: Session,
    bundle: Bundle,
    cases: Sequence[Case],
    public_ids: Collection[str],
    account_id: int | None,
    *,
    note: str,
    seen: str,
) -> None:
    """Take back the chosen ones of a bundle: `cases` are the visitor's, locked like the bundle; what waits is chosen by its draft.

    Raises Invalid when nothing was chosen, and Outdated when a case was changed since the page showed them (`seen_together`).
    """
    waiting = [draft for draft in waiting_drafts(session, bundle, lock=True) if draft.public_id in public_ids]
    chosen = [case for case in cases if case.public_id in public_ids]
    if not chosen and not waiting:
        raise Invalid(_("取り下げる手続きを、1つ以上選んでください。"))
    if seen != seen_together(withdrawable(session, cases)):
        raise Outdated
    for draft in waiting:  # before the cases they wait for, so that nobody is told what they chose themselves
        draft.bundle_state = CALLED_OFF
    booked = [case for case in chosen if definition_of(session, case.version_id).capacity]
    lock_ledgers(session, [f"procedure:{case.procedure_key}" for case in booked])
    lock_orders_of_cases(session, [case.id for case in chosen])
    for case in chosen:
        actor = Actor("applicant", account_id, case.applicant_name or None)
        apply_transition(session, case.id, _MOVE, actor, roles=("applicant",), inputs=MoveInputs(note=note))
    session.flush()


def waiting_drafts(session: Session, bundle: Bundle, *, lock: bool = False) -> list[Draft]:
    """What still waits in a bundle, in the order in which it is done."""
    which = (Draft.bundle_id == bundle.id, Draft.bundle_state == WAITING)
    order = (Draft.bundle_position.asc(), Draft.id.asc())
    if lock:
        return lock_rows(session, Draft, *which, order_by=order)
    return list(session.scalars(select(Draft).where(*which).order_by(*order)))

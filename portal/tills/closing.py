"""Counting a till and closing it. What it has too much or too little is booked as it is, with a reason; a large difference by two people."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.ledger import Item, movements, post
from portal.tills.events import of_till
from portal.tills.models import Till, TillShift
from portal.tills.queries import get_till, report_of_shift
from portal.tills.rules import DENOMINATIONS, MAX_PIECES, needs_confirmation, sum_of
from portal.tills.taking import MAX_REASON, lock_open_shift

_NOTHING_TO_CONFIRM = "このレジに、確認を待っている過不足はありません。"


def count_till(
    session: Session,
    till_id: int,
    pieces: Mapping[int, int | None],
    reason: str,
    actor: Actor,
    *,
    expected: int | None = None,
) -> TillShift:
    """Count the drawer by denominations and close the till; a difference above the till's limit first waits for a second person.

    `expected` is what the page said that there must be: it is refused when something was entered meanwhile. Raises NotFound, Conflict
    when the till is not open, Invalid (fields `pieces-N`; `reason` for a difference without one).
    """
    till, shift = get_till(session, till_id), lock_open_shift(session, till_id)
    counts = {denomination: pieces.get(denomination) or 0 for denomination in DENOMINATIONS}
    for denomination, count in counts.items():
        if not 0 <= count <= MAX_PIECES or (denomination in pieces and pieces[denomination] is None):
            sentence = _("枚数を、0から{most}までの数字で入力してください。", most=f"{MAX_PIECES:,}")
            raise Invalid(sentence, {f"pieces-{denomination}": sentence})
    must_be = report_of_shift(session, till, shift).expected
    if expected is not None and expected != must_be:
        raise Conflict(_("数えているあいだに、入金か返金が入力されました。数え直してください。"))
    shift.counted, shift.expected = sum_of(counts), must_be
    words = reason.replace("\x00", "").strip()
    if len(words) > MAX_REASON or (shift.difference and not words):
        shift.counted = shift.expected = None
        sentence = _("過不足の理由を、{count}文字までで書いてください。", count=MAX_REASON)
        raise Invalid(sentence, {"reason": sentence})
    shift.pieces = {str(denomination): count for denomination, count in counts.items() if count}
    shift.difference_reason = words or None
    shift.counted_by, shift.counted_at = actor.id, now()
    if needs_confirmation(shift.difference, till.confirmed_above):
        shift.status = "counted"
        session.flush()
        details = {"shift_id": shift.id, "amount": shift.counted, "expected": must_be}
        record(session, of_till(till_id), "till.counted", actor, **details)
    else:
        _close(session, till, shift, actor)
    return shift


def count_till_again(session: Session, till_id: int, actor: Actor) -> TillShift:
    """Count the drawer again instead of confirming a difference: the till is open again. Raises NotFound, Conflict."""
    _till, shift = _waiting(session, till_id)
    shift.status, shift.counted, shift.expected, shift.pieces = "open", None, None, {}
    shift.difference_reason, shift.counted_by, shift.counted_at = None, None, None
    session.flush()
    record(session, of_till(till_id), "till.recounted", actor, shift_id=shift.id)
    return shift


def confirm_difference(session: Session, till_id: int, actor: Actor) -> TillShift:
    """Close a till whose difference needs a second person. Raises NotFound, Forbidden for the one who counted, Conflict."""
    till, shift = _waiting(session, till_id)
    if actor.id is None or actor.id == shift.counted_by:
        raise Forbidden(_("過不足は、現金を数えた人とは別の人が確認してください。"))
    shift.confirmed_by = actor.id
    _close(session, till, shift, actor)
    return shift


def item_of_shift(till: Till, shift: TillShift) -> Item:
    """What a posting about the money of a shift says of it."""
    return Item(key=f"till:{shift.id}", department_id=till.department_id)


def _waiting(session: Session, till_id: int) -> tuple[Till, TillShift]:
    till = get_till(session, till_id)
    shift = lock_row(session, TillShift, TillShift.till_id == till_id, TillShift.status == "counted")
    if shift is None:
        raise Conflict(_(_NOTHING_TO_CONFIRM))
    return till, shift


def _close(session: Session, till: Till, shift: TillShift, actor: Actor) -> None:
    shift.status, shift.closed_at = "closed", now()
    session.flush()
    details = {"shift_id": shift.id, "amount": shift.counted, "difference": shift.difference}
    record(session, of_till(till.id), "till.closed", actor, **details)
    if shift.difference:
        cause, item = f"till:{shift.id}:counted", item_of_shift(till, shift)
        post(session, movements.cash_counted(-shift.difference, cause=cause, at=now(), item=item, staff_id=actor.id))

"""Setting a till up, opening it with a float, and entering what it takes and pays back. A wrong entry is taken back, never deleted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.payments import OfflineMoney, pay_refund_at_counter, reverse_at_counter, take_at_counter
from portal.tills.card_settlements import NO_SLIP, CardSlip
from portal.tills.events import of_till
from portal.tills.models import Till, TillEntry, TillShift
from portal.tills.queries import entry_of_token, get_till, open_shift
from portal.tills.rules import MAX_YEN, change_of

MAX_TITLE = 40
MAX_REASON = 500
_NOT_OPEN = "このレジは開いていません。レジを開けてから、もう一度入力してください。"
_COUNTED = "このレジは現金を数えて、別の人の確認を待っています。入金や返金はできません。"


@dataclass(frozen=True)
class Handed:
    """How somebody paid: the cash that was handed over (None: not readable), or what the card reader printed."""

    method: str
    tendered: int | None = None
    slip: CardSlip = NO_SLIP


def add_till(session: Session, department_id: int, title: str, confirmed_above: int | None, actor: Actor) -> Till:
    """Set up a till in a department. Raises Invalid (fields `title`, `confirmed_above`)."""
    till = Till(
        department_id=department_id, title=_title(title), confirmed_above=_yen("confirmed_above", confirmed_above)
    )
    session.add(till)
    session.flush()
    record(session, of_till(till.id), "till.added", actor, department_id=department_id)
    return till


def change_till(
    session: Session, till_id: int, title: str, confirmed_above: int | None, actor: Actor, *, in_use: bool
) -> None:
    """Rename a till, change its limit, or take it out of use. Raises NotFound, Invalid, Conflict while it is open."""
    till = lock_row(session, Till, Till.id == till_id)
    if till is None:
        raise NotFound
    if not in_use and open_shift(session, till_id) is not None:
        raise Conflict(_("開いているレジは、締めてから使用をやめてください。"))
    till.title, till.confirmed_above, till.in_use = _title(title), _yen("confirmed_above", confirmed_above), in_use
    session.flush()
    details = {"department_id": till.department_id, "in_use": in_use, "confirmed_above": till.confirmed_above}
    record(session, of_till(till_id), "till.changed", actor, **details)


def open_till(session: Session, till_id: int, float_amount: int | None, actor: Actor) -> TillShift:
    """Open a till with a float. Raises NotFound, Invalid (field `float_amount`), Conflict when it is open or not in use."""
    till = lock_row(session, Till, Till.id == till_id)
    if till is None:
        raise NotFound
    if open_shift(session, till_id) is not None:
        raise Conflict(_("このレジは、もう開いています。"))
    if not till.in_use:
        raise Conflict(_("このレジは使われていません。"))
    shift = TillShift(
        till_id=till_id,
        status="open",
        float_amount=_yen("float_amount", float_amount),
        opened_by=actor.id,
        opened_at=now(),
        pieces={},
    )
    session.add(shift)
    session.flush()
    record(session, of_till(till_id), "till.opened", actor, shift_id=shift.id, amount=shift.float_amount)
    return shift


def take_payment(
    session: Session,
    till_id: int,
    order_id: int,
    amount: int,
    handed: Handed,
    *,
    token: str,
    actor: Actor,
) -> TillEntry:
    """Take the money for an order; `amount` is what the page showed, `token` the form's.

    The same token enters nothing twice. Raises NotFound, Invalid (see `check_money`), Conflict when the till is not open or
    exactly this is not to be paid any more.
    """
    shift = lock_open_shift(session, till_id)
    if (known := entry_of_token(session, token)) is not None:
        return known
    check_money(amount, handed)
    attempt = take_at_counter(session, order_id, OfflineMoney(amount, handed.method), actor)
    return _add(
        session,
        shift,
        actor,
        kind="payment",
        method=handed.method,
        amount=amount,
        tendered=handed.tendered if handed.method == "cash" else None,
        slip_number=handed.slip.number if handed.method == "card_reader" else "",
        brand=handed.slip.brand if handed.method == "card_reader" else "",
        order_id=order_id,
        attempt_id=attempt.id,
        token=token,
    )


def check_money(amount: int, handed: Handed) -> None:
    """Raise Invalid (fields `method`, `tendered`, `slip_number`, `brand`) unless this pays the amount."""
    if handed.method not in {"cash", "card_reader"}:
        sentence = _("現金かカードかを選んでください。")
        raise Invalid(sentence, {"method": sentence})
    if handed.method == "cash" and change_of(amount, _yen("tendered", handed.tendered)) < 0:
        sentence = _("預かった金額が、{amount}円に足りません。", amount=f"{amount:,}")
        raise Invalid(sentence, {"tendered": sentence})
    if handed.method == "card_reader":
        handed.slip.check()


def reverse_entry(session: Session, till_id: int, entry_id: int, reason: str, actor: Actor) -> TillEntry:
    """Take back a payment that was entered by mistake in the shift that is running; pressed again, it stays as it is.

    Raises NotFound, Invalid (field `reason`), Conflict for a payment of an earlier shift or one that was refunded.
    """
    shift = lock_open_shift(session, till_id)
    entry = session.get(TillEntry, entry_id)
    if entry is None or entry.kind != "payment" or entry.attempt_id is None:
        raise NotFound
    token = f"reversal:{entry_id}"
    if (known := entry_of_token(session, token)) is not None:
        return known
    if entry.shift_id != shift.id:
        raise Conflict(_("締めたあとの入金は取り消せません。お返しするときは、返金してください。"))
    words = reason.replace("\x00", "").strip()
    if not words or len(words) > MAX_REASON:
        sentence = _("取り消す理由を、{count}文字までで書いてください。", count=MAX_REASON)
        raise Invalid(sentence, {"reason": sentence})
    reverse_at_counter(session, entry.attempt_id, words, actor)
    return _add(
        session,
        shift,
        actor,
        kind="reversal",
        method=entry.method,
        amount=entry.amount,
        order_id=entry.order_id,
        attempt_id=entry.attempt_id,
        reverses_id=entry.id,
        token=token,
    )


def pay_refund(session: Session, till_id: int, refund_id: int, method: str, actor: Actor) -> TillEntry:
    """Pay an approved refund out of the till, or back at its card reader; pressed again, it stays as it is.

    Raises NotFound, Conflict when the till is not open or the refund does not wait for this.
    """
    shift = lock_open_shift(session, till_id)
    token = f"refund:{refund_id}"
    if (known := entry_of_token(session, token)) is not None:
        return known
    refund = pay_refund_at_counter(session, refund_id, method, actor)
    of_refund = {"amount": refund.amount, "order_id": refund.order_id, "refund_id": refund.id}
    return _add(session, shift, actor, kind="refund", method=method, token=token, **of_refund)


def check_open(session: Session, till_id: int) -> None:
    """Raise Conflict unless money may be entered at a till now."""
    _check(open_shift(session, till_id))


def lock_open_shift(session: Session, till_id: int) -> TillShift:
    """The running shift of a till, locked. Raises NotFound, Conflict unless money may be entered in it."""
    get_till(session, till_id)
    return _check(lock_row(session, TillShift, TillShift.till_id == till_id, TillShift.status != "closed"))


def _check(shift: TillShift | None) -> TillShift:
    if shift is None:
        raise Conflict(_(_NOT_OPEN))
    if shift.status != "open":
        raise Conflict(_(_COUNTED))
    return shift


def _add(session: Session, shift: TillShift, actor: Actor, **values: Any) -> TillEntry:
    entry = TillEntry(shift_id=shift.id, staff_id=actor.id, entered_at=now(), **values)
    session.add(entry)
    session.flush()
    return entry


def _title(text: str) -> str:
    title = text.replace("\x00", "").strip()
    if not title or len(title) > MAX_TITLE:
        sentence = _("レジの名前を、{count}文字までで書いてください。", count=MAX_TITLE)
        raise Invalid(sentence, {"title": sentence})
    return title


def _yen(field: str, amount: int | None) -> int:
    if amount is None or not 0 <= amount <= MAX_YEN:
        sentence = _("金額を、0円から{most}円までの数字で入力してください。", most=f"{MAX_YEN:,}")
        raise Invalid(sentence, {field: sentence})
    return amount

"""Letting the lines of a file pay their orders, each in a transaction of its own; safe to repeat and to break off.

Money whose number leads to no fee is held (預り金) until an accountant knows whose it is.
"""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import SYSTEM, Actor, record
from portal.core.locking import lock_row
from portal.core.rounds import log_and_continue
from portal.core.text import _
from portal.ledger import Channel, Item, movements, post, reverse_causes
from portal.payments import (
    OfflineMoney,
    open_charges_of_order,
    order_of_slip,
    payments_of_order,
    prepare_offline_order,
    take_from_slip,
)
from portal.slips.events import of_file
from portal.slips.models import SlipLine


def post_waiting(city_key: str) -> None:
    """Post every line that waits; one that cannot be posted now (its fee is in a basket that waits for a voucher) keeps no other waiting."""
    with city_session(city_key) as session:
        waiting = list(session.scalars(select(SlipLine.id).where(SlipLine.status == "waiting").order_by(SlipLine.id)))
    for line_id in waiting:
        log_and_continue(city_key, partial(_post, city_key, line_id))


def assign_line(city_key: str, line_id: int, reference: str, actor: Actor) -> None:
    """Let money that is held pay the fee of a slip, whose number an accountant found out.

    Works in transactions of its own. Raises NotFound, Invalid (field `reference`) for a number that leads to no slip, Conflict when it
    is not held any more or the fee cannot be paid now.
    """
    order_id = order_of_slip(reference)
    with city_session(city_key) as session:
        line = session.get(SlipLine, line_id)
        if line is None:
            raise NotFound
        if order_id is None or not payments_of_order(session, order_id, missing_ok=True):
            sentence = _("この納付番号の料金は見つかりません。番号を確かめてください。")
            raise Invalid(sentence, {"reference": sentence})
    _take(city_key, line_id, order_id, status="unidentified", actor=actor)


def _post(city_key: str, line_id: int) -> None:
    with city_session(city_key) as session:
        line = session.get_one(SlipLine, line_id)
        order_id = order_of_slip(line.reference)
        is_known = order_id is not None and bool(payments_of_order(session, order_id, missing_ok=True))
        if not is_known:
            _hold(session, line_id)
    if is_known and order_id is not None:
        _take(city_key, line_id, order_id, status="waiting", actor=SYSTEM)


def _take(city_key: str, line_id: int, order_id: int, *, status: str, actor: Actor) -> None:
    with city_session(city_key) as session:
        charges = open_charges_of_order(session, order_id)
    if charges:  # some of them may be in a basket by now; there they would be paid again
        order_id = prepare_offline_order(city_key, charges, next_path="/me")
    with city_session(city_key) as session:
        line = _lock(session, line_id, status)
        if status == "unidentified":
            reverse_causes(session, [_cause(line)], at=now(), staff_id=actor.id)
            details = {"line_id": line.id, "order_id": order_id, "amount": line.amount}
            record(session, of_file(line.file_id), "slip.assigned", actor, **details)
        money = OfflineMoney(line.amount, "slip", _remittance(line))
        attempt = take_from_slip(session, order_id, money, actor)
        line.status, line.order_id, line.attempt_id = "posted", order_id, attempt.id


def _hold(session: Session, line_id: int) -> None:
    line = _lock(session, line_id, "waiting")
    channel = Channel(account="bank", method="slip", provider_ref=_remittance(line))
    item = Item(key=f"slip:{line.id}")
    post(session, movements.payment_received(item, line.amount, channel, cause=_cause(line), at=now(), counts=False))
    line.status = "unidentified"


def _lock(session: Session, line_id: int, status: str) -> SlipLine:
    line = lock_row(session, SlipLine, SlipLine.id == line_id)
    if line is None or line.status != status:
        raise Conflict(_("この入金は、もう処理されています。"))
    return line


def _cause(line: SlipLine) -> str:
    return f"slip:{line.id}:held"


def _remittance(line: SlipLine) -> str:
    """The bank's transfer that a line came with: one for each file."""
    return f"slips:{line.file_id}"

"""Files of transfers: each decided payout goes into one file, once; then what the bank made of it is recorded."""

from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.clock import now, today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.locking import lock_row, lock_rows
from portal.core.text import _
from portal.payouts import bookkeeping
from portal.payouts.events import of_batch, of_payout
from portal.payouts.models import Payout, PayoutBatch, PayoutConsignor
from portal.payouts.rules import UNSETTLED
from portal.payouts.zengin import Consignor, NotTransferable, transfer_file, transfer_of


def consignor(session: Session) -> Consignor | None:
    """From which account transfers are made; None until somebody has said it."""
    row = session.scalar(select(PayoutConsignor).order_by(PayoutConsignor.id.desc()).limit(1))
    return Consignor(**row.details) if row else None


def save_consignor(session: Session, details: Consignor, staff_id: int) -> None:
    """Make transfers from this account from now on. Raises Invalid for what the file cannot say."""
    try:
        transfer_file(details, today(), [])
    except (NotTransferable, KeyError) as error:
        raise Invalid(str(error)) from error
    session.add(PayoutConsignor(details=vars(details), staff_id=staff_id, since=now()))
    session.flush()


def decided_payouts(session: Session, departments: Collection[int]) -> list[Payout]:
    """What waits to be transferred in these departments, the oldest decision first."""
    query = select(Payout).where(Payout.status == "decided", Payout.amount > 0, Payout.department_id.in_(departments))
    return list(session.scalars(query.order_by(Payout.decided_at, Payout.id)))


def batches(session: Session, departments: Collection[int], limit: int = 50) -> list[PayoutBatch]:
    """The newest files that hold payouts of these departments alone."""
    query = select(PayoutBatch).where(*_of_departments(departments)).order_by(PayoutBatch.id.desc()).limit(limit)
    return list(session.scalars(query))


def payouts_of_batch(session: Session, batch_id: int, departments: Collection[int]) -> list[Payout]:
    """The payouts in a file. Raises NotFound for one that holds payouts of other departments too."""
    _own(session, batch_id, departments)
    return list(session.scalars(select(Payout).where(Payout.batch_id == batch_id).order_by(Payout.id)))


def make_batch(
    session: Session, payout_ids: Collection[int], transfer_on: date, actor: Actor, departments: Collection[int]
) -> PayoutBatch:
    """Put payouts into a file. Each goes once: of two who press at the same time, one is told that it has gone already.

    Raises Invalid for nothing to transfer or a day that has passed, Conflict for a payout that is not decided any more.
    """
    sender = consignor(session)
    if sender is None or actor.id is None:
        raise Invalid(_("振込元の口座を、先に登録してください。"))
    if transfer_on <= today():
        sentence = _("振込の日は、明日よりあとの日にしてください。")
        raise Invalid(sentence, {"transfer_on": sentence})
    which = Payout.id.in_(payout_ids), Payout.department_id.in_(departments)
    rows = list(lock_rows(session, Payout, *which, order_by=[Payout.id.asc()])) if payout_ids else []
    if not rows:
        raise Invalid(_("振り込む支払いを選んでください。"))
    if len(rows) != len(set(payout_ids)) or any(row.status != "decided" or not row.amount for row in rows):
        raise Conflict(_("選んだ支払いのどれかは、もうファイルに入っています。一覧を確かめてください。"))
    try:
        content = transfer_file(
            sender, transfer_on, [transfer_of(row.account, row.amount or 0, row.id) for row in rows]
        )
    except NotTransferable as error:
        raise Invalid(str(error)) from error
    batch = PayoutBatch(
        made_by=actor.id,
        made_at=now(),
        transfer_on=transfer_on,
        count=len(rows),
        total=sum(row.amount or 0 for row in rows),
        file={"content": b64encode(content).decode()},
    )
    session.add(batch)
    session.flush()
    for row in rows:
        row.status, row.batch_id = "exported", batch.id
        more = {"payout_id": row.id, "batch_id": batch.id, "amount": row.amount}
        record(session, of_payout(row.id, row.case_id), "payout.exported", actor, **more)
    record(session, of_batch(batch.id), "payout.batch_made", actor, count=batch.count, amount=batch.total)
    session.flush()
    return batch


def batch_file(session: Session, batch_id: int, actor: Actor, departments: Collection[int]) -> bytes:
    """The file as it was made; who downloads it is kept. Raises NotFound once it was erased."""
    batch = _own(session, batch_id, departments)
    if not batch.file:
        raise NotFound
    record(session, of_batch(batch.id), "payout.batch_downloaded", actor)
    return b64decode(batch.file["content"])


def record_results(
    session: Session, batch_id: int, failed: Collection[int], actor: Actor, departments: Collection[int]
) -> Sequence[Payout]:
    """What the bank made of a file: all were paid but those that came back. Raises Conflict when it was recorded already."""
    _own(session, batch_id, departments)
    batch = lock_row(session, PayoutBatch, PayoutBatch.id == batch_id)
    if batch is None:
        raise NotFound
    which = Payout.batch_id == batch_id, Payout.status == "exported"
    rows = list(lock_rows(session, Payout, *which, order_by=[Payout.id.asc()]))
    if not rows:
        raise Conflict(_("このファイルの結果は、もう記録してあります。"))
    for row in rows:
        subject = of_payout(row.id, row.case_id)
        if row.id in failed:
            row.status = "failed"
            record(session, subject, "payout.failed", actor, payout_id=row.id, batch_id=batch_id)
        else:
            row.status, row.paid_on = "paid", batch.transfer_on
            bookkeeping.book_transfer(session, row, batch)
            record(session, subject, "payout.paid", actor, payout_id=row.id, batch_id=batch_id, amount=row.amount)
    session.flush()
    return rows


def has_unsettled(case_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether money of a case is still on its way, as a condition for the statements of others."""
    return exists().where(Payout.case_id == case_id, Payout.status.in_(UNSETTLED))


def erase_personal_data(session: Session, case_ids: Collection[int]) -> None:
    """Empty the accounts of these cases and the files that hold them. The amounts stay."""
    files = select(Payout.batch_id).where(Payout.case_id.in_(case_ids), Payout.batch_id.is_not(None))
    session.execute(update(PayoutBatch).where(PayoutBatch.id.in_(files)).values(file={}))
    session.execute(delete(Payout).where(Payout.case_id.in_(case_ids), Payout.status == "withdrawn"))
    session.execute(update(Payout).where(Payout.case_id.in_(case_ids)).values(account={}))


def _own(session: Session, batch_id: int, departments: Collection[int]) -> PayoutBatch:
    query = select(PayoutBatch).where(PayoutBatch.id == batch_id, *_of_departments(departments))
    batch = session.scalar(query)
    if batch is None:
        raise NotFound
    return batch


def _of_departments(departments: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    inside = exists().where(Payout.batch_id == PayoutBatch.id)
    return inside, ~inside.where(Payout.department_id.not_in(departments))

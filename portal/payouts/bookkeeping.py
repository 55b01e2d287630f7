"""What money that is paid out leaves in the city's books, in the transaction in which it is decided, transferred or withdrawn."""

from datetime import datetime, time

from sqlalchemy.orm import Session

from portal import ledger
from portal.core.clock import TOKYO, now
from portal.payouts.models import Payout, PayoutBatch


def book_decision(session: Session, row: Payout, procedure_key: str) -> None:
    """The city owes the applicant what was decided (支出負担行為). A decision of nothing is not booked, nor what was owed before."""
    if row.amount and row.settles_item is None:
        at = row.decided_at or now()
        item = _item(row, procedure_key)
        ledger.post(session, ledger.movements.payout_decided(item, row.amount, cause=_decided(row), at=at))


def book_withdrawal(session: Session, row: Payout) -> None:
    """What was decided is not paid after all."""
    ledger.reverse_causes(session, [_decided(row)], at=now())


def book_transfer(session: Session, row: Payout, batch: PayoutBatch) -> None:
    """It left the bank on the day of its file, whose transfers the bank shows as one sum."""
    if row.amount:
        at = datetime.combine(batch.transfer_on, time(12), TOKYO)
        reference = f"transfers:{batch.id}"
        cause = f"payout:{row.id}:paid"
        if row.settles_item is None:
            paid = ledger.movements.payout_paid(_item(row), row.amount, cause=cause, at=at, reference=reference)
        else:
            item = ledger.Item(key=row.settles_item, case_id=row.case_id, department_id=row.department_id)
            channel = ledger.Channel(account="bank", method="transfer", provider_ref=reference)
            paid = ledger.movements.refund_paid(item, row.amount, channel, cause=cause, at=at)
        ledger.post(session, paid)


def _decided(row: Payout) -> str:
    return f"payout:{row.id}:decided"


def _item(row: Payout, procedure_key: str = "") -> ledger.Item:
    fee = row.line.partition(".")[0]
    return ledger.Item(
        key=f"payout:{row.id}",
        case_id=row.case_id,
        department_id=row.department_id,
        procedure_key=procedure_key,
        fee=fee,
    )

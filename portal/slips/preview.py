"""What taking a file in would do, line by line: what matches, what was paid before, other amounts, and numbers that lead nowhere."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.core.errors import NotFound
from portal.ledger.bank_files import UnreadableBankFile
from portal.payments import Payment, open_charges_of_order, order_of_slip, payments_of_orders
from portal.slips.files import FileLine, SlipData, read_file
from portal.slips.imports import content_of, key_of, keyed
from portal.slips.models import SlipFile, SlipLine

Outcome = Literal["matches", "in_basket", "amount", "paid", "canceled", "unknown", "failed", "known"]
"""It pays exactly what is asked; the fee is in a basket now and is taken out of it; another amount, which a cashier decides about; paid
before, so it goes back; called off, which a cashier decides about; no such slip, so the money is held; not paid; in an earlier file."""


@dataclass(frozen=True)
class Match:
    """One line, what taking it in would do, and the payment that it leads to."""

    line: FileLine
    outcome: Outcome
    payment: Payment | None = None

    @property
    def requested(self) -> int | None:
        """Yen that the slip's order asks for."""
        return self.payment.order.amount if self.payment else None


@dataclass(frozen=True)
class SlipPreview:
    """What a file holds. `fault` says why it cannot be read; then `headings` are what can be named."""

    file: SlipFile
    matches: Sequence[Match]
    fault: str
    headings: Sequence[str]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many lines have each outcome."""
        return Counter(match.outcome for match in self.matches)

    @property
    def amount(self) -> int:
        """Yen that came with lines that are new."""
        return sum(match.line.amount for match in self.matches if match.outcome not in {"known", "failed"})


def preview(session: Session, file_id: int, columns: Mapping[str, str] | None = None) -> SlipPreview:
    """What a file holds and what becomes of each line; `columns` says what its headings mean. Raises NotFound once it was taken in."""
    file = session.get(SlipFile, file_id)
    if file is None or file.taken_at is not None:
        raise NotFound
    if columns:
        file.columns = dict(columns)
    try:
        data = read_file(content_of(file), file.columns or None, today=today())
    except UnreadableBankFile as error:
        return SlipPreview(file, [], str(error), error.headings)
    return SlipPreview(file, _matches(session, data), "", [])


def _matches(session: Session, data: SlipData) -> list[Match]:
    lines = keyed(data.lines)
    references = {line.reference for line in data.lines}
    known = {key_of(row) for row in session.scalars(select(SlipLine).where(SlipLine.reference.in_(references)))}
    orders = {line.reference: order_of_slip(line.reference) for line in data.lines}
    payments = payments_of_orders(session, {order for order in orders.values() if order is not None})
    settled: set[int] = set()
    matches = []
    for key, line in lines:
        payment = payments.get(orders[line.reference] or 0)
        outcome: Outcome = "known" if key in known else _outcome(session, line, payment, settled)
        if payment is not None and outcome in {"matches", "in_basket"}:
            settled.add(payment.id)
        matches.append(Match(line, outcome, payment))
    return matches


def _outcome(session: Session, line: FileLine, payment: Payment | None, settled: set[int]) -> Outcome:
    if line.failure:
        return "failed"
    if payment is None:
        return "unknown"
    if payment.id in settled or payment.status in {"paid", "refunded", "needs_review"}:
        return "paid"
    if payment.order.replaced_by_id is not None:
        return "in_basket" if open_charges_of_order(session, payment.id) else "paid"
    if payment.status == "canceled":
        return "canceled"
    return "matches" if payment.order.amount == line.amount else "amount"

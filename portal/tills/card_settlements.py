"""What the operator of the card readers pays to the bank (カード会社の入金): which entries it is for, its fee, and any difference by name."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from portal.core.clock import TOKYO, now, today
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_rows
from portal.core.text import _
from portal.ledger import movements, post
from portal.tills.events import of_statement, of_till
from portal.tills.models import CardSettlement, TillEntry, TillShift
from portal.tills.rules import BRANDS, MAX_YEN

MAX_COMPANY = 40
MAX_REASON = 500
_SLIP = re.compile(r"[0-9A-Za-z-]{1,20}")


@dataclass(frozen=True)
class CardSlip:
    """What the terminal printed: the number of its slip, and the brand of the card (`rules.BRANDS`)."""

    number: str = ""
    brand: str = ""

    def check(self) -> None:
        """Raise Invalid (fields `slip_number`, `brand`) unless the operator's list can be compared with it."""
        faults = {}
        if not _SLIP.fullmatch(self.number):
            faults["slip_number"] = _("カード端末の伝票番号を、数字と英字の20文字までで入力してください。")
        if self.brand not in BRANDS:
            faults["brand"] = _("カードの種類を選んでください。")
        if faults:
            raise Invalid(next(iter(faults.values())), faults)


NO_SLIP = CardSlip()


@dataclass(frozen=True)
class SettlementInputs:
    """What the operator's statement says: for which entries, when it paid, how much in all and its fee (None: not readable), and why the
    sum is not that of the entries.

    From a file (`statement_id`) the reason may be missing: each line that differs waits to be explained by itself. There may be no entry,
    and returns can be more than what was sold.
    """

    entry_ids: Collection[int]
    company: str
    paid_on: date | None
    gross: int | None
    fee: int | None
    reason: str = ""
    statement_id: int | None = None


def unsettled_entries(session: Session) -> list[TillEntry]:
    """Return what the card readers took and gave back and nobody has paid to the bank yet, oldest first; entries taken back are left out."""
    return list(session.scalars(_unsettled().order_by(TillEntry.id)))


def settlements_between(session: Session, first: date, last: date) -> list[CardSettlement]:
    """Return what was paid on these days, the newest first."""
    query = select(CardSettlement).where(CardSettlement.paid_on.between(first, last))
    return list(session.scalars(query.order_by(CardSettlement.paid_on.desc(), CardSettlement.id.desc())))


def signed(entry: TillEntry) -> int:
    """Yen of an entry as the operator owes them: what was given back is below zero."""
    return -entry.amount if entry.kind == "refund" else entry.amount


def settle_cards(session: Session, inputs: SettlementInputs, actor: Actor) -> CardSettlement:
    """Record that the operator paid for these entries, and book it from what is on its way (収納途中) to the bank.

    Its fee is an expense; what differs from the entries stays in the suspense account until an accountant has it cleared up.
    Raises Invalid (fields `entries`, `company`, `paid_on`, `gross`, `fee`, `reason`), Conflict when an entry is settled or taken back.
    """
    company, paid_on, gross, fee = _checked(inputs)
    ids = set(inputs.entry_ids)
    entries = lock_rows(session, TillEntry, TillEntry.id.in_(ids), order_by=(TillEntry.id.asc(),))
    if len(entries) != len(ids) or len(list(session.scalars(_unsettled().where(TillEntry.id.in_(ids))))) != len(ids):
        raise Conflict(
            _("選んだ記録の中に、もう入金を記録したか、取り消したものがあります。いまの一覧を確かめてください。")
        )
    expected, reason = sum(signed(entry) for entry in entries), inputs.reason.replace("\x00", "").strip()
    is_explained = 0 < len(reason) <= MAX_REASON or (inputs.statement_id is not None and not reason)
    if gross != expected and not is_explained:
        sentence = _(
            "記録の合計{ours}円と合いません。違う理由を、{count}文字までで書いてください。",
            ours=f"{expected:,}",
            count=MAX_REASON,
        )
        raise Invalid(sentence, {"reason": sentence})
    settlement = CardSettlement(
        company=company,
        paid_on=paid_on,
        gross=gross,
        fee=fee,
        expected=expected,
        difference_reason=reason if gross != expected and reason else None,
        statement_id=inputs.statement_id,
        staff_id=actor.id,
        entered_at=now(),
    )
    session.add(settlement)
    session.flush()
    for entry in entries:
        entry.settlement_id = settlement.id
    session.flush()
    details = {"settlement_id": settlement.id, "amount": gross - fee, "difference": settlement.difference}
    record(session, _subject(session, entries, inputs), "till.cards_settled", actor, **details)
    if any((gross, fee, expected)):
        _book(session, settlement, actor)
    return settlement


def _subject(session: Session, entries: Sequence[TillEntry], inputs: SettlementInputs) -> Subject:
    if inputs.statement_id is not None:
        return of_statement(inputs.statement_id)
    return of_till(session.get_one(TillShift, entries[0].shift_id).till_id)


def _book(session: Session, settlement: CardSettlement, actor: Actor) -> None:
    post(
        session,
        movements.cards_settled(
            settlement.gross,
            settlement.fee,
            settlement.expected,
            cause=f"card_settlement:{settlement.id}",
            at=datetime.combine(settlement.paid_on, time(12), TOKYO),
            reference=f"card_settlement:{settlement.id}",
            staff_id=actor.id,
        ),
    )


def _unsettled() -> Select[TillEntry]:
    reversal = aliased(TillEntry)
    return select(TillEntry).where(
        TillEntry.method == "card_reader",
        TillEntry.kind.in_(("payment", "refund")),
        TillEntry.settlement_id.is_(None),
        ~select(reversal.id).where(reversal.reverses_id == TillEntry.id).exists(),
    )


def _checked(inputs: SettlementInputs) -> tuple[str, date, int, int]:
    company, faults = inputs.company.replace("\x00", "").strip(), {}
    from_file = inputs.statement_id is not None
    if not inputs.entry_ids and not from_file:
        faults["entries"] = _("入金されたカードの記録を、1つ以上選んでください。")
    if not company or len(company) > MAX_COMPANY:
        faults["company"] = _("カード会社の名前を、{count}文字までで書いてください。", count=MAX_COMPANY)
    if inputs.paid_on is None or inputs.paid_on > today():
        faults["paid_on"] = _("入金された日を、今日までの日で選んでください。")
    for name, yen in (("gross", inputs.gross), ("fee", inputs.fee)):
        if yen is None or not (-MAX_YEN if from_file else 0) <= yen <= MAX_YEN:
            faults[name] = _("金額を、0円から{most}円までの数字で入力してください。", most=f"{MAX_YEN:,}")
    if inputs.gross is not None and inputs.fee is not None and inputs.fee > inputs.gross and not from_file:
        faults["fee"] = _("手数料は、売上の金額までにしてください。")
    if faults or inputs.paid_on is None or inputs.gross is None or inputs.fee is None:
        raise Invalid(next(iter(faults.values())), faults)
    return company, inputs.paid_on, inputs.gross, inputs.fee

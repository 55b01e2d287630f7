"""Tills, their shifts from the float to the count, what was entered in each, and the money that comes to the bank. Amounts are whole yen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText
from portal.tills.rules import ENTRY_KINDS, SHIFT_STATUSES


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint("{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values)), name=column)


class Till(CityBase):
    """A till of a department. One that is not used any more stays, with its shifts."""

    __tablename__ = "till"
    __table_args__ = (CheckConstraint("confirmed_above >= 0", name="confirmed_above"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    title: Mapped[str]
    confirmed_above: Mapped[int] = mapped_column(doc="a second person confirms a difference of more yen than this")
    in_use: Mapped[bool] = mapped_column(server_default=text("true"))


class TillShift(CityBase):
    """A till from its opening with a float (釣銭準備金) until it was counted and closed; one at a time."""

    __tablename__ = "till_shift"
    __table_args__ = (
        _one_of("status", SHIFT_STATUSES),
        CheckConstraint("float_amount >= 0", name="float_amount"),
        CheckConstraint("(status = 'open') = (counted IS NULL)", name="counted"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("confirmed_by <> counted_by", name="two_people"),
        Index("uq_till_shift_running", "till_id", unique=True, postgresql_where=text("status <> 'closed'")),
        Index("ix_till_shift_unbanked", "id", postgresql_where=text("status = 'closed' AND banking_id IS NULL")),
        Index("ix_till_shift_opened_at", "opened_at"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"), index=True)
    status: Mapped[str] = mapped_column(server_default="open")
    float_amount: Mapped[int]
    opened_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime]
    pieces: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), doc="how many of each denomination were counted"
    )
    counted: Mapped[int | None] = mapped_column(doc="yen counted in the drawer, the float included")
    expected: Mapped[int | None] = mapped_column(doc="yen that had to be there when it was counted")
    difference_reason: Mapped[str | None] = mapped_column(SealedText("till_shift.difference_reason"))
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    counted_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
    banking_id: Mapped[int | None] = mapped_column(ForeignKey("till_banking.id"), index=True)

    @property
    def difference(self) -> int:
        """Yen too much in the drawer; below zero: too little. Zero before it was counted."""
        return (self.counted or 0) - (self.expected or 0)

    @property
    def to_bank(self) -> int:
        """Yen to bring to the bank: what was counted, without the float. Below zero: the float has to be filled up."""
        return (self.counted or 0) - self.float_amount


class TillEntry(CityBase):
    """Money taken or paid back in a shift, or an entry taken back. Rows are only ever added; `settlement_id` alone is set later."""

    __tablename__ = "till_entry"
    __table_args__ = (
        _one_of("kind", ENTRY_KINDS),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("tendered >= amount", name="tendered"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint("(kind = 'refund') = (refund_id IS NOT NULL)", name="refund"),
        Index(
            "ix_till_entry_unsettled",
            "id",
            postgresql_where=text("method = 'card_reader' AND settlement_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("till_shift.id"), index=True)
    kind: Mapped[str]
    method: Mapped[str] = mapped_column(doc="cash or card_reader")
    amount: Mapped[int]
    tendered: Mapped[int | None] = mapped_column(doc="cash that was handed over")
    order_id: Mapped[int] = mapped_column(ForeignKey("payment_order.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempt.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), unique=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("till_entry.id"), unique=True)
    slip_number: Mapped[str] = mapped_column(server_default="", doc="of the card reader's slip")
    brand: Mapped[str] = mapped_column(server_default="", doc="of the card: `rules.BRANDS`")
    settlement_id: Mapped[int | None] = mapped_column(
        ForeignKey("card_settlement.id"), index=True, doc="with which the card reader's operator paid it to the bank"
    )
    token: Mapped[str] = mapped_column(unique=True, doc="of the form, so that a second press enters nothing")
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]


class TillBanking(CityBase):
    """Money of closed shifts brought to the bank in one go (収納金の払込)."""

    __tablename__ = "till_banking"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    banked_on: Mapped[date] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(doc="below zero: cash was fetched to fill up the floats")
    slip_number: Mapped[str] = mapped_column(server_default="", doc="of the paying-in slip (払込書)")
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]


class CardSettlement(CityBase):
    """What the operator of the card readers paid to the bank for some entries: `gross` without its `fee`. `expected` is what these come to.

    In a file of the operator returns can be more than what was sold; then `gross` is below zero and was taken from the bank.
    """

    __tablename__ = "card_settlement"
    __table_args__ = (
        CheckConstraint("statement_id IS NOT NULL OR (0 <= fee AND fee <= gross)", name="fee"),
        Index("uq_card_settlement_statement_day", "statement_id", "paid_on", unique=True),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    company: Mapped[str]
    paid_on: Mapped[date] = mapped_column(index=True)
    gross: Mapped[int]
    fee: Mapped[int]
    expected: Mapped[int]
    difference_reason: Mapped[str | None] = mapped_column(SealedText("card_settlement.difference_reason"))
    statement_id: Mapped[int | None] = mapped_column(
        ForeignKey("card_statement.id"), doc="the operator's file; null: typed"
    )
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]

    @property
    def paid(self) -> int:
        """Yen that came to the bank."""
        return self.gross - self.fee

    @property
    def difference(self) -> int:
        """Yen by which the operator counts more than the entries."""
        return self.gross - self.expected

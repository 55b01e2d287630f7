"""What happens to a charge or a payment later: waivers that somebody decides, and disputes of cardholders. Amounts are whole yen."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText
from portal.payments.models import one_of
from portal.payments.rules import DISPUTE_STATUSES, WAIVER_STATUSES


class Dispute(CityBase):
    """A payment that its cardholder contests, as the provider reports it. While it is open the provider holds the money."""

    __tablename__ = "payment_dispute"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        one_of("status", DISPUTE_STATUSES),
        Index("ix_payment_dispute_open", "attempt_id", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    provider_id: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payment_order.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempt.id"))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(doc="the provider's word for why")
    status: Mapped[str] = mapped_column(server_default="open")
    respond_by: Mapped[datetime | None] = mapped_column(doc="until when evidence can be handed in there")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Waiver(CityBase):
    """A decision that some yen of a charge are not asked for (減免), or given back where they are paid; above the city's limit by two people."""

    __tablename__ = "waiver"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("status <> 'granted' OR decided_by IS NULL OR decided_by <> requested_by", name="four_eyes"),
        one_of("status", WAIVER_STATUSES),
        Index("uq_waiver_requested", "charge_id", unique=True, postgresql_where=text("status = 'requested'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    amount: Mapped[int]
    reason: Mapped[str | None] = mapped_column(
        SealedText("waiver.reason"), doc="as the payer reads it; null once the case's time is over"
    )
    proof: Mapped[str] = mapped_column(doc="the public id of the file of the case that shows it")
    status: Mapped[str] = mapped_column(server_default="requested")
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id"), doc="the second person; null: one was enough"
    )
    decided_at: Mapped[datetime | None]
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), doc="by which it goes back what was paid")
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    revoked_at: Mapped[datetime | None]

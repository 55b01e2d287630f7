"""What arrived by bank transfer, as the provider lists it. Amounts are whole yen."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class TransferArrival(CityBase):
    """One transfer that arrived for an attempt, or (below zero) that the bank took back. `entry_id` is the provider's id of it."""

    __tablename__ = "transfer_arrival"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)

    entry_id: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempt.id"), index=True)
    amount: Mapped[int]
    arrived_at: Mapped[datetime]

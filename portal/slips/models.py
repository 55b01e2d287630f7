"""Files of paid slips as taken in, and their lines with what became of each. Amounts are whole yen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson

LINE_STATUSES = ("waiting", "posted", "unidentified", "failed")
"""Not yet in the books; in the books for an order; held, because its number leads to no order; not paid at all (a direct debit)."""


class SlipFile(CityBase):
    """One file of a bank. Until somebody takes it in, it is only looked at."""

    __tablename__ = "slip_file"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    layout: Mapped[str] = mapped_column(server_default="", doc="csv or zengin; empty: not taken in yet")
    columns: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), doc="which heading is what, where somebody said it"
    )
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("slip_file.content"), doc="emptied once taken in")
    line_count: Mapped[int] = mapped_column(server_default="0")
    added_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class SlipLine(CityBase):
    """One slip that a bank reports."""

    __tablename__ = "slip_line"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("status IN ({})".format(", ".join(f"'{status}'" for status in LINE_STATUSES)), name="status"),
        UniqueConstraint("reference", "day", "amount", "institution", "serial", "occurrence", name="uq_slip_line_once"),
        Index("ix_slip_line_open", "id", postgresql_where=text("status IN ('waiting', 'unidentified')")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("slip_file.id"), index=True)
    reference: Mapped[str] = mapped_column(doc="as the file has it")
    day: Mapped[date]
    amount: Mapped[int]
    institution: Mapped[str] = mapped_column(server_default="")
    serial: Mapped[str] = mapped_column(server_default="")
    occurrence: Mapped[int] = mapped_column(doc="the how manieth of equal lines in its file: files overlap")
    failure: Mapped[str] = mapped_column(server_default="", doc="why a direct debit was not paid")
    status: Mapped[str] = mapped_column(server_default="waiting")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("payment_order.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempt.id"), unique=True)

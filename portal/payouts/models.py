"""Money that the city pays to applicants, the budgets it comes from, and the files by which it leaves. Amounts are whole yen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson
from portal.payouts.rules import STATUSES


class Payout(CityBase):
    """One line of what a case asks for. `requested` is what was worked out, `amount` what was decided."""

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{name}'" for name in STATUSES)), name="status"),
        CheckConstraint("requested >= 0", name="requested"),
        CheckConstraint("amount >= 0 AND amount <= requested", name="amount"),
        Index("uq_payout_line", "case_id", "line", unique=True, postgresql_where=text("status <> 'withdrawn'")),
        Index("ix_payout_budget", "budget_id", postgresql_where=text("budget_id IS NOT NULL")),
        Index("ix_payout_open", "status", "id", postgresql_where=text("status IN ('decided', 'exported', 'failed')")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    line: Mapped[str] = mapped_column(doc="id of the definition's line, and its row")
    words: Mapped[dict[str, Any]] = mapped_column(doc="label and explanation by language")
    settles_item: Mapped[str | None] = mapped_column(
        doc="item of the books that the transfer settles, where it repays what the city owed before (還付); null: what was granted"
    )
    requested: Mapped[int]
    amount: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default="requested")
    account: Mapped[dict[str, Any]] = mapped_column(SealedJson("payout.account"))
    budget_id: Mapped[int | None] = mapped_column(
        ForeignKey("payout_budget.id"), doc="reserved there since the decision"
    )
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("payout_batch.id"), index=True)
    paid_on: Mapped[date | None]


class PayoutBudget(CityBase):
    """A budget of one fiscal year. Whoever decides locks its row, so that two decisions never count the same yen."""

    __tablename__ = "payout_budget"
    __table_args__ = (Index("uq_payout_budget_year", "procedure_key", "key", "fiscal_year", unique=True),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    procedure_key: Mapped[str]
    key: Mapped[str]
    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    total: Mapped[int] = mapped_column(BigInteger, doc="as the version offered at the last decision has it")


class PayoutBatch(CityBase):
    """One file of transfers (総合振込). It is made once and can be downloaded again as it was."""

    __tablename__ = "payout_batch"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    transfer_on: Mapped[date]
    count: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)
    file: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("payout_batch.file"), doc="empty once one of its cases is erased"
    )


class PayoutConsignor(CityBase):
    """From which account of the city transfers are made (振込依頼人); the newest counts."""

    __tablename__ = "payout_consignor"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    details: Mapped[dict[str, Any]] = mapped_column(SealedJson("payout_consignor.details"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    since: Mapped[datetime]

"""What the books are compared with: bank statements as imported, and the differences that a comparison found. Amounts are whole yen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson, SealedText

DIFFERENCE_KINDS = ("not_ours", "not_there", "amount", "payer_funds", "not_at_bank", "only_at_bank", "sums")
"""Only at the provider; only in the books; in both with other amounts; expected at the bank and not there; at the bank and not
expected; kept sums that are not the sum of their postings."""


class BankStatement(CityBase):
    """One file of a bank. Until somebody takes it in, it is only looked at."""

    __tablename__ = "bank_statement"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account: Mapped[str] = mapped_column(doc="bank-branch-number, or what the accountant calls it")
    layout: Mapped[str] = mapped_column(server_default="", doc="zengin or csv; empty: not understood yet")
    columns: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), doc="which heading is what, where somebody said it"
    )
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("bank_statement.content"), doc="emptied once taken in")
    line_count: Mapped[int] = mapped_column(server_default="0")
    added_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class BankStatementLine(CityBase):
    """One movement of the city's bank account. `ledger_ref` is the movement of the books that it was matched with."""

    __tablename__ = "bank_statement_line"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        UniqueConstraint("account", "day", "amount", "reference", "occurrence", name="uq_bank_statement_line_once"),
        Index("ix_bank_statement_line_unmatched", "amount", "day", postgresql_where=text("ledger_ref = ''")),
        Index("ix_bank_statement_line_ledger_ref", "ledger_ref", postgresql_where=text("ledger_ref <> ''")),
        Index("ix_bank_statement_line_named", "day", postgresql_where=text("description IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"), index=True)
    account: Mapped[str]
    day: Mapped[date]
    amount: Mapped[int] = mapped_column(doc="above zero: it came in")
    reference: Mapped[str] = mapped_column(server_default="")
    occurrence: Mapped[int] = mapped_column(doc="the how manieth of its day, amount and reference: files overlap")
    description: Mapped[str | None] = mapped_column(
        SealedText("bank_statement_line.description"), doc="names who paid; null once its time is over"
    )
    ledger_ref: Mapped[str] = mapped_column(server_default="")


class LedgerDifference(CityBase):
    """A difference between the books and what they are compared with: open work until it is gone or an accountant explains it."""

    __tablename__ = "ledger_difference"
    __table_args__ = (
        CheckConstraint("kind IN ({})".format(", ".join(f"'{kind}'" for kind in DIFFERENCE_KINDS)), name="kind"),
        Index(
            "uq_ledger_difference_open",
            "kind",
            "reference",
            unique=True,
            postgresql_where=text("gone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str] = mapped_column(doc="the charge, refund or payout at the provider, or the bank's line")
    ours: Mapped[int | None]
    theirs: Mapped[int | None]
    day: Mapped[date | None]
    case_ids: Mapped[list[Any]]
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None] = mapped_column(doc="when a comparison did not find it any more")
    explained_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    explained_at: Mapped[datetime | None]
    explanation: Mapped[str | None] = mapped_column(SealedText("ledger_difference.explanation"))


class ReconciliationRun(CityBase):
    """One comparison: when, how much was compared, and what it found."""

    __tablename__ = "reconciliation_run"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    provider_count: Mapped[int]
    provider_balance: Mapped[int] = mapped_column(doc="the sum of what the provider booked, net")
    ledger_balance: Mapped[int] = mapped_column(doc="what the books have in transit at the provider")
    bank_matched: Mapped[int]
    differences: Mapped[int]

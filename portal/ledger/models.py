"""The journal of the books, the days that are closed, what is open item by item, and balances of closed months. Amounts are whole yen."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText
from portal.ledger.chart import ACCOUNTS
from portal.ledger.rules import KINDS


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint("{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values)), name=column)


class JournalTransaction(CityBase):
    """One movement of money. Rows are only ever added, and a trigger of the database holds the postings of each at zero."""

    __tablename__ = "journal_transaction"
    __table_args__ = (
        _one_of("kind", KINDS),
        CheckConstraint("posting_count >= 2", name="posting_count"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        UniqueConstraint("id", "booked_on"),
        Index("ix_journal_transaction_booked_on", "booked_on", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    cause: Mapped[str] = mapped_column(unique=True, doc="names the movement for good, so that it is posted once")
    booked_on: Mapped[date] = mapped_column(doc="the day of the books; the first open one from the movement's own on")
    posting_count: Mapped[int] = mapped_column(
        SmallInteger, doc="how many postings it has; the trigger holds it, so that none is added later"
    )
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("journal_transaction.id"), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), doc="who made it, where a person did")
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class JournalPosting(CityBase):
    """One line of a movement: so many yen into (above zero) or out of (below) an account, and what they are about."""

    __tablename__ = "journal_posting"
    __table_args__ = (
        _one_of("account", tuple(ACCOUNTS)),
        CheckConstraint("amount <> 0", name="amount"),
        ForeignKeyConstraint(
            ["transaction_id", "booked_on"],
            ["journal_transaction.id", "journal_transaction.booked_on"],
            name="fk_journal_posting_transaction_id",
        ),
        Index("ix_journal_posting_transaction_id", "transaction_id"),
        Index("ix_journal_posting_day", "booked_on", "transaction_id"),
        Index("ix_journal_posting_item", "item", postgresql_where=text("item <> ''")),
        Index("ix_journal_posting_case_id", "case_id", postgresql_where=text("case_id IS NOT NULL")),
        Index(
            "ix_journal_posting_provider_ref",
            "provider_ref",
            postgresql_where=text("provider_ref <> ''"),
            postgresql_include=["account", "amount"],
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    transaction_id: Mapped[int]
    booked_on: Mapped[date] = mapped_column(doc="that of its transaction")
    kind: Mapped[str] = mapped_column(doc="of its transaction; of a reversal, that of what is reversed")
    account: Mapped[str]
    amount: Mapped[int]
    item: Mapped[str] = mapped_column(server_default="", doc="what comes to zero in the end: charge:12, refund:5")
    case_id: Mapped[int | None]
    order_id: Mapped[int | None]
    department_id: Mapped[int | None]
    procedure_key: Mapped[str] = mapped_column(server_default="")
    fee: Mapped[str] = mapped_column(server_default="", doc="id of the line in the definition")
    method: Mapped[str] = mapped_column(server_default="")
    account_code: Mapped[str] = mapped_column(server_default="", doc="款-項-目-節; empty: not set yet")
    provider: Mapped[str] = mapped_column(server_default="")
    provider_ref: Mapped[str] = mapped_column(server_default="", doc="charge, refund or payout at the provider")


class LedgerOpenItem(CityBase):
    """What is left of an item in an account that must come to zero. Kept by a trigger of the journal; the sum of its postings."""

    __tablename__ = "ledger_open_item"
    __table_args__ = (Index("ix_ledger_open_item_since", "account", "since"),)

    account: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    balance: Mapped[int]
    since: Mapped[date]
    case_id: Mapped[int | None]
    department_id: Mapped[int | None]
    procedure_key: Mapped[str]


class LedgerClosing(CityBase):
    """A day or a month whose books are closed (締め). Opened again by two people, with a reason; then another row closes it."""

    __tablename__ = "ledger_closing"
    __table_args__ = (
        _one_of("period", ("day", "month")),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("reopened_by IS NULL OR reopened_by <> reopening_asked_by", name="two_people"),
        CheckConstraint("(reopened_by IS NULL) = (reopened_at IS NULL)", name="reopened"),
        Index(
            "uq_ledger_closing_in_force",
            "period",
            "first_day",
            unique=True,
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    period: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    closed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime]
    reopening_asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reopening_asked_at: Mapped[datetime | None]
    reopening_reason: Mapped[str | None] = mapped_column(SealedText("ledger_closing.reopening_reason"))
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reopened_at: Mapped[datetime | None]


class SumsOfPostings:
    """Columns of what is kept of many postings that agree in everything but their amount."""

    account: Mapped[str]
    department_id: Mapped[int | None]
    procedure_key: Mapped[str]
    fee: Mapped[str]
    method: Mapped[str]
    account_code: Mapped[str]
    kind: Mapped[str] = mapped_column(doc="of the transactions")
    debit: Mapped[int]
    credit: Mapped[int] = mapped_column(doc="zero or above")
    count: Mapped[int]


class LedgerMonthBalance(SumsOfPostings, CityBase):
    """The sums of a closed month, so that reports and balances need not add up its postings again. Gone when the month is opened."""

    __tablename__ = "ledger_month_balance"
    __table_args__ = (Index("ix_ledger_month_balance_month", "month", "account"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    month: Mapped[date] = mapped_column(doc="its first day")


class LedgerDayBalance(SumsOfPostings, CityBase):
    """Sums of a day that is over, of an open month: what `ledger_summed_day` says is in them. Several rows of one kind add up."""

    __tablename__ = "ledger_day_balance"
    __table_args__ = (Index("ix_ledger_day_balance_day", "day"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    day: Mapped[date]


class LedgerSummedDay(CityBase):
    """How far the sums of a day go: its transactions up to that number."""

    __tablename__ = "ledger_summed_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    last_transaction_id: Mapped[int]


class LedgerAccountCode(CityBase):
    """The city's code (款項目節) of a fee, or of every fee of a procedure, in a fiscal year."""

    __tablename__ = "ledger_account_code"
    __table_args__ = (UniqueConstraint("procedure_key", "fee", "fiscal_year"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    procedure_key: Mapped[str]
    fee: Mapped[str] = mapped_column(server_default="", doc="empty: every fee without a code of its own")
    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(doc="款-項-目-節")
    title: Mapped[str] = mapped_column(doc="as the city's budget has it")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime]

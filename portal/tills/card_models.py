"""Statements of card companies as files, and their lines with what each was matched with. Amounts are whole yen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson, SealedText
from portal.tills.card_matching import OUTCOMES


class CardCompany(CityBase):
    """A company that pays for what card readers took, and what the headings of its files mean (`card_files.COLUMNS`); empty: as usual."""

    __tablename__ = "card_company"

    name: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))


class CardStatement(CityBase):
    """One file of a company. Until somebody takes it in, it is only looked at."""

    __tablename__ = "card_statement"
    __table_args__ = (
        Index("uq_card_statement_taken", "digest", unique=True, postgresql_where=text("taken_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    company: Mapped[str] = mapped_column(ForeignKey("card_company.name"), index=True)
    digest: Mapped[str] = mapped_column(doc="SHA-256 of the file: the same one is taken in once")
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("card_statement.content"), doc="emptied once taken in")
    line_count: Mapped[int] = mapped_column(server_default="0")
    added_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class CardStatementLine(CityBase):
    """One line of a file that was taken in, or a payment that it should have had (`missing`). A difference is open until it is explained;
    a missing payment also until it is paid or taken back."""

    __tablename__ = "card_statement_line"
    __table_args__ = (
        CheckConstraint("outcome IN ({})".format(", ".join(f"'{outcome}'" for outcome in OUTCOMES)), name="outcome"),
        CheckConstraint("(explanation IS NULL) = (explained_at IS NULL)", name="explained"),
        Index(
            "uq_card_statement_line_once",
            *("company", "slip_number", "brand", "day", "gross", "fee", "occurrence"),
            unique=True,
            postgresql_where=text("outcome <> 'missing'"),
        ),
        Index("uq_card_statement_line_missing", "entry_id", unique=True, postgresql_where=text("outcome = 'missing'")),
        Index(
            "ix_card_statement_line_open",
            "id",
            postgresql_where=text("explained_at IS NULL AND (difference <> 0 OR outcome = 'missing')"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("card_statement.id"), index=True)
    company: Mapped[str]
    slip_number: Mapped[str] = mapped_column(doc="as the file has it")
    brand: Mapped[str] = mapped_column(doc="`rules.BRANDS`; empty: the file does not say")
    day: Mapped[date] = mapped_column(doc="on which the card was used")
    gross: Mapped[int] = mapped_column(doc="below zero: given back")
    fee: Mapped[int]
    occurrence: Mapped[int] = mapped_column(doc="the how manieth of equal lines in its file: files overlap")
    outcome: Mapped[str]
    difference: Mapped[int] = mapped_column(doc="yen that the company counts more than our entry")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("till_entry.id"), index=True)
    settlement_id: Mapped[int | None] = mapped_column(ForeignKey("card_settlement.id"), index=True)
    explanation: Mapped[str | None] = mapped_column(SealedText("card_statement_line.explanation"))
    explained_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    explained_at: Mapped[datetime | None]

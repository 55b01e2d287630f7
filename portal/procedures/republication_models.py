"""Republications: which procedures are published again because of a change to a shared list or word, and how far that is."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class Republication(CityBase):
    """One change to a list (`kind` lists) or word (facts, items) that procedures use. `reason` becomes the note of the versions."""

    __tablename__ = "republication"
    __table_args__ = (Index("ix_republication_subject", "kind", "name"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    reason: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]


class RepublishedProcedure(CityBase):
    """One procedure of a republication. `problem` says why it failed, `number` which version was made."""

    __tablename__ = "republished_procedure"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'published', 'unchanged', 'superseded', 'failed')", name="state"),
    )

    republication_id: Mapped[int] = mapped_column(ForeignKey("republication.id"), primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"), primary_key=True)
    state: Mapped[str] = mapped_column(server_default="waiting")
    problem: Mapped[str | None]
    number: Mapped[int | None]
    finished_at: Mapped[datetime | None]

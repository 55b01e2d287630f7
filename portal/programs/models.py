"""Keys of programs, and how often each was used on a day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class ProgramKey(CityBase):
    """A key with which a program reads. What it may read is never changed: another need is another key."""

    __tablename__ = "program_key"
    __table_args__ = (
        Index(
            "ix_program_key_name",
            "department_id",
            "name",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), doc="whose cases it reads")
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True, doc="SHA-256 of the key, which is kept nowhere")
    beginning: Mapped[str] = mapped_column(doc="its first letters, by which people know it")
    layers: Mapped[list[Any]] = mapped_column(doc="keys of the map layers that it may read")
    procedures: Mapped[list[Any]] = mapped_column(doc="keys of the procedures whose cases it may read")
    valid_until: Mapped[date] = mapped_column(doc="the last day on which it opens anything")
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), doc="who made it")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ProgramKeyUse(CityBase):
    """How often a key was used on a day."""

    __tablename__ = "program_key_use"

    key_id: Mapped[int] = mapped_column(ForeignKey("program_key.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    requests: Mapped[int]
    last_at: Mapped[datetime]

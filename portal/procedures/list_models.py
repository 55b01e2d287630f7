"""Tables that departments keep for every procedure of the city: one row for the list, one for each state of it, which never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class SharedList(CityBase):
    """A list under the key by which definitions name it."""

    __tablename__ = "shared_list"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    created_at: Mapped[datetime]


class SharedListVersion(CityBase):
    """What a list said from one import to the next. `columns` are their types by name, in the order of the file."""

    __tablename__ = "shared_list_version"
    __table_args__ = (UniqueConstraint("list_id", "number"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("shared_list.id"))
    number: Mapped[int]
    columns: Mapped[list[Any]]
    rows: Mapped[list[Any]]
    note: Mapped[str | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    imported_at: Mapped[datetime]

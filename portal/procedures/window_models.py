"""The windows of the city's first page: one row for each state of them, which never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class WindowsState(CityBase):
    """All windows in their order, from one change to the next. Without `windows` those that come with Madoguchi stand there."""

    __tablename__ = "windows_state"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    windows: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    note: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]

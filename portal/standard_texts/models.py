"""Standard texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class StandardText(CityBase):
    """One text of a department; `number` counts its changes."""

    __tablename__ = "standard_text"
    __table_args__ = (Index("ix_standard_text_department_id", "department_id", "kind"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    number: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    procedure_key: Mapped[str | None] = mapped_column(
        doc="the procedure that it is for; none for all of the department"
    )
    kind: Mapped[str] = mapped_column(doc="one of `content.KINDS`")
    title: Mapped[str]
    text: Mapped[dict[str, Any]] = mapped_column(doc="by language; Japanese is always there")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), doc="who changed it last")
    changed_at: Mapped[datetime]

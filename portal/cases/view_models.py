"""Views of the list and the map that people keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class CaseView(CityBase):
    """A filter with where the map looks and which layers are on, under a name: of one person, or of a department for all its staff."""

    __tablename__ = "case_view"
    __table_args__ = (
        CheckConstraint("(staff_id IS NULL) <> (department_id IS NULL)", name="owner"),
        Index("ix_case_view_staff_id", "staff_id", "position", postgresql_where=text("staff_id IS NOT NULL")),
        Index(
            "ix_case_view_department_id",
            "department_id",
            "position",
            postgresql_where=text("department_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str]
    query: Mapped[str] = mapped_column(doc="the filter as an address spells it, without words that were looked for")
    at: Mapped[str] = mapped_column(doc="zoom/latitude/longitude; empty where the map is left as it is")
    layers: Mapped[list[Any] | None] = mapped_column(
        doc="the layers that are on, from the top, each as key or key:share; NULL: those that the page begins with"
    )
    base: Mapped[str] = mapped_column(
        server_default="", doc="key of the base map; empty: the one with which the page begins"
    )
    position: Mapped[int]
    made_at: Mapped[datetime]


class DefaultView(CityBase):
    """The view with which somebody begins: one of their own, or of their department."""

    __tablename__ = "case_view_default"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("case_view.id", ondelete="CASCADE"), index=True)

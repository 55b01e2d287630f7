"""Printed maps of staff, from the choice of what they show to the PDF; what is on them and the PDF are sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson

STATES = ("draft", "waiting", "drawing", "made", "failed")
"""Being chosen; waiting for the worker; being made; to be fetched; more on it than a sheet holds."""


class MapPrint(CityBase):
    """One printed map of a member of staff; forgotten some days after it was begun."""

    __tablename__ = "map_print"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"),
        Index("ix_map_print_staff_id", "staff_id", "id"),
        Index("ix_map_print_case_ids", "case_ids", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str]
    choice: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("map_print.choice"), doc="what its form begins with; it may hold what was searched for"
    )
    ordered: Mapped[dict[str, Any] | None] = mapped_column(
        SealedJson("map_print.ordered"), doc="print_order.PrintOrder"
    )
    case_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}", doc="whose places are on it")
    problem: Mapped[dict[str, Any] | None] = mapped_column(doc="features and vertices, where they were too many")
    begun_at: Mapped[datetime]
    made_at: Mapped[datetime | None]


class MapPrintContent(CityBase):
    """The sealed PDF, apart from the row so that lists never read it."""

    __tablename__ = "map_print_content"

    print_id: Mapped[int] = mapped_column(ForeignKey("map_print.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes]

"""Figures that staff measured for fees (実測)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText


class SurveyedFigure(CityBase):
    """A measured quantity of one line of a case's fee, why it is that, and the proof; above the city's limit by two people.

    The newest that was granted holds. `estimate` and `figure` are decimal numbers in the line's unit.
    """

    __tablename__ = "surveyed_figure"
    __table_args__ = (
        CheckConstraint("amount >= 0 AND before >= 0", name="amount"),
        CheckConstraint("status IN ('requested', 'granted', 'rejected')", name="status"),
        CheckConstraint("status <> 'granted' OR decided_by IS NULL OR decided_by <> requested_by", name="four_eyes"),
        Index(
            "uq_surveyed_figure_requested",
            "case_id",
            "rule_id",
            text("coalesce(row, -1)"),
            unique=True,
            postgresql_where=text("status = 'requested'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    rule_id: Mapped[str] = mapped_column(doc="fee rule of the definition")
    row: Mapped[int | None] = mapped_column(
        SmallInteger, doc="row of a line that is worked out row by row, from 0; null also once that row is gone"
    )
    estimate: Mapped[str]
    figure: Mapped[str]
    before: Mapped[int] = mapped_column(doc="yen of the line until then")
    amount: Mapped[int] = mapped_column(doc="yen of the line with the figure")
    reason: Mapped[str] = mapped_column(SealedText("surveyed_figure.reason"), doc="how it was measured")
    proof: Mapped[str] = mapped_column(doc="the public id of the file of the case that shows it")
    status: Mapped[str] = mapped_column(server_default="requested")
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id"), doc="the second person; null: one was enough"
    )
    decided_at: Mapped[datetime | None]

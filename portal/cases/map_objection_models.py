"""What applicants say against the city's map, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText


class MapObjection(CityBase):
    """Somebody says that what the map gave for a place of their case is wrong: a task of whoever keeps the layer, until it is answered."""

    __tablename__ = "map_objection"
    __table_args__ = (
        CheckConstraint("outcome IN ('edited', 'kept')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("ix_map_objection_open", "layer", "id", postgresql_where=text("outcome IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(doc="path of the place")
    layer: Mapped[str] = mapped_column(doc="key of the layer")
    finding: Mapped[dict[str, Any]] = mapped_column(doc="what the map gave, as it was, see `place_findings`")
    words: Mapped[str] = mapped_column(SealedText("map_objection.words"))
    made_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(
        doc="edited: the layer has a newer version · kept: it stays, for a reason"
    )
    reason: Mapped[str | None] = mapped_column(SealedText("map_objection.reason"))
    layer_version: Mapped[int | None] = mapped_column(doc="the version of the layer with which it was answered")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

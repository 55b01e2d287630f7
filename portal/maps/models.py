"""Files on their way into layers: what was found in each, how it is to be read, and what it would change; the content is sealed apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase

STATES = ("waiting", "question", "reading", "preview", "taken", "canceled", "failed")
"""To be looked at; asks how it is to be read; being read; compared, to be confirmed; a version of the layer; given up; not readable."""
OPEN = ("waiting", "question", "reading", "preview")


class LayerImport(CityBase):
    """One file of a layer, from its upload until it is a version or given up."""

    __tablename__ = "layer_import"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"),
        Index("ix_layer_import_layer_id", "layer_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    layer_id: Mapped[int]
    file_name: Mapped[str]
    size: Mapped[int]
    started_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="waiting")
    part: Mapped[str | None] = mapped_column(doc="which layer, of a file that holds several")
    parts: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"), doc="those to choose from")
    summary: Mapped[dict[str, Any] | None] = mapped_column(doc="geo.reading.FileSummary")
    plan: Mapped[dict[str, Any] | None] = mapped_column(doc="geo.reading.Plan")
    progress: Mapped[int] = mapped_column(server_default="0", doc="rows that were read")
    result: Mapped[dict[str, Any] | None] = mapped_column(doc="geo.reading.ReadResult")
    problem: Mapped[dict[str, Any] | None] = mapped_column(doc="code and values of the geo.reading.FileError")
    intake_id: Mapped[int | None]
    seen: Mapped[int | None] = mapped_column(doc="the version of the layer with which it was compared")
    change: Mapped[dict[str, Any] | None] = mapped_column(doc="geo.versions.Change")
    version: Mapped[int | None] = mapped_column(doc="the version that it became")


class LayerImportPiece(CityBase):
    """A piece of a file's content, sealed; four megabytes at most, so that no file is in memory as a whole."""

    __tablename__ = "layer_import_piece"

    import_id: Mapped[int] = mapped_column(ForeignKey("layer_import.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]

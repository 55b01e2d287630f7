"""The pictures that definitions show, as stored: what a department put in, re-encoded; nothing in them is about a person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class ProcedurePicture(CityBase):
    """One picture of a procedure, under the name by which its definitions show it."""

    __tablename__ = "procedure_picture"
    __table_args__ = (UniqueConstraint("procedure_id", "name"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    width: Mapped[int] = mapped_column(doc="pixels")
    height: Mapped[int] = mapped_column(doc="pixels")
    published: Mapped[bool] = mapped_column(
        server_default="false", doc="a version that was published shows it: it is public, and stays"
    )
    added_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]

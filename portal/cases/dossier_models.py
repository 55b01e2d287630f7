"""What was known of a spot when it was asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson, SealedText


class LocationDossier(CityBase):
    """Everything that touched a place at a moment, frozen: of a place of a case when it was sent, or when somebody of staff asked for it."""

    __tablename__ = "location_dossier"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(doc="path of the place; empty for a spot that belongs to no case")
    title: Mapped[str] = mapped_column(SealedText("location_dossier.title"))
    content: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("location_dossier.content"), doc="see `dossiers.Dossier`"
    )
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

"""Lists of the addresses near a place, and the labels that were printed of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Integer, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson, SealedText


class NeighbourList(CityBase):
    """The addresses near a place, frozen when somebody of staff asked for them; which of them are left out can still be changed."""

    __tablename__ = "neighbour_list"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(SealedText("neighbour_list.title"))
    purpose: Mapped[str] = mapped_column(SealedText("neighbour_list.purpose"))
    content: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("neighbour_list.content"), doc="see `neighbours.Neighbours`"
    )
    excluded: Mapped[list[int]] = mapped_column(ARRAY(Integer), doc="rows that are left out, from 0, in order")
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class NeighbourLabels(CityBase):
    """Labels of the rows of a list, as they were chosen when somebody asked for them; the PDF is there once the worker has made it."""

    __tablename__ = "neighbour_labels"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("neighbour_list.id", ondelete="CASCADE"), index=True)
    sheet: Mapped[str] = mapped_column(doc="see `portal.documents.SHEETS`")
    first: Mapped[int] = mapped_column(SmallInteger, doc="the place on the first sheet where labels begin, from 1")
    rows: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    requested_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(doc="the sealed PDF")

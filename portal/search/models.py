"""Words that the city takes for the same, and what people looked for and did not find."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class SearchSynonym(CityBase):
    """A group of words that people use for each other."""

    __tablename__ = "search_synonym"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    words: Mapped[list[Any]]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), doc="who wrote it last")
    changed_at: Mapped[datetime]


class UnfoundQuery(CityBase):
    """Words by which nothing was found, and how often they were tried. Who tried is kept nowhere."""

    __tablename__ = "unfound_query"

    words: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]

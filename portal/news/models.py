"""Articles of the news."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase

State = Literal["draft", "waiting", "shown", "over"]


class NewsArticle(CityBase):
    """One article. Without `shown_from` it is a draft; `number` counts its changes."""

    __tablename__ = "news_article"
    __table_args__ = (Index("ix_news_article_shown_from", "shown_from"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    number: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    subject: Mapped[str]
    title: Mapped[dict[str, Any]] = mapped_column(doc="by language; Japanese is always there")
    body: Mapped[dict[str, Any]] = mapped_column(doc="by language, paragraphs parted by empty lines")
    shown_from: Mapped[date | None] = mapped_column(doc="the first day on which residents see it")
    shown_until: Mapped[date | None] = mapped_column(doc="the last one; none for as long as it stands")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), doc="who changed it last")
    changed_at: Mapped[datetime]

    def state_on(self, day: date) -> State:
        """Where it stands on a day."""
        if self.shown_from is None:
            return "draft"
        if self.shown_until is not None and self.shown_until < day:
            return "over"
        return "shown" if self.shown_from <= day else "waiting"

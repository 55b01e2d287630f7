"""Colleagues who are named in notes, and how they want to be told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class CaseMention(CityBase):
    """Somebody of the staff whom a note names, until they have read it and after."""

    __tablename__ = "case_mention"
    __table_args__ = (Index("ix_case_mention_unread", "staff_id", "id", postgresql_where=text("read_at IS NULL")),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("case_note.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    mentioned_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    mentioned_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class MentionSetting(CityBase):
    """Who does not want a mail for every mention; without a row one is sent."""

    __tablename__ = "case_mention_setting"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    by_mail: Mapped[bool]

"""Files that people hand in: the row says what it is and whether it was scanned, the content is sealed in a table of its own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText


class StoredFile(CityBase):
    """One uploaded file. It belongs to a draft until the application is sent, then to the case."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("scan IN ('waiting', 'clean', 'infected', 'failed')", name="scan"),
        CheckConstraint("size > 0", name="size"),
        Index(
            "ix_stored_file_unsent",
            "draft_id",
            postgresql_include=["size", "uploaded_at"],
            postgresql_where=text("case_id IS NULL"),
        ),
        Index("ix_stored_file_waiting", "id", postgresql_where=text("scan = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    draft_id: Mapped[int | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    field: Mapped[str]
    name: Mapped[str] = mapped_column(SealedText("stored_file.name"))
    media_type: Mapped[str]
    size: Mapped[int]
    position: Mapped[int] = mapped_column(
        Integer,
        server_default="0",
        doc="among the files of its question, as the applicant put them; those with the same one by `id`",
    )
    sha256: Mapped[bytes]
    scan: Mapped[str] = mapped_column(server_default="waiting")
    scanned_at: Mapped[datetime | None]
    uploaded_at: Mapped[datetime]
    taken: Mapped[str | None] = mapped_column(
        SealedText("stored_file.taken"), doc="when and where a photo of a site visit was taken, see `captures`"
    )
    sent_key: Mapped[str | None] = mapped_column(
        doc="made by the device that sent it, so that what is sent again is known"
    )


class FileContent(CityBase):
    """The sealed bytes of a file, apart from the row so that lists never read them."""

    __tablename__ = "file_content"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes]
    thumbnail: Mapped[bytes | None] = mapped_column(doc="a small JPEG of a picture, sealed")

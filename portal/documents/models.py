"""Documents that were asked for and made, the numbers given to them, and whether the city issues receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson
from portal.documents.decision_paper import KIND
from portal.documents.paper import KINDS

_KINDS = ", ".join(f"'{kind}'" for kind in (*KINDS, KIND))


class Document(CityBase):
    """One document. What it says is frozen when it is asked for; `content_hash` is of the PDF, once the worker has made it."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("(made_at IS NULL) = (content_hash IS NULL)", name="made"),
        Index("uq_document_paper", "case_id", "kind", "digest", unique=True),
        Index("ix_document_content_hash", "content_hash", postgresql_where=text(f"kind = '{KIND}'")),
        Index("ix_document_waiting", "id", postgresql_where=text("made_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True, doc="kind, fiscal year and a running number: B-2026-000012")
    kind: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    language: Mapped[str]
    digest: Mapped[bytes] = mapped_column(doc="keyed, of what it says: the same paper is made once")
    paper: Mapped[dict[str, Any]] = mapped_column(SealedJson("document.paper"), doc="empty once its case is erased")
    requested_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    content_hash: Mapped[bytes | None] = mapped_column(doc="SHA-256 of the PDF")


class DocumentContent(CityBase):
    """The sealed PDF, apart from the row so that lists never read it."""

    __tablename__ = "document_content"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes]


class DocumentCounter(CityBase):
    """The last number given to a kind of document in a fiscal year."""

    __tablename__ = "document_counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int]


class DocumentSwitch(CityBase):
    """Whether the city issues a kind of document that it need not issue; none is issued without a row."""

    __tablename__ = "document_switch"
    __table_args__ = (CheckConstraint("kind = 'receipt'", name="kind"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    issued: Mapped[bool]
    changed_at: Mapped[datetime]

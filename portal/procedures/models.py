"""Procedures as stored: one row for the procedure, one for each version of its definition; a published version never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from forms.upgrading import LANGUAGE_VERSION
from portal.core.models import CityBase


class Procedure(CityBase):
    """What a department offers, through all its versions."""

    __tablename__ = "procedure"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("procedure_version.id", use_alter=True, name="fk_procedure_current_version_id")
    )
    sort: Mapped[int] = mapped_column(server_default="0")
    closed_at: Mapped[datetime | None]


class ProcedureVersion(CityBase):
    """One definition. `source` is the text as it was written, `document` the same tree as data, `digest` its SHA-256."""

    __tablename__ = "procedure_version"
    __table_args__ = (
        UniqueConstraint("procedure_id", "number"),
        CheckConstraint("status IN ('draft', 'published', 'replaced', 'closed')", name="status"),
        Index("uq_procedure_version_one_draft", "procedure_id", unique=True, postgresql_where=text("status = 'draft'")),
        Index(
            "uq_procedure_version_one_published",
            "procedure_id",
            unique=True,
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    number: Mapped[int]
    status: Mapped[str]
    source: Mapped[str]
    language: Mapped[int] = mapped_column(
        default=LANGUAGE_VERSION, server_default="1", doc="the version of the language `source` is in"
    )
    document: Mapped[dict[str, Any]] = mapped_column(JSON, doc="in the order of the text, which JSONB would lose")
    document_language: Mapped[int] = mapped_column(
        default=LANGUAGE_VERSION, server_default="1", doc="the version of the language `document` is in"
    )
    digest: Mapped[bytes]
    note: Mapped[str | None] = mapped_column(doc="why it was changed, the reason given by the publisher")
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    edited_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    published_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]

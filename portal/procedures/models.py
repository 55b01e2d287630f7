"""Procedures as stored: one row for the procedure, one for each version of its definition; a published version never changes."""

from datetime import date, datetime
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
    needs_second_person: Mapped[bool] = mapped_column(
        server_default=text("false"), doc="whether somebody else than who asks for it has to publish a version"
    )


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


class PlannedPublication(CityBase):
    """A draft that is to be published: from a day on (None: as soon as it may be), and after a second person where one is needed.

    `digest` is of the draft that was looked at, `failure` why it could not be published when its day had come.
    """

    __tablename__ = "planned_publication"

    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"), primary_key=True)
    digest: Mapped[bytes]
    note: Mapped[str]
    effective_on: Mapped[date | None]
    needs_confirmation: Mapped[bool]
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    failure: Mapped[str | None]

"""An application from its first saved answer to the city's decision: drafts, cases, their places and the words exchanged."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from common.status import OPEN_STATUSES, STATUSES
from portal.cases.order_indexes import order_indexes
from portal.core.clock import local_date
from portal.core.events import Event
from portal.core.models import CityBase, geometry
from portal.core.sealed import SealedJson, SealedText, SearchTerms

_STATUS_CHECK = "status IN ({})".format(", ".join(f"'{name}'" for name in STATUSES))
_IS_OPEN = "status IN ({})".format(", ".join(f"'{name}'" for name in OPEN_STATUSES))

__all__ = [
    "Case",
    "CaseDecision",
    "CaseMessage",
    "CaseNote",
    "CasePlace",
    "CaseRevision",
    "CaseStageForm",
    "CorrectionDraft",
    "Draft",
    "Event",
]


class Draft(CityBase):
    """An application being written. What identifies people is sealed inside `answers`; it is kept until `expires_at`.

    In a bundle, `bundle_state` says what became of one that was not sent with the others, because it waits for another's decision.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("bundle_state IN ('waiting', 'called_off', 'failed')", name="bundle_state"),
        Index("ix_draft_taken_by", "taken_by", postgresql_where=text("taken_by IS NOT NULL")),
        Index("ix_draft_bundle_id", "bundle_id", postgresql_where=text("bundle_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    procedure_key: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("procedure_version.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    answers: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]] = mapped_column(doc="what the map said of each place, by field")
    done_steps: Mapped[list[Any]] = mapped_column(doc="ids of steps sent without faults")
    origin_case_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_file.id"), doc="the earlier case that this follows, or the one whose application opens it"
    )
    carried: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"),
        doc="questions that were filled in, with the source of the answer, until their page is sent; see `carried`",
    )
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("bundle.id"), doc="the bundle that it is part of")
    bundle_position: Mapped[int | None] = mapped_column(
        SmallInteger, doc="its place in the bundle, from 0; behind those that it waits for"
    )
    bundle_state: Mapped[str | None] = mapped_column(
        doc="of a bundle that was sent: waits for another's decision, called off, or could not be sent by itself"
    )
    row_keys: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), doc="keys of rows with pages of their own, by group, see `draft_rows`"
    )
    language: Mapped[str]
    typed: Mapped[bytes | None] = mapped_column(
        doc="sealed; texts by the name of their input that the answers would not fill in again, see `typed`"
    )
    case_id: Mapped[int | None] = mapped_column(doc="set when it was sent; sending again finds the same case")
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), doc="of the staff, who writes it for somebody")
    taken_in: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("draft.taken_in"), doc="how, see `intakes`")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def is_begun(self) -> bool:
        """Whether anything was written into it since it was opened."""
        return self.saved_at > self.created_at


class Case(CityBase):
    """One submission (案件), pinned to the version of the definition it was made with. (`case` itself is a reserved word of SQL.)"""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(_STATUS_CHECK, name="status"),
        Index("ix_case_file_open_all_due", "due_on", "id", postgresql_where=text("closed_at IS NULL")),
        *order_indexes(),
        Index("ix_case_file_newest", text("submitted_at DESC"), text("id DESC")),
        Index(
            "ix_case_file_department_newest",
            "department_id",
            text("submitted_at DESC"),
            text("id DESC"),
            postgresql_include=[
                "starts_on",
                "ends_on",
                "status",
                "procedure_key",
                "assignee_id",
                "due_on",
                "closed_at",
            ],
        ),
        Index(
            "ix_case_file_assignee",
            "assignee_id",
            "due_on",
            "id",
            postgresql_include=["department_id"],
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_case_file_kept",
            "version_id",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL AND erased_at IS NULL"),
        ),
        Index("ix_case_file_closed", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
        Index("ix_case_file_next_due", "next_due_on", postgresql_where=text("next_due_on IS NOT NULL")),
        Index("ix_case_file_wake", "wake_on", postgresql_where=text("wake_on IS NOT NULL")),
        Index("ix_case_file_account", "account_id", text("submitted_at DESC")),
        Index("ix_case_file_search", "search_bigrams", postgresql_using="gin"),
        Index("ix_case_file_search_version", "search_version", "id"),
        Index("ix_case_file_bundle_id", "bundle_id", postgresql_where=text("bundle_id IS NOT NULL")),
        Index("ix_case_file_number_begin", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_case_file_number_end", text("ltrim(split_part(number, '-', 3), '0')")),
        Index(
            "ix_case_file_number_tail",
            func.reverse(text("number")).label("tail"),
            postgresql_ops={"tail": "text_pattern_ops"},
        ),
        Index("ix_case_file_answer_by", "answer_by", postgresql_where=text("answer_by IS NOT NULL")),
        Index("ix_case_file_channel", "channel", "due_on", "id", postgresql_where=text("channel <> 'online'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    draft_id: Mapped[int | None] = mapped_column(unique=True)
    origin_case_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_file.id"),
        index=True,
        doc="the earlier case that this follows, or the one whose application opened it",
    )
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("bundle.id"), doc="the bundle that it was sent in")
    procedure_key: Mapped[str] = mapped_column(index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("procedure_version.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str]
    status: Mapped[str]
    skipped_stages: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", doc="the stages on its way that the office passed over"
    )
    title: Mapped[str]
    applicant_name: Mapped[str] = mapped_column(SealedText("case_file.applicant_name"))
    co_applicants: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), doc="how many apply together with the applicant, their representative"
    )
    place_label: Mapped[str] = mapped_column(SealedText("case_file.place_label"))
    contact_email: Mapped[bytes | None] = mapped_column(doc="sealed; for those who did not sign in")
    language: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(
        doc="canonical answers; what identifies people is sealed, see answers.py"
    )
    facts: Mapped[dict[str, Any]]
    fee: Mapped[dict[str, Any]] = mapped_column(doc="the fee as explained when it was sent, line by line")
    search_bigrams: Mapped[list[str]] = mapped_column(
        SearchTerms(), doc="fingerprints of what `search_index.search_terms` makes"
    )
    search_version: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), doc="with which `search_index.VERSION` the terms were made"
    )
    unread: Mapped[bool] = mapped_column(server_default=text("true"))
    channel: Mapped[str] = mapped_column(
        server_default="online", doc="by which way it came: online, or that of the staff who took it in; see `channels`"
    )
    submitted_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(doc="when the city should have decided: standard days, holidays left out")
    clock: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), doc="the deadlines that run and stand still, see `forms.workflow.clock`"
    )
    next_due_on: Mapped[date | None] = mapped_column(doc="when the next payment of a fee over time is to be asked for")
    wake_on: Mapped[date | None] = mapped_column(
        doc="the next day on which a reminder or the move of a deadline is due"
    )
    answer_by: Mapped[date | None] = mapped_column(doc="until when the applicant should answer a correction")
    conditions: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("case_file.conditions"), doc="of the decision")
    granted: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("case_file.granted"), doc="see `partial_grants`")
    taken_in: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("case_file.taken_in"), doc="see `intakes`")
    starts_on: Mapped[date | None] = mapped_column(doc="first day of the period that is asked for, see `days_of`")
    ends_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    erased_at: Mapped[datetime | None] = mapped_column(doc="when its content went, see `retention`")
    lock_version: Mapped[int] = mapped_column(
        server_default="1",
        doc="incremented with every change of answers, fee or state; a decision must be based on the current one",
    )

    def advance(self) -> None:
        """Something was changed that a decision stands on: pages opened before are out of date."""
        self.lock_version += 1

    @property
    def submitted_on(self) -> date:
        """The city's day on which it came in: the day by which its answers are judged."""
        return local_date(self.submitted_at)


class CaseRevision(CityBase):
    """The answers of a case before a correction, in the form of the case's own columns; number 1 is what was sent first."""

    __tablename__ = "case_revision"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    number: Mapped[int]
    answers: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    fee: Mapped[dict[str, Any]]
    replaced_at: Mapped[datetime]


class CaseDecision(CityBase):
    """What a member of staff decided and was not carried out: it waits to be signed off, then for its time, or failed. One for each case."""

    __tablename__ = "case_decision"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    move: Mapped[str]
    inputs: Mapped[bytes] = mapped_column(doc="sealed; what was written and chosen with it")
    expected_version: Mapped[int] = mapped_column(doc="the case's `lock_version` on which it was decided")
    decided_at: Mapped[datetime]
    route: Mapped[list[Any]] = mapped_column(
        server_default=text("'[]'::jsonb"), doc="the steps of 決裁: `role`, and its `deputy` or none"
    )
    signed: Mapped[list[Any]] = mapped_column(
        server_default=text("'[]'::jsonb"),
        doc="who took the steps so far: `staff_id`, `name`, `at`, and whether as `deputy`",
    )
    takes_effect_at: Mapped[datetime | None] = mapped_column(
        index=True, doc="none while others are still to sign it off, see `sign_offs`"
    )
    failure: Mapped[str | None] = mapped_column(doc="why it could not be carried out, for the office")


class CaseNote(CityBase):
    """A note of staff for their colleagues, never for the applicant."""

    __tablename__ = "case_note"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    body: Mapped[bytes] = mapped_column(doc="sealed")
    written_at: Mapped[datetime]
    sent_key: Mapped[str | None] = mapped_column(
        unique=True, doc="made by the device, so that what comes again is known"
    )


class CaseStageForm(CityBase):
    """The form of a stage as somebody of the office filled it in, sealed as a whole."""

    __tablename__ = "case_stage_form"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson("case_stage_form.answers"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    staff_name: Mapped[str]
    filled_at: Mapped[datetime]
    skipped: Mapped[bool] = mapped_column(
        server_default=text("false"), doc="the stage was passed over, or has no form: no answers"
    )
    sent_key: Mapped[str | None] = mapped_column(
        unique=True, doc="made by the device, so that what comes again is known"
    )


class CasePlace(CityBase):
    """A drawn place of a case, with the columns of the case that maps, conflict rules and tiles filter by copied beside it."""

    __tablename__ = "case_place"
    __table_args__ = (
        CheckConstraint(_STATUS_CHECK, name="status"),
        # Of every status: conflict rules, and tiles whose filter lets closed cases pass.
        Index("ix_case_place_geom", "geom", postgresql_using="gist"),
        # Tiles of open cases from z15 on, the usual question of the desk.
        Index("ix_case_place_open_geom", "geom", postgresql_using="gist", postgresql_where=text(_IS_OPEN)),
        # Counted cells up to z14: every filter of the desk is answered inside the index, without reading the table.
        Index(
            "ix_case_place_cell",
            "cell",
            postgresql_include=[
                "case_id",
                "status",
                "procedure_key",
                "department_id",
                "assignee_id",
                "due_on",
                "starts_on",
                "ends_on",
                "submitted_at",
            ],
        ),
        # The layer of a procedure's cases, page by page, and how many there are.
        Index("ix_case_place_procedure", "procedure_key", "id", postgresql_include=["department_id"]),
        # What everybody sees of a procedure: the permitted ones whose period is not over.
        Index("ix_case_place_procedure_state", "procedure_key", "state", "ends_on"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    field: Mapped[str]
    procedure_key: Mapped[str]
    department_id: Mapped[int]
    assignee_id: Mapped[int | None]
    status: Mapped[str]
    state: Mapped[str]
    due_on: Mapped[date]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    submitted_at: Mapped[datetime]
    layer_versions: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", doc="the versions of the map layers that it was judged by, by their keys"
    )
    findings: Mapped[list[Any]] = mapped_column(
        server_default="[]", doc="what those layers gave, item by item, see `place_findings`"
    )
    area_m2: Mapped[float | None]
    length_m: Mapped[float | None]
    geom: Mapped[Any] = mapped_column(geometry())
    cell: Mapped[int | None] = mapped_column(
        Computed("map_cell(geom)", persisted=True), doc="number of the web-map tile at z20 that holds its centre"
    )


class CorrectionDraft(CityBase):
    """What an applicant has typed into a correction that is not sent yet; it goes when the correction is sent."""

    __tablename__ = "correction_draft"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    typed: Mapped[bytes] = mapped_column(doc="sealed; every text of the page by the name of its input, and the note")
    saved_at: Mapped[datetime]


class CaseMessage(CityBase):
    """Words between the applicant and the office."""

    __tablename__ = "case_message"
    __table_args__ = (CheckConstraint("sender IN ('applicant', 'staff')", name="sender"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    sender: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    sender_name: Mapped[str] = mapped_column(SealedText("case_message.sender_name"))
    body: Mapped[bytes] = mapped_column(doc="sealed")
    fields: Mapped[list[Any]] = mapped_column(doc="fields the message asks to correct")
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

"""What the drawer shows of one case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forms import Definition, State
from forms.workflow.clock import STANDARD, stands_still
from portal.cases import (
    SURVEY_PROOF,
    WAIVER_PROOF,
    Case,
    CasePayout,
    Consent,
    Link,
    OfferedChange,
    Parties,
    SeenVersion,
    Sight,
    SisterCase,
    allocation,
    intakes,
    queries,
)
from portal.cases import notes as case_notes
from portal.cases.decisions import Decision
from portal.cases.dossiers import LocationDossier
from portal.cases.holds import Retention
from portal.cases.messages import Message
from portal.cases.moves import MoveOption
from portal.cases.queries import FormerDecisionTold
from portal.cases.standard_words import conditions_of, granted_parts
from portal.core.events import Event
from portal.core.text import _
from portal.desk.automatic_checks import AutomaticCheck
from portal.desk.drafts_told import DraftTold
from portal.desk.reductions import AskedReduction
from portal.desk.stage_records import StageRecord
from portal.documents import Document, IssuedDocument
from portal.files import Capture, StoredFile, capture_of
from portal.payments import Refund
from portal.residents.answers import Row, Section


@dataclass
class CaseDetail:
    """What the drawer shows. `shapes` are the case's places and what lies in their way, as GeoJSON with the role of each."""

    case: Case
    definition: Definition
    state: State
    tab: str
    moves: list[MoveOption]
    refundable: int
    fee_difference: str
    assignable: Sequence[tuple[int, str]]
    loads: Mapping[int, allocation.Workload]
    parties: Parties | None
    check_code: str
    email: str | None
    letters_arrive: bool
    counts: dict[str, int]
    seen: SeenVersion
    decision: Decision | None
    sections: list[Section] = field(default_factory=list)
    computed: list[Row] = field(default_factory=list)
    booked: list[tuple[str, str]] = field(default_factory=list)
    measured: list[tuple[str, str]] = field(default_factory=list)
    shapes: dict[str, Any] | None = None
    extent: list[float] | None = None
    version: tuple[int, int | None] = (0, None)
    checks: list[AutomaticCheck] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    refund_reasons: dict[int, str] = field(default_factory=dict)
    files: Sequence[StoredFile] = ()
    issued: Sequence[tuple[IssuedDocument, Document]] = ()
    dossiers: Sequence[LocationDossier] = ()
    file_titles: dict[str, str] = field(default_factory=dict)
    former_files: dict[str, tuple[str, str]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    message_files: Mapping[int, Sequence[StoredFile]] = field(default_factory=dict)
    notes: list[case_notes.Note] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    views: list[Event] = field(default_factory=list)
    former: Sequence[FormerDecisionTold] = ()
    told: dict[int, str] = field(default_factory=dict)
    retention: Retention | None = None
    consents: Sequence[Consent] = ()
    reductions: Sequence[AskedReduction] = ()
    surveyed: bool = False
    payouts: Sequence[CasePayout] = ()
    payouts_wait: str = ""
    stage_forms: list[StageRecord] = field(default_factory=list)
    sight: Sight = field(default=Sight(answers=False, place=False, payments=False))
    newest_event: Event | None = None
    chain: list[Link] = field(default_factory=list)
    sisters: list[SisterCase] = field(default_factory=list)
    offered: list[OfferedChange] = field(default_factory=list)
    applicant_due: date | None = None
    next_doers: Sequence[str] = ()
    questions_asked: Collection[str] = ()
    may_write: bool = False
    draft: DraftTold | None = None

    @property
    def intake(self) -> intakes.Intake | None:
        """How it reached the office, where somebody of the staff wrote it, for who reads the answers."""
        return intakes.intake_of(self.case) if self.sight.answers else None

    @property
    def suggested(self) -> str:
        """The colleague with least on their desk, where there is a choice and the case is not on it already; else empty."""
        staff_id = allocation.suggested(self.loads)
        names = dict(self.assignable)
        return names[staff_id] if staff_id is not None and staff_id != self.case.assignee_id else ""

    @property
    def conditions(self) -> list[str]:
        """The conditions of the decision, for who reads the answers."""
        return conditions_of(self.case) if self.sight.answers else []

    def title_of_state(self, state: str) -> str:
        """What a state of the case's workflow is called."""
        states = queries.whole_workflow(self.case, self.definition).states
        return states[state].title.for_language("ja") if state in states else state

    def granted(self, stored: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
        """The parts of a decision that granted only some: each question, what was asked for, and what is granted."""
        return [part.told("ja") for part in granted_parts(stored, self.definition)]

    def capture_of(self, file: StoredFile) -> Capture | None:
        """When and where a photo of a site visit was taken."""
        return capture_of(file)

    def file_label(self, slot: str) -> str:
        """The question of a file that no answer names any more."""
        added = {WAIVER_PROOF: _("減免の根拠"), SURVEY_PROOF: _("実測の根拠"), intakes.PAPER: _("届いた紙")}
        if slot in added:
            return added[slot]
        if slot.startswith("message-"):
            return _("メッセージの添付")
        question = self.definition.question_at(slot)
        return question.label_in("ja") if question else ""

    @property
    def stands_still(self) -> bool:
        """Whether the city's own time does not run because the case is with the applicant."""
        return stands_still(self.case.clock, STANDARD) and self.case.closed_at is None

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Questions that a correction may name, id and label: those that the applicant was asked, as the case has been answered."""
        questions = self.definition.fields.values()
        return [(question.id, question.label_in("ja")) for question in questions if question.id in self.questions_asked]

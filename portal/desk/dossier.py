"""One case as its office sees it in the drawer: answers, places, money, files, words and history, each read only when its tab is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from forms import Definition, State, workflow_of
from geo import Conflict
from portal.cases.answers import open_answers
from portal.cases.fees import paid_for
from portal.cases.messages import Message, messages_of
from portal.cases.models import CaseEvent, CaseFile
from portal.cases.moves import MoveOption, available, roles_in
from portal.cases.places import survey
from portal.cases.queries import Place, history, places_of
from portal.core.access import StaffIdentity
from portal.core.database import city_of
from portal.files import files_of_case
from portal.files.models import StoredFile
from portal.identity.queries import staff_of_department
from portal.payments.models import Payment, Refund
from portal.payments.queries import payments_of, refunds_of
from portal.procedures.definitions import definition_of

TABS = ("content", "files", "messages", "history")


@dataclass
class Shown:
    """One question and its answer in words; `kind` lets the page draw places and files instead of writing them."""

    field_id: str
    label: str
    text: str
    kind: str


@dataclass
class Dossier:
    """What the drawer shows."""

    case: CaseFile
    definition: Definition
    state: State
    tab: str
    moves: list[MoveOption]
    refundable: int
    assignable: Sequence[tuple[int, str]]
    steps: list[tuple[str, list[Shown]]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    payments: list[tuple[Payment, list[Refund]]] = field(default_factory=list)
    files: Sequence[StoredFile] = ()
    messages: list[Message] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Questions that a correction may name: id and label."""
        return [(one.id, one.label_in("ja")) for one in self.definition.fields.values() if one.asks]


def dossier(session: Session, case: CaseFile, staff: StaffIdentity, tab: str) -> Dossier:
    """Read what one tab of the drawer needs."""
    definition = definition_of(session, case.version_id)
    moves = available(case, definition, roles_in(staff, case))
    owed = paid_for(session, case)
    if not owed:
        moves = [move for move in moves if move.id != "refund"]
    found = Dossier(
        case=case,
        definition=definition,
        state=workflow_of(definition).states[case.state],
        tab=tab if tab in TABS else "content",
        moves=moves,
        refundable=sum(payment.amount for payment in owed),
        assignable=staff_of_department(session, case.department_id),
    )
    if found.tab == "content":
        _content(session, found)
    elif found.tab == "files":
        found.files = files_of_case(session, case.id)
    elif found.tab == "messages":
        found.messages = messages_of(session, case.id)
    else:
        found.events = history(session, case.id)
    return found


def _content(session: Session, found: Dossier) -> None:
    answers = open_answers(city_of(session), found.case.answers)
    for step in found.definition.steps:
        rows = [
            Shown(one.id, one.label_in("ja"), one.show(answers[one.id], "ja"), one.type)
            for one in step.fields
            if one.id in answers
        ]
        if rows:
            found.steps.append((step.title.in_("ja"), rows))
    found.places = places_of(session, found.case.id)
    found.payments = [(one, refunds_of(session, one.id)) for one in payments_of(session, found.case.id)]
    if found.case.closed_at is None and found.places:
        now = survey(session, found.definition, answers, language="ja", exclude_case=found.case.id)
        found.conflicts = [one for several in now.conflicts.values() for one in several]

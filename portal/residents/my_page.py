"""My page: every application of this visitor, what it waits for, and the drafts."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import render_template
from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import Case, Draft
from portal.cases import drafts as case_drafts
from portal.cases.messages import Message, newest_requests
from portal.core.access import PUBLIC, allow, current_account
from portal.core.text import pick
from portal.core.web import db
from portal.identity import list_departments
from portal.identity.web_session import own_drafts
from portal.payments import Payment, payments_of_cases
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.progress import Progress, progress_of


@dataclass(frozen=True)
class Card:
    """One application on My page."""

    case: Case
    definition: Definition
    progress: Progress
    department: str
    payments: list[Payment]
    request: Message | None = None

    @property
    def due(self) -> Payment | None:
        """What is to pay now."""
        return next((payment for payment in self.payments if payment.is_payable), None)

    @property
    def paid(self) -> int:
        """Yen paid so far that the city still has."""
        return sum(payment.net_received for payment in self.payments)


@dataclass(frozen=True)
class DraftCard:
    """One draft on My page."""

    draft: Draft
    definition: Definition
    done: int


@bp.get("/me")
@allow(PUBLIC)
def me() -> str:
    """My applications; without signing in, those of this browser."""
    account = current_account()
    if account is not None:
        case_drafts.claim(db(), own_drafts(), account.id)
    return render_template(
        "residents/mine.html",
        cards=cards(db(), visitor_access.cases(db())),
        drafts=[_draft_card(db(), draft) for draft in visitor_access.drafts(db())],
    )


def cards(database: Session, cases: Collection[Case]) -> list[Card]:
    """The cases with their payments, departments and the office's requests: three statements, however many there are."""
    ids = [case.id for case in cases]
    payments = payments_of_cases(database, ids)
    departments = {department.id: pick(department.title) for department in list_departments(database)}
    requests = newest_requests(database, [case.id for case in cases if case.status == "fix"])
    shown = []
    for case in cases:
        definition = definition_of(database, case.version_id)
        shown.append(
            Card(
                case,
                definition,
                progress_of(case, definition),
                departments[case.department_id],
                payments.get(case.id, []),
                requests.get(case.id),
            )
        )
    return shown


def _draft_card(database: Session, draft: Draft) -> DraftCard:
    definition = definition_of(database, draft.version_id)
    return DraftCard(draft, definition, len(draft.done_steps))

"""My page: every application of this visitor, what it waits for, and the drafts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import render_template
from sqlalchemy.orm import Session

from common.status import APPLICANTS_TURN
from forms import Definition
from forms.evaluation.chosen_days import ChosenDay
from portal.cases import Case, Draft, PayDeadline, loses_places_unpaid, pay_deadline
from portal.cases import drafts as case_drafts
from portal.cases.bundles import FAILED, WAITING, Bundle, bundles_by_id
from portal.cases.messages import Message, newest_requests
from portal.core.access import PUBLIC, allow, current_account
from portal.core.text import current_language, pick
from portal.core.web import db
from portal.identity import list_departments
from portal.identity.web_session import own_drafts
from portal.payments import AwaitedMoney, Payment, money_awaited, payments_of_cases, refunds_awaiting_account
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.chosen_days import days_of_case
from portal.residents.draft_application import application_of
from portal.residents.plan_keeping import kept_plans
from portal.residents.progress import Progress, progress_of
from portal.residents.visit import CounterVisit, visit_of_case


@dataclass(frozen=True)
class Card:
    """One application on My page."""

    case: Case
    definition: Definition
    progress: Progress
    department: str
    payments: list[Payment]
    request: Message | None = None
    days: Sequence[ChosenDay] = ()
    visit: CounterVisit | None = None
    awaits_account: int = 0
    """Yen that go back once a bank account is named to the provider, which asks for it by mail."""
    awaited: AwaitedMoney | None = None
    """Where a way to pay `due` was chosen: what is waited for, and until when."""

    @property
    def due(self) -> Payment | None:
        """What is to pay now."""
        return next((payment for payment in self.payments if payment.is_payable), None)

    @property
    def to_correct(self) -> list[tuple[str, str]]:
        """The questions that the office asks to correct, in the order of the form: id and name; none where it asks to look over everything."""
        named = self.request.fields if self.request is not None else ()
        questions = (question for name, question in self.definition.fields.items() if name in named)
        return [(question.id, question.label_in(current_language())) for question in questions]

    @property
    def loses_places_unpaid(self) -> bool:
        """Whether it ends, and others get its places, if `due` is not paid in time."""
        return loses_places_unpaid(self.case, self.definition)

    @property
    def deadline(self) -> PayDeadline | None:
        """Until when `due` is to be paid, where a way to pay it was chosen."""
        if self.due is None or self.awaited is None:
            return None
        return pay_deadline(self.awaited.until, [self.due.pay_by], loses_places=self.loses_places_unpaid)

    @property
    def is_applicants_turn(self) -> bool:
        """Whether somebody waits for the applicant: to correct, to pay, to come or to name an account. These stand first."""
        return self.case.status in APPLICANTS_TURN or self.due is not None or self.awaits_account > 0

    @property
    def paid(self) -> int:
        """Yen paid so far that the city still has."""
        return sum(payment.net_received for payment in self.payments)

    @property
    def returned(self) -> int:
        """Yen of it that the city gave back."""
        return sum((payment.received or 0) - payment.net_received for payment in self.payments)


@dataclass(frozen=True)
class DraftCard:
    """One draft on My page: how many of its `pages`, as its answers show them, are `done`."""

    draft: Draft
    definition: Definition
    done: int
    pages: int


@dataclass(frozen=True)
class BundleCard:
    """Several procedures on My page that are being applied for together."""

    bundle: Bundle
    drafts: list[DraftCard]


@bp.get("/me")
@allow(PUBLIC)
def me() -> str:
    """My applications; without signing in, those of this browser."""
    account = current_account()
    if account is not None:
        case_drafts.claim(db(), own_drafts(), account.id)
    cases, kept = visitor_access.cases(db()), visitor_access.drafts(db())
    unsent = [draft for draft in kept if draft.is_begun or draft.bundle_id is not None]
    bundles = bundles_by_id(db(), [*(case.bundle_id for case in cases), *(draft.bundle_id for draft in unsent)])
    return render_template(
        "residents/mine.html",
        cards=sorted(cards(db(), cases), key=lambda card: not card.is_applicants_turn),
        bundles={bundle_id: bundle.public_id for bundle_id, bundle in bundles.items()},
        drafts=[
            _draft_card(db(), draft) for draft in unsent if draft.bundle_id is None or draft.bundle_state == FAILED
        ],
        together=[_bundle_card(db(), bundle, unsent) for bundle in bundles.values() if bundle.sent_at is None],
        plans=kept_plans(),
        waiting=[_draft_card(db(), draft) for draft in unsent if draft.bundle_state == WAITING],
    )


def cards(database: Session, cases: Collection[Case]) -> list[Card]:
    """The cases with their payments, departments and the office's requests: three statements, however many there are, and one more each where
    something was paid, and where a way to pay was chosen."""
    ids = [case.id for case in cases]
    payments = payments_of_cases(database, ids)
    departments = {department.id: department for department in list_departments(database, with_closed=True)}
    requests = newest_requests(database, [case.id for case in cases if case.status == "fix"])
    paid = [case_id for case_id, made in payments.items() if any(payment.received for payment in made)]
    awaiting = refunds_awaiting_account(database, paid) if paid else {}
    pending = {payment.id for made in payments.values() for payment in made if payment.status == "pending"}
    awaited = money_awaited(database, pending) if pending else {}
    shown = []
    for case in cases:
        definition, department = definition_of(database, case.version_id), departments[case.department_id]
        made = payments.get(case.id, [])
        shown.append(
            Card(
                case,
                definition,
                progress_of(case, definition),
                pick(department.title),
                made,
                requests.get(case.id),
                days_of_case(case, definition),
                visit_of_case(case, definition, department),
                awaiting.get(case.id, 0),
                next((awaited.get(payment.id) for payment in made if payment.is_payable), None),
            )
        )
    return shown


def _draft_card(database: Session, draft: Draft) -> DraftCard:
    application = application_of(database, draft)
    pages = application.steps
    return DraftCard(draft, application.definition, sum(application.is_done(page) for page in pages), len(pages))


def _bundle_card(database: Session, bundle: Bundle, unsent: Collection[Draft]) -> BundleCard:
    members = sorted(
        (draft for draft in unsent if draft.bundle_id == bundle.id), key=lambda draft: draft.bundle_position or 0
    )
    return BundleCard(bundle, [_draft_card(database, draft) for draft in members])

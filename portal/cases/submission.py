"""Sending an application: judged once more as a whole, then the case, its places, its first event and what it owes in one transaction."""

import json
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from geoalchemy2.functions import ST_GeomFromGeoJSON
from sqlalchemy import Date, Text, bindparam, delete, func, insert
from sqlalchemy.orm import Session

from forms import CaseValues, Definition, Evaluation, evaluate, workflow_of
from forms.definition.workflow import Stage
from forms.evaluation.chosen_days import last_chosen_day
from forms.expressions.functions.dates import day
from forms.fields.file import Files
from forms.fields.occurrences import occurrences
from forms.workflow.machine import AWAITING_CONSENTS
from forms.workflow.settling import case_scope, last_day, needless_stages, openings
from portal.bookings import lock_ledgers
from portal.cases import drafts
from portal.cases.acceptance import refuse_outside
from portal.cases.answers import seal_answers
from portal.cases.capacity import ledgers_of, take_places
from portal.cases.chains import mapped, refuse_without_earlier
from portal.cases.channels import ONLINE, OPENED
from portal.cases.consents import ask_for_consents
from portal.cases.consultations import update_consultations
from portal.cases.counter_visits import visits_told
from portal.cases.deadlines import at_first
from portal.cases.dossiers import FREEZE_PLACES
from portal.cases.drafts import answers_of, typed_of
from portal.cases.earlier import earlier_facts
from portal.cases.events import of_case
from portal.cases.feature_options import CityFeatures
from portal.cases.fees import fee_record, open_fee
from portal.cases.intakes import moment_of_receipt, scans_of, taker
from portal.cases.lotteries import promise_lotteries
from portal.cases.map_objections import object_with_answers
from portal.cases.models import Case, CasePlace, Draft
from portal.cases.notices import notify
from portal.cases.payouts import ask_for_payouts
from portal.cases.place_messages import place_error_messages
from portal.cases.places import PlaceInspection, inspect_places
from portal.cases.queries import told_days
from portal.cases.review_digest import digest_review, refuse_unseen
from portal.cases.rules import due_on, period_of
from portal.cases.summary import DEPARTMENT, summarize
from portal.cases.typed import unfinished_fields
from portal.core import tenancy
from portal.core.clock import local_date, now, today
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.jobs import enqueue
from portal.core.text import _
from portal.files import attach_to_case
from portal.payments import Payment
from portal.procedures import offer as offer_of


@dataclass(frozen=True)
class Judged:
    """A draft that may be sent, with what follows from its answers. It came in at `received_at`, and is judged by that day."""

    draft: Draft
    definition: Definition
    outcome: Evaluation
    inspection: PlaceInspection
    received_at: datetime

    @property
    def received_on(self) -> date:
        """The city's day on which it came in."""
        return local_date(self.received_at)

    @property
    def digest(self) -> str:
        """See `digest_review`."""
        return digest_review(self.draft.version_id, self.outcome)


def submit(
    session: Session,
    draft: Draft,
    definition: Definition,
    *,
    seen: str | None = None,
    channel: str = ONLINE,
    opened_by: Case | None = None,
) -> Case:
    """Make the case of a draft. Sending twice (a double click, a replayed form) gives the same case.

    The draft's row must be locked. `seen` is the `digest_review` of the page that the applicant sends; without one they saw no page.
    Raises Invalid with a message for each field's path, ReviewOutdated for what they have not seen, and
    NotAccepted outside the windows of acceptance; nothing is kept then.
    """
    if draft.case_id is not None:
        return session.get_one(Case, draft.case_id)
    moment = moment_of_receipt(draft)
    refuse_outside(definition, moment)
    if opened_by is None:
        refuse_without_earlier(session, draft, definition)
    judged = judge(session, draft, definition, received_at=moment)
    if seen is not None:
        refuse_unseen(draft.version_id, judged.outcome, seen)
    if definition.opens:
        lock_ledgers(session, needed_ledgers(session, [judged]))
    case = make_case(session, judged)
    payment = complete_case(session, case, judged, channel=channel)
    notify(
        session,
        case,
        "case_received",
        amount=payment.amount if payment else 0,
        until=payment.pay_by if payment else None,
        days=told_days(case, definition, judged.outcome.answers, case.language),
        visits=visits_told(session, case, definition, judged.outcome.answers),
    )
    session.flush()
    if opened_by is None:
        open_others(session, case, judged)
    return case


def judge(session: Session, draft: Draft, definition: Definition, *, received_at: datetime | None = None) -> Judged:
    """Judge a draft as a whole, by the day on which it came in (now, without one). Raises Invalid with a message for each field's path."""
    answers = answers_of(session, draft)
    moment = received_at or now()
    origin = session.get(Case, draft.origin_case_id) if draft.origin_case_id is not None else None
    earlier = earlier_facts(session, definition, origin)
    inspection = inspect_places(session, definition, answers, with_locality=True, besides=earlier)
    outcome = evaluate(
        definition,
        answers,
        inspection.facts,
        today=local_date(moment),
        language=draft.language,
        city=tenancy.city(city_of(session)),
        features=CityFeatures(session),
    )
    refuse_faults(outcome, inspection)
    refuse_unsettled(session, draft, definition, outcome)
    return Judged(draft, definition, outcome, inspection, moment)


def needed_ledgers(session: Session, several: Iterable[Judged]) -> list[str]:
    """The ledgers of the places that are taken when these are sent, by the cases that they open too."""
    city = tenancy.city(city_of(session))
    names: list[str] = []
    for judged in several:
        definition, answers = judged.definition, judged.outcome.answers
        names += ledgers_of(judged.draft.procedure_key, definition, answers)
        facts = judged.inspection.facts
        for opening in openings(definition, answers, facts, submitted_on=judged.received_on, city=city):
            with suppress(NotFound):  # said when it is opened
                opened = offer_of(session, opening.procedure).definition
                names += ledgers_of(opening.procedure, opened, mapped(answers, opening.answers, opening.values))
    return names


def make_case(session: Session, judged: Judged) -> Case:
    """Make the row of a case, and take its places; nothing is recorded yet, because places are locked before the chain of events."""
    case = _case(session, judged)
    take_places(session, judged.draft, case, judged.definition, judged.outcome)
    return case


def complete_case(session: Session, case: Case, judged: Judged, *, channel: str) -> Payment | None:
    """Everything else that belongs to a new case: its places on the map, its first event, files, consents and what it owes, which is returned."""
    draft, definition, outcome = judged.draft, judged.definition, judged.outcome
    promise_lotteries(session, case.procedure_key, definition)
    insert_places(session, case, definition, outcome, judged.inspection)
    if judged.inspection.facts.keys() & definition.places_in(outcome.answers).keys():
        enqueue(session, FREEZE_PLACES, case_id=case.id)
    draft.case_id, draft.typed = case.id, None
    actor = taker(session, draft) or Actor("applicant", draft.account_id, case.applicant_name or None)
    channel = draft.taken_in["channel"] if draft.taken_in else channel
    bundle = {"bundle": draft.bundle_id} if draft.bundle_id is not None else {}
    if channel not in {ONLINE, OPENED}:
        case.channel = channel
    record(session, of_case(case.id), "case.submitted", actor, version=draft.version_id, channel=channel, **bundle)
    object_with_answers(session, case, outcome.answers, judged.inspection.contested, actor)
    files = file_ids(definition, outcome.answers) | scans_of(session, draft)
    if files:
        attach_to_case(session, files, draft.id, case.id)
    update_consultations(session, case, definition)
    ask_for_consents(session, case, definition, outcome)
    ask_for_payouts(session, case, definition, outcome)
    if outcome.fee.due("submission") and case.state != AWAITING_CONSENTS:
        return open_fee(session, case, "submission")
    return None


def open_others(session: Session, case: Case, judged: Judged) -> None:
    """Open the cases of other procedures that this application asks for, with its answers; they open no further ones.

    Raises Invalid where one cannot be opened: nothing is kept then.
    """
    definition, outcome = judged.definition, judged.outcome
    city = tenancy.city(city_of(session))
    for opening in openings(definition, outcome.answers, case.facts, submitted_on=case.submitted_on, city=city):
        try:
            offer = offer_of(session, opening.procedure)
            draft = drafts.start(session, offer, account_id=case.account_id, language=case.language, from_profile=False)
            draft.origin_case_id = case.id
            answers = mapped(outcome.answers, opening.answers, opening.values)
            prefilled = {name: value for name, value in answers_of(session, draft).items() if name not in answers}
            drafts.save_answers(session, draft, offer.definition, prefilled | answers)
            submit(session, draft, offer.definition, channel=OPENED, opened_by=case)
        except (NotFound, Invalid, Conflict) as error:
            sentence = _(
                "同時に申し込む手続き({key})を始められませんでした。担当の部署にお問い合わせください。",
                key=opening.procedure,
            )
            raise Invalid(sentence, {"opens": sentence}) from error


def refuse_faults(outcome: Evaluation, inspection: PlaceInspection) -> None:
    """Raise Invalid with the first message for each path that must be corrected."""
    faults = {path: messages[0] for path, messages in outcome.errors.items()}
    for field_id in inspection.failed_fields:
        if outcome.is_visible(field_id):
            faults.setdefault(field_id, place_error_messages(inspection, field_id, outcome.language)[0])
    if not faults and outcome.fee.refused and (reason := outcome.fee.refused[0].reason):
        faults["fee"] = reason.for_language(outcome.language)
    if faults:
        raise Invalid(_("{count}か所を直してください。", count=len(faults)), faults)
    if any(need.email is None for need in outcome.consents):
        sentence = _("同意をお願いする人のメールアドレスを入力してください。")
        raise Invalid(sentence, {"consents": sentence})
    if not outcome.payout.decided:
        sentence = _("申請できる金額が決まりません。入力した内容を確かめてください。")
        raise Invalid(sentence, {"payout": sentence})
    if not outcome.fee.decided:
        raise Invalid(_("料金が決まりません。入力した内容を確かめてください。"), {"fee": _("料金が決まりません。")})
    if outcome.places.undecided:
        sentence = _("空きの数が決まりません。担当の部署にお問い合わせください。")
        raise Invalid(sentence, {"places": sentence})


def refuse_unsettled(session: Session, draft: Draft, definition: Definition, outcome: Evaluation) -> None:
    """Raise Invalid while a question that shows holds text that is no answer: it would be missing, and nobody would notice."""
    begun = unfinished_fields(definition, typed_of(session, draft), outcome)
    if begun:
        sentence = _("入力の途中です。ページを開いて、確かめてください。")
        raise Invalid(_("{count}か所を直してください。", count=len(begun)), dict.fromkeys(begun, sentence))


_MAKE = (
    insert(Case)
    .values(
        number=func.next_case_number(bindparam("letter", type_=Text), bindparam("today", type_=Date)),
        department_id=DEPARTMENT,
    )
    .returning(Case)
)
"""Number and department are found by the statement itself. The whole row comes back."""


def _case(session: Session, judged: Judged) -> Case:
    draft, definition, outcome, inspection = judged.draft, judged.definition, judged.outcome, judged.inspection
    city = tenancy.city(city_of(session))
    sent_on, received_on = today(), judged.received_on
    workflow = workflow_of(definition)
    state = workflow.states[workflow.initial(outcome.fee.due("submission"), consents=outcome.consents_first)]

    def scope() -> dict[str, Any]:
        values = CaseValues(fee=outcome.fee.total or 0, submitted_on=received_on)
        return case_scope(
            definition, outcome.answers, inspection.facts, submitted_on=received_on, case=values, city=city
        )

    def last_day_of_answers(until: str) -> date | None:
        with day(sent_on):
            return last_day(definition, until, scope())

    def needless() -> list[Stage]:
        if not any(stage.days for stage in definition.workflow.stages):
            return []
        with day(sent_on):
            return needless_stages(definition, scope())

    row = {
        "letter": city.letter,
        "today": sent_on,
        "procedure": draft.procedure_key,
        "assign_to": outcome.assign_to,
        "public_id": secrets.token_urlsafe(16),
        "draft_id": draft.id,
        "origin_case_id": draft.origin_case_id,
        "bundle_id": draft.bundle_id,
        "procedure_key": draft.procedure_key,
        "version_id": draft.version_id,
        "account_id": draft.account_id,
        "state": state.id,
        "status": state.status,
        "language": draft.language,
        **({"taken_in": draft.taken_in} if draft.taken_in else {}),
        "answers": seal_answers(city.key, definition, outcome.answers),
        "facts": inspection.facts,
        "fee": fee_record(outcome.fee),
        "submitted_at": judged.received_at,
        **at_first(
            state,
            due_on(definition, sent_on, needless()),
            last_day_of_answers,
            not_before=last_chosen_day(definition, outcome.answers),
        ),
        "updated_at": now(),
        **summarize(session, definition, outcome, inspection, account_id=draft.account_id).columns(),
    }
    return session.scalars(_MAKE, row).one()


_PLACE = insert(CasePlace.__table__).values(geom=ST_GeomFromGeoJSON(bindparam("geojson", type_=Text)))  # type: ignore[arg-type] # __table__ is typed as any FromClause


def replace_places(
    session: Session, case: Case, definition: Definition, outcome: Evaluation, inspection: PlaceInspection
) -> None:
    """The same for a case that has rows already, whose places, period or department changed."""
    session.execute(delete(CasePlace).where(CasePlace.case_id == case.id))
    insert_places(session, case, definition, outcome, inspection)


def insert_places(
    session: Session, case: Case, definition: Definition, outcome: Evaluation, inspection: PlaceInspection
) -> None:
    """The drawn places of an application as rows, with what maps and conflict rules ask for beside them."""
    rows = []
    for path, place in definition.places_in(outcome.answers).items():
        if place.value is None:
            continue
        value: Any = place.value
        starts, ends = period_of(definition, outcome.answers, path)
        rows.append(
            {
                "case_id": case.id,
                "field": path,
                "procedure_key": case.procedure_key,
                "department_id": case.department_id,
                "assignee_id": case.assignee_id,
                "status": case.status,
                "state": case.state,
                "due_on": case.due_on,
                "starts_on": starts,
                "ends_on": ends,
                "submitted_at": case.submitted_at,
                "area_m2": inspection.facts[path].get("area_m2"),
                "length_m": inspection.facts[path].get("length_m"),
                "layer_versions": inspection.layer_versions[path],
                "findings": [finding.as_stored() for finding in inspection.findings[path]],
                "geojson": json.dumps(value["geometry"]),
            }
        )
    if rows:
        session.execute(_PLACE, rows)


def file_ids(definition: Definition, answers: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the files that answers refer to, those in rows too."""
    questions = occurrences(definition.fields.values(), answers, Files)
    return frozenset(file["id"] for question in questions for file in cast(list[Any], question.value or ()))

"""The limited places of applications: held from the last page before sending, theirs once sent, free again when a case ends."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from forms import Claim, Definition, Evaluation, acceptance_at, option_places
from forms.definition.capacity import CapacityRule
from forms.evaluation.city import City
from forms.evaluation.program import program_of
from forms.fields import FieldType
from forms.fields.date import DateField
from forms.fields.offering import OffersOptions
from forms.fields.options import Option
from forms.text.units import Unit
from portal import bookings
from portal.bookings import CapacityClaim, EntryTerms, Holder, Offered, Pool, Want
from portal.cases.appointments import (
    appointment_fields,
    book_appointments,
    booked_resources,
    retake_appointments,
    take_appointments,
)
from portal.cases.feature_options import CityFeatures
from portal.cases.full_pools import FullPool, counted, pool_left, rule_of
from portal.cases.models import Case, Draft
from portal.cases.payment_days import places_held_until
from portal.cases.pool_names import entry_name, pool_name
from portal.cases.workflows import workflow_of_case
from portal.core.clock import TOKYO, local_date, now
from portal.core.config import settings
from portal.core.errors import Invalid
from portal.core.text import _, using_language
from portal.identity import account_email
from portal.notifications import send_mail
from portal.procedures import definition_of


@dataclass(frozen=True)
class PlacesHeld:
    """How a draft stands: the places held `until`, those that are `full`, and its place on the waiting list.

    `may_wait`: it can wait for them. `taken` says which appointments are not free any more.
    """

    names: Sequence[str] = ()
    until: datetime | None = None
    full: Sequence[FullPool] = ()
    may_wait: bool = False
    line: int | None = None
    taken: Sequence[str] = ()

    @property
    def questions(self) -> frozenset[str]:
        """The questions whose answers name the places that are full."""
        return frozenset(name for pool in self.full for name in pool.questions)

    @property
    def minutes(self) -> int:
        """Whole minutes for which they are still held."""
        return max(int((self.until - now()).total_seconds() // 60), 0) if self.until else 0


def hold_places(session: Session, draft: Draft, definition: Definition, outcome: Evaluation) -> PlacesHeld:
    """Hold what a complete draft takes, for the shortest time that its rules give."""
    taken = book_appointments(session, definition, outcome, Holder(draft_id=draft.id), hold=True)
    if taken:
        return PlacesHeld(taken=taken)
    wants = _wants(definition, _first_come(outcome), now())
    if not wants:
        return _appointments_held(session, draft, definition, outcome)
    line = bookings.line_of(session, draft.id)
    rules = _rules(definition, wants)
    until = now() + timedelta(minutes=min(rule.hold_minutes for rule in rules))
    holder = Holder(draft_id=draft.id)
    held = bookings.hold(session, draft.procedure_key, holder, wants, until=until)
    names = [pool_name(session, definition, want.pool) for want in wants]
    if not held.full:
        return PlacesHeld(names, held.until)
    full = _full(session, definition, draft.procedure_key, held.full, holder)
    return PlacesHeld(names, None, full, all(rule.waiting_days for rule in _rules(definition, held.full)), line)


def _appointments_held(session: Session, draft: Draft, definition: Definition, outcome: Evaluation) -> PlacesHeld:
    answered = [field for field in appointment_fields(definition) if field.slot(outcome.answers.get(field.id))]
    names = [field.show(outcome.answers[field.id], outcome.language) for field in answered]
    return PlacesHeld(names, bookings.held_until(session, Holder(draft_id=draft.id)) if names else None)


def take_places(session: Session, draft: Draft, case: Case, definition: Definition, outcome: Evaluation) -> None:
    """Give a new case the places of its draft, until it is paid if a fee is due. Raises Invalid where there is no room."""
    take_appointments(session, draft, case, definition, outcome)
    _enter(session, case, definition, outcome)
    wants = _wants(definition, _first_come(outcome), case.submitted_at)
    if not wants:
        return
    until = None
    if outcome.fee.due("submission"):
        until = places_held_until(definition, outcome.answers, _rules(definition, wants))
    held = bookings.take(session, draft.procedure_key, draft.id, case.id, wants, until=until)
    _refuse_full(session, definition, case.procedure_key, held.full, Holder(draft_id=draft.id))


def ledgers_of(procedure_key: str, definition: Definition, answers: Mapping[str, Any]) -> list[str]:
    """The ledgers that an application with these answers locks when it takes its places."""
    resources = [f"resource:{name}" for name in booked_resources(definition, answers)]
    return [*resources, f"procedure:{procedure_key}"] if definition.capacity else resources


def retake_places(session: Session, case: Case, definition: Definition, outcome: Evaluation) -> None:
    """Take what the corrected answers of a case take in place of what it had, which is offered to those who wait for it.

    Raises Invalid where there is no room.
    """
    retake_appointments(session, case, definition, outcome)
    _enter(session, case, definition, outcome)
    wants = _wants(definition, _first_come(outcome), case.submitted_at)
    holder = Holder(case_id=case.id)
    if not wants and not definition.capacity:
        return
    unpaid = [claim.expires_at for claim in bookings.claims_of_case(session, case.id) if claim.state == "held"]
    until = min(filter(None, unpaid), default=None)
    held = bookings.hold(session, case.procedure_key, holder, wants, until=until)
    _refuse_full(session, definition, case.procedure_key, held.full, holder)
    if any(rule.waiting_days for rule in definition.capacity):
        _tell(session, bookings.offer_free(session, case.procedure_key))


def release_places(session: Session, case: Case) -> None:
    """Give up the places of a case that came to its end without them; those who wait are told."""
    bookings.give_up(session, Holder(case_id=case.id))
    if bookings.claims_of_case(session, case.id):
        _tell(session, bookings.release(session, case.procedure_key, Holder(case_id=case.id)))


def join_waiting_list(session: Session, draft: Draft, definition: Definition, outcome: Evaluation) -> None:
    """Let a draft wait for what it takes. Its account is told by mail when there is room, and has the rule's days to send.

    Raises Invalid where nobody can wait.
    """
    wants = _wants(definition, _first_come(outcome), now())
    days = [rule.waiting_days for rule in _rules(definition, wants)]
    if not wants or not all(days) or draft.account_id is None:
        raise Invalid(_("この申し込みでは、キャンセル待ちはできません。"))
    offer_days = max(count or 0 for count in days)
    bookings.wait(session, draft.procedure_key, draft.id, wants, offer_days=offer_days)
    draft.expires_at = max(draft.expires_at, now() + timedelta(days=settings().draft_days))
    session.flush()


def lapse_places(session: Session) -> list[int]:
    """Free what was held too long, offer it to those who wait, and return the cases that were not paid in time."""
    lapsed = bookings.lapse(session)
    for procedure_key in lapsed.procedures:
        _tell(session, bookings.offer_free(session, procedure_key))
    return list(lapsed.cases)


def keep_waiting_drafts(session: Session) -> None:
    """Drafts that wait for places are kept as long as they do."""
    for draft_id in bookings.waiting_drafts(session):
        draft = session.get(Draft, draft_id)
        if draft is not None:
            draft.expires_at = max(draft.expires_at, now() + timedelta(days=settings().draft_days))
    session.flush()


def places_of_case(session: Session, case: Case, definition: Definition) -> list[tuple[str, str]]:
    """The places of a case in words: what they are called, and how many with their days."""
    if not definition.capacity:
        return []
    return [
        (
            entry_name(definition, claim, pool_name(session, definition, want.pool)),
            f"{_amount(definition, want)}{_standing(claim)}",
        )
        for claim in bookings.claims_of_case(session, case.id)
        for want in [
            Want(Pool(claim.rule, claim.edition, claim.key), claim.amount, claim.size, claim.first_day, claim.last_day)
        ]
    ]


@dataclass(frozen=True)
class Rest:
    """How many places an option has left."""

    free: int
    unit: Unit | None
    may_wait: bool

    @property
    def words(self) -> str:
        """What stands beside the option."""
        if self.free:
            return _("残り{free}", free=counted(self.free, self.unit))
        return _("満員(キャンセル待ちができます)") if self.may_wait else _("満員")


@dataclass(frozen=True)
class PlacesInquiry:
    """Who looks for limited places of a procedure, with their answers so far and what the map says of them, on a day in a city.

    What the `holder` has is free to them.
    """

    procedure_key: str
    definition: Definition
    holder: Holder
    answers: Mapping[str, Any]
    facts: Mapping[str, Any]
    day: date
    city: City | None


def rest_of_options(session: Session, inquiry: PlacesInquiry, question_id: str) -> dict[str, Rest]:
    """What is left for each option of a question, or for each day that it offers."""
    definition = inquiry.definition
    options = _claimed_features(session, definition, question_id, inquiry.procedure_key)
    if options is not None and not options:
        return {}
    by_option = option_places(
        definition,
        inquiry.answers,
        inquiry.facts,
        question_id,
        today=inquiry.day,
        city=inquiry.city,
        options=options or (),
    )
    flat = [(option, want) for option, claims in by_option.items() for want in _wants(definition, claims, now())]
    free = bookings.free_places(session, inquiry.procedure_key, [want for _, want in flat], inquiry.holder)
    rests: dict[str, Rest] = {}
    for (option, want), left in zip(flat, free, strict=True):
        rule = rule_of(definition, want.pool)
        if option not in rests or left < rests[option].free:
            rests[option] = Rest(left, rule.unit, rule.waiting_days is not None)
    return rests


def _claimed_features(
    session: Session, definition: Definition, question_id: str, procedure_key: str
) -> list[Option] | None:
    """The features of a map layer of which somebody has something: only beside them there is something to say.

    None for a question whose options do not come from a layer.
    """
    question = definition.fields[question_id]
    if not isinstance(question, OffersOptions) or question.source is None or question.source.layer is None:
        return None
    features = CityFeatures(session)
    keys = {part for key in bookings.claimed_keys(session, procedure_key) for part in json.loads(key)}
    return [option for key in sorted(keys) if (option := features.find(question, key)) is not None]


def place_sentences(
    session: Session, definition: Definition, outcome: Evaluation, questions: Collection[str], draft: Draft
) -> list[tuple[bool, str]]:
    """Whether there is room on the days, and for the pieces of the map, that these questions name: whether, and in words.

    Options and offered days say so themselves, see `rest_of_options`.
    """
    by_day_or_piece = {
        capacity.rule.id
        for capacity in program_of(definition).capacity
        for name in capacity.questions & set(questions)
        if not _says_rests(definition.fields[name]) and (capacity.rule.days or name in capacity.key_questions)
    }
    claims = [claim for claim in _first_come(outcome) if claim.rule in by_day_or_piece]
    wants = _wants(definition, claims, now())
    free = bookings.free_places(session, draft.procedure_key, wants, Holder(draft_id=draft.id))
    sentences = []
    for want, left in zip(wants, free, strict=True):
        pool = pool_left(session, definition, want, left)
        fits = left >= want.amount
        enough = _("「{name}」は空いています(残り{free})。", name=pool.name, free=counted(left, pool.unit))
        sentences.append((fits, enough if fits else pool.sentence))
    return sentences


def _says_rests(question: FieldType) -> bool:
    return isinstance(question, OffersOptions) or (isinstance(question, DateField) and question.offer is not None)


def lapse_move(case: Case, definition: Definition) -> str | None:
    """The move by which a case ends that was not paid; None where its state has none."""
    moves = workflow_of_case(case, definition).moves_from(case.state, "system")
    return next((move.id for move in moves if move.id == "lapse"), None)


def _tell(session: Session, offered: Sequence[Offered]) -> None:
    """Write to those for whom a place has come free. Their drafts are kept for as long as it is held."""
    for offer in offered:
        draft = session.get_one(Draft, offer.draft_id)
        draft.expires_at = max(draft.expires_at, offer.until + timedelta(days=1))
        address = account_email(session, draft.account_id) if draft.account_id is not None else None
        if address is None:
            continue
        definition = definition_of(session, draft.version_id)
        with using_language(draft.language):
            places = [
                f"{pool_name(session, definition, want.pool)} {_amount(definition, want)}" for want in offer.wants
            ]
        send_mail(
            session,
            "place_free",
            to=address,
            language=draft.language,
            title=definition.title.for_language(draft.language),
            places=places,
            until=local_date(offer.until),
            path=f"/drafts/{draft.public_id}",
        )
    session.flush()


def _first_come(outcome: Evaluation) -> list[Claim]:
    """The claims that are given at once; the others are entries that wait for a draw or for their points to be compared."""
    return [claim for claim in outcome.places.claims if not claim.wish]


def _enter(session: Session, case: Case, definition: Definition, outcome: Evaluation) -> None:
    """Enter a case for what its definition gives by lottery or by points."""
    rules = {rule.id: rule for rule in definition.capacity}
    wishes = [
        (
            want,
            EntryTerms(
                claim.wish,
                claim.row,
                claim.points if rules[claim.rule].points else None,
                rules[claim.rule].waiting_days,
            ),
        )
        for claim in outcome.places.claims
        if claim.wish
        for want in _wants(definition, [claim], case.submitted_at)
    ]
    if wishes:
        bookings.enter(session, case.procedure_key, case.id, wishes)


def _wants(definition: Definition, claims: Sequence[Claim], moment: datetime) -> list[Want]:
    """The claims of an evaluation as places of this edition, those of the same pool and days together."""
    opening = acceptance_at(definition.acceptance, moment.astimezone(TOKYO).replace(tzinfo=None)).current
    edition = opening.edition if opening else ""
    wants: dict[tuple[Pool, date | None, date | None], Want] = {}
    for claim in claims:
        pool = Pool(claim.rule, edition, json.dumps(claim.key, ensure_ascii=False))
        where = (pool, claim.first_day, claim.last_day)
        amount = claim.amount + (wants[where].amount if where in wants else 0)
        wants[where] = Want(pool, amount, claim.limit, claim.first_day, claim.last_day)
    return list(wants.values())


def _rules(definition: Definition, wants: Sequence[Want]) -> list[CapacityRule]:
    return [rule_of(definition, want.pool) for want in wants]


def _amount(definition: Definition, want: Want) -> str:
    rule = next((rule for rule in definition.capacity if rule.id == want.pool.rule), None)
    count = counted(want.amount, rule.unit if rule else None)
    if want.first_day is None:
        return count
    last = want.last_day or want.first_day
    days = f"{want.first_day:%Y/%m/%d}" + (f"〜{last:%Y/%m/%d}" if last != want.first_day else "")
    return f"{count}({days})"


def _standing(claim: CapacityClaim) -> str:
    """How an entry stands before and after its allocation; nothing for what is given at once."""
    if not claim.wish:
        return ""
    wish = _("第{wish}希望", wish=claim.wish)
    words = {"entered": _("抽選待ち"), "taken": _("当選"), "waiting": _("補欠"), "offered": _("繰り上げ・返事待ち")}
    if claim.points is not None:
        words |= {"entered": _("選考待ち"), "taken": _("決定")}
    return _("・{wish}・{standing}", wish=wish, standing=words[claim.state])


def _full(
    session: Session, definition: Definition, procedure_key: str, wants: Sequence[Want], holder: Holder
) -> list[FullPool]:
    free = bookings.free_places(session, procedure_key, wants, holder)
    return [pool_left(session, definition, want, left) for want, left in zip(wants, free, strict=True)]


def _refuse_full(
    session: Session, definition: Definition, procedure_key: str, wants: Sequence[Want], holder: Holder
) -> None:
    if wants:
        sentence = _full(session, definition, procedure_key, wants, holder)[0].sentence
        raise Invalid(sentence, {"places": sentence})

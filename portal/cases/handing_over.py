"""From one city to the next: what an application that came to its good end may hand to the city where its applicant goes (`hands_over`),
and the application that begins with it there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.chains import HandsOver
from forms.fields import FieldType
from forms.fields.applicant import ApplicantField
from forms.fields.base import ReadContext
from forms.fields.file import Files
from forms.fields.group import GroupField
from forms.text.addresses import same_city
from portal import handover
from portal.cases import drafts
from portal.cases.answers import open_answers
from portal.cases.carried import from_source
from portal.cases.events import of_case
from portal.cases.models import Case, Draft
from portal.cases.parties import applicant_from_items, item_answers
from portal.core import tenancy
from portal.core.clock import local_date, today
from portal.core.database import city_of, city_session
from portal.core.errors import Conflict
from portal.core.events import SYSTEM, Actor, record
from portal.core.tenancy import City, plane_of
from portal.core.text import _
from portal.identity import account_fingerprint
from portal.procedures import Offer, definition_of, offer, offers
from portal.profiles import NewItem, Origin, as_question_has_it, as_shared
from portal.profiles.events import of_account

GOOD_END = "ok"


@dataclass(frozen=True)
class PossibleHandover:
    """What a case may hand over: to which city, for which procedure there, and the answers, of which nothing has crossed."""

    city: City
    offer: Offer
    items: Sequence[NewItem]


@dataclass(frozen=True)
class WayOn:
    """What a procedure would hand over at its good end: the items, the procedure that they open, and the cities that take them."""

    offer: Offer
    cities: Sequence[City]
    items: Sequence[str]


def ways_on(definition: Definition, here: str) -> list[WayOn]:
    """Where a procedure of a city leads in the other cities of this installation, before anybody has applied for it."""
    ways = []
    for rule in definition.hands_over:
        taking = {city: _offer_in(city, rule.procedure) for city in tenancy.cities() if city.key != here}
        offered = {city: there for city, there in taking.items() if there is not None}
        if offered:
            ways.append(WayOn(next(iter(offered.values())), list(offered), rule.items))
    return ways


def possible_handover(session: Session, case: Case) -> PossibleHandover | None:
    """What the applicant of a case may hand to another city of this installation; None where there is nothing to hand over, or where the
    address leads to no city that offers the procedure.
    """
    definition = definition_of(session, case.version_id)
    if not definition.hands_over or case.status != GOOD_END or case.closed_at is None or case.account_id is None:
        return None
    answers = open_answers(city_of(session), case.answers)
    for rule in definition.hands_over:
        city = _city_of_address(answers.get(rule.place), city_of(session))
        there = _offer_in(city, rule.procedure) if city is not None else None
        items = _items(definition, rule, answers, Origin(case.version_id, case.procedure_key, case.number))
        if city is not None and there is not None and items:
            return PossibleHandover(city, there, items)
    return None


def _city_of_address(address: Any, here: str) -> City | None:
    """The other city of this installation in which an address lies. All of an installation are told apart by their names."""
    if not isinstance(address, Mapping):
        return None
    prefecture, name = str(address.get("prefecture", "")), str(address.get("city", ""))
    others = (city for city in tenancy.cities() if city.key != here)
    return next((city for city in others if same_city(prefecture, name, prefecture, city.name)), None)


def _offer_in(city: City, key: str) -> Offer | None:
    """What a city offers to everybody under a key, if one can apply for it."""
    with city_session(city.key) as there:
        return next((each for each in offers(there) if each.key == key and each.definition.has_form), None)


def _items(definition: Definition, rule: HandsOver, answers: Mapping[str, Any], origin: Origin) -> list[NewItem]:
    """The answers that the definition names by their items, and no others; a person who applies by the items of a person."""
    by_item: dict[str, NewItem] = {}
    for question in definition.fields.values():
        answer = answers.get(question.id)
        if answer is None or question.sensitive or question.is_place or isinstance(question, Files):
            continue
        for part, item, value in item_answers(question, answer):
            by_item[item] = NewItem(item, part.type, value, False, question.id, origin)
        if question.item is not None:
            by_item[question.item] = NewItem(
                question.item, question.type, as_shared(question, answer), False, question.id, origin
            )
    return [by_item[item] for item in rule.items if item in by_item]


def hand_over(session: Session, case: Case, actor: Actor) -> handover.Handover:
    """The applicant agrees: exactly what `possible_handover` says goes to the other city. The case is locked.

    Raises Conflict when nothing can be handed over, or something is already on its way.
    """
    possible = possible_handover(session, case)
    if possible is None or case.account_id is None:
        raise Conflict(_("この手続きから、ほかの市に引き継げる内容はありません。"))
    if handover.handed_from_case(session, case.id) is not None:
        raise Conflict(_("もう引き継いでいます。取り消してから、もう一度引き継げます。"))
    definition = definition_of(session, case.version_id)
    items = {item.item: {"type": item.type, "answer": item.answer} for item in possible.items}
    closed_on = local_date(case.closed_at) if case.closed_at is not None else today()
    handed = handover.put(
        session,
        target_city=possible.city.key,
        case_id=case.id,
        procedure_key=possible.offer.key,
        person=account_fingerprint(session, case.account_id),
        items=items,
        content={"items": items, "title": definition.title.root, "on": str(closed_on)},
    )
    record(session, of_case(case.id), "case.handed_over", actor, city=possible.city.key, items=sorted(items))
    return handed


def take_back_handover(session: Session, case: Case, actor: Actor) -> None:
    """Take the consent back while the other city has not taken anything. Raises Conflict when it has."""
    if not handover.revoke(session, case.id):
        raise Conflict(_("もう使われたか、期限が過ぎたので、取り消せません。"))
    record(session, of_case(case.id), "case.handover_revoked", actor)


def begin_handed_over(session: Session, public_id: str, account_id: int, language: str) -> Draft:
    """Begin the application in this city with what another city handed over for this account; it is used up by that.

    Raises NotFound when there is nothing (any more) for this account, or the procedure is not offered now.
    """
    handed = handover.take(session, public_id, account_fingerprint(session, account_id))
    offered = offer(session, handed.procedure_key)
    source = {
        "from": "city",
        "city": handed.source_city,
        "title": handed.content["title"],
        "on": handed.content["on"],
    }
    known = from_source(_as_asked(session, offered.definition, handed.content["items"]), source)
    draft = drafts.start(session, offered, account_id=account_id, language=language, known=known)
    record(
        session,
        of_account(account_id),
        "handover.taken",
        Actor("applicant", account_id),
        city=handed.source_city,
        items=list(handed.items),
        procedure=handed.procedure_key,
        draft=draft.id,
    )
    return draft


def _as_asked(session: Session, definition: Definition, items: Mapping[str, Any]) -> dict[str, Any]:
    """What was handed over as answers to the questions of this city's own definition, as far as it takes them."""
    plain = ReadContext(today(), plane=plane_of(session))
    answers = {}
    for question in definition.fields.values():
        answer = as_question_has_it(question, _given(question, items), plain)
        if answer is not None and (isinstance(question, GroupField) or not question.check(answer, plain)):
            answers[question.id] = answer
    return answers


def _given(question: FieldType, items: Mapping[str, Any]) -> Any:
    given = items.get(question.item or "")
    if given is not None and given["type"] == question.type:
        return given["answer"]
    if isinstance(question, ApplicantField):
        return applicant_from_items(question, {item: each["answer"] for item, each in items.items()})
    return None


def settle_handover(session: Session, handover_id: int) -> None:
    """Record with the case that what it handed over was taken, or has ended, and forget the handover."""
    gone = handover.forget_settled(session, handover_id)
    if gone is not None:
        case_id, city, used_at = gone
        name = "case.handover_used" if used_at is not None else "case.handover_ended"
        record(session, of_case(case_id), name, SYSTEM, city=city)


def settled_handovers(session: Session) -> list[int]:
    """The handovers of this city that were taken, or ended without, by their ids."""
    return [each.id for each in handover.settled(session)]

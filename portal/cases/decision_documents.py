"""The documents that decisions on cases issue, by the rules of their definitions, and what becomes of them with later decisions."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, Move, evaluate
from forms.definition.document import DocumentRule
from forms.fields.place import PlaceField
from portal.cases.answers import open_answers
from portal.cases.appeals import teaching_of
from portal.cases.effects import Effects
from portal.cases.feature_options import CityFeatures
from portal.cases.models import Case
from portal.cases.parties import parties_of
from portal.cases.standard_words import conditions_of
from portal.core import tenancy
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.errors import Conflict
from portal.core.events import SYSTEM, Actor
from portal.core.text import _, pick, using_language, yen
from portal.documents import (
    DecisionPaper,
    Document,
    IssuedDocument,
    edition_after,
    issue,
    revoke,
    valid_documents,
)
from portal.identity import get_department
from portal.procedures import definition_of

_TEXTS: Mapping[str, str] = {
    "permit": "次のとおり許可します。",
    "certificate": "次のとおり証明します。",
    "notice": "次のとおり決定しました。",
}
"""How a document of each template begins where its rule says nothing."""
_WITHOUT_SUCCESS = frozenset({"refused", "withdrawn"})


def follow_with_documents(
    session: Session, case: Case, definition: Definition, move: Move, effects: Effects, left: str
) -> None:
    """Issue the documents of the state that a case has come to, or in which its decision was corrected, and end those that no decision bears
    any more. `left` is the state in which it was. The case's row and those of its orders must be locked; the event of the
    decision comes after those of its documents, so that it is the newest.
    """
    if not definition.documents or (effects.state.id == left and not move.corrects):
        return
    rules = [rule for rule in definition.documents if rule.when == effects.state.id]
    issued = valid_documents(session, case.id)
    if move.corrects or effects.state.kind in _WITHOUT_SUCCESS:
        staying = {rule.id for rule in rules}
        for rule_id, document in issued.items():
            if rule_id not in staying:
                revoke(session, document, SYSTEM)
    for rule in rules:
        _issue(session, case, definition, rule, SYSTEM, replaces=issued.get(rule.id))


def issue_again(session: Session, case: Case, issued: IssuedDocument, actor: Actor) -> Document:
    """Issue a document once more, as the case now stands; the one before is superseded. The case's row must be locked.

    Raises Conflict where it does not hold any more, or the case has left the state in which it is issued.
    """
    definition = definition_of(session, case.version_id)
    rule = next((rule for rule in definition.documents if rule.id == issued.rule), None)
    if issued.status != "valid" or rule is None or rule.when != case.state:
        raise Conflict(_("この書類は、いまの決定のものではないので、もう一度つくれません。"))
    return _issue(session, case, definition, rule, actor, replaces=issued)


def documents_of_state(definition: Definition, state: str, language: str) -> list[str]:
    """The titles of the documents that are issued in a state, in the language of the reader where the definition has them in it."""
    rules = [rule for rule in definition.documents if rule.when == state]
    return [rule.title.for_language(language) if rule.title is not None else rule.title_ja for rule in rules]


def _issue(
    session: Session,
    case: Case,
    definition: Definition,
    rule: DocumentRule,
    actor: Actor,
    *,
    replaces: IssuedDocument | None,
) -> Document:
    with using_language("ja"):
        paper = _paper(session, case, definition, rule)
    return issue(session, case.id, paper, actor, replaces=replaces)


def _paper(session: Session, case: Case, definition: Definition, rule: DocumentRule) -> DecisionPaper:
    city = tenancy.city(city_of(session))
    answers = open_answers(city.key, case.answers)
    granted = {part["question"]: part["granted"] for part in (case.granted or {}).get("parts", ())}
    outcome = evaluate(
        definition,
        answers | granted,
        case.facts,
        today=case.submitted_on,
        city=city,
        features=CityFeatures(session, kept=answers),
    )
    parties = parties_of(definition, answers)
    teaching = teaching_of(case, definition, city)
    return DecisionPaper(
        rule=rule.id,
        edition=edition_after(session, case.id, rule.id),
        template=rule.template,
        title=rule.title_ja,
        city=city.name,
        city_address=city.address,
        city_phone=city.phone,
        department=pick(get_department(session, case.department_id).title, "ja"),
        procedure=definition.title.for_language("ja"),
        case_number=case.number,
        applied_on=case.submitted_on,
        issued_on=today(),
        addressee=parties.names,
        addressee_address=parties.address,
        signatory=_("{city}長", city=city.name),
        text=rule.text if rule.text is not None else _TEXTS.get(rule.template, ""),
        rows=tuple(_rows(case, definition, rule, outcome.answers)),
        conditions=tuple(conditions_of(case)),
        legal_basis=definition.legal_basis,
        remedies=teaching.remedies if teaching is not None else (),
        signed=rule.sign,
        valid_until=outcome.valid_until.get(rule.id),
        to_do=rule.to_do.for_language("ja") if rule.to_do is not None else "",
    )


def _rows(
    case: Case, definition: Definition, rule: DocumentRule, answers: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The answers that a document shows, and the fee of what was granted."""
    for name in rule.answers:
        question = definition.fields.get(name)
        if question is None or answers.get(name) is None:
            continue
        shown = question.show(answers[name], "ja")
        if isinstance(question, PlaceField):
            if case.place_label and case.place_label not in shown:
                shown = f"{case.place_label}\n{shown}"
            shown = "\n".join([shown, *_of_the_map(definition, question, case.facts.get(name, {}))])
        yield rule.labels.get(name, question.label_in("ja")), shown
    total = sum(case.fee["due"].values())
    if total:
        yield _("料金"), yen(total)


def _of_the_map(definition: Definition, place: PlaceField, facts: Mapping[str, Any]) -> Iterator[str]:
    """What the map said of a place in words (the road, its office), and its size."""
    assign = definition.workflow.assign
    assigned_by = assign.by if assign else None  # the key of a department, which nobody reads
    words = [
        facts[each.as_]
        for each in place.look_up
        if f"{place.id}.{each.as_}" != assigned_by and isinstance(facts.get(each.as_), str) and facts[each.as_]
    ]
    if words:
        yield "・".join(dict.fromkeys(words))
    if place.type == "polygon" and "area_m2" in facts:
        yield f"{facts['area_m2']:,.2f} m²"
    if place.type == "line" and "length_m" in facts:
        yield f"{facts['length_m']:,.1f} m"

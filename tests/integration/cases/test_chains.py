"""Cases that belong together: a follow-up on an earlier case, and one application that opens several."""

from typing import Any

import pytest
from sqlalchemy import func, select

from portal.cases.chains import chain_of, follow_ups
from portal.cases.drafts import answers_of, save_answers, start
from portal.cases.models import Case, Draft
from portal.cases.moves import apply_transition
from portal.cases.submission import submit
from portal.core.errors import Conflict, Invalid
from portal.payments import payments_of_case
from portal.procedures import actions as procedures
from portal.procedures import queries
from portal.publishing.of_this_city import chain_errors
from tests.integration.cases.definitions import COPIES, REGISTRATION
from tests.kit.office import Office

NAME = {"family": "佐藤", "given": "美咲"}
WORK = (
    REGISTRATION[: REGISTRATION.index("fee:")]
    + """      - {id: diameter, type: integer, label: {ja: 口径}, min: 13, max: 50}
workflow:
  preset: permit
  states: [{id: finished, title: {ja: 工事完了}, kind: done}]
  moves:
    - {id: finish, title: {ja: 工事の完了}, from: [approved], to: finished, who: [system, clerk]}
"""
)
COMPLETION = (
    COPIES[: COPIES.index("      - {id: copies")]
    + """      - {id: diameter, type: integer, label: {ja: 口径}, min: 13, max: 50}
      - {id: done_on, type: date, label: {ja: 完了した日}}
based_on: {procedure: test-registration, states: [approved], move: finish}
fee:
  - {id: inspection, label: {ja: 検査手数料}, amount: 100 * diameter}
workflow: {preset: notification}
"""
)
MOURNING = (
    REGISTRATION[: REGISTRATION.index("fee:")]
    + """      - {id: has_dog, type: yes_no, label: {ja: 犬}}
opens:
  - {procedure: test-copies, when: has_dog, answers: {name: name}, values: {copies: 2, exempt: false}}
workflow: {preset: notification}
"""
)


def publish(office: Office, **sources: str) -> None:
    for key, source in sources.items():
        procedure = queries.procedure(office.session, key.replace("_", "-"))
        procedures.save_draft(office.session, procedure, source, None)
        procedures.publish(office.session, procedure, None)


@pytest.fixture
def approved(office: Office) -> Case:
    """An approved work, on which its completion can be reported."""
    publish(office, test_registration=WORK, test_copies=COMPLETION)
    case = office.apply("test-registration", {"name": NAME, "diameter": 20})
    assert follow_ups(office.session, case) == []
    apply_transition(office.session, case.id, "accept", office.actor, roles=("clerk",))
    return apply_transition(office.session, case.id, "approve", office.actor, roles=("decider",))


def begin_completion(office: Office, earlier: Case | None) -> Draft:
    offer = queries.offer(office.session, "test-copies")
    return start(office.session, offer, account_id=office.account.id, language="ja", earlier=earlier)


def complete(office: Office, earlier: Case) -> Case:
    draft = begin_completion(office, earlier)
    definition = queries.offer(office.session, "test-copies").definition
    save_answers(office.session, draft, definition, answers_of(office.session, draft) | {"done_on": "2026-04-01"})
    return submit(office.session, draft, definition)


def test_a_follow_up_begins_with_the_earlier_answers_and_both_show_the_chain(office: Office, approved: Case) -> None:
    assert [offer.key for offer in follow_ups(office.session, approved)] == ["test-copies"]
    draft = begin_completion(office, approved)
    assert answers_of(office.session, draft) == {"name": NAME, "diameter": 20}
    follow_up = complete(office, approved)
    [payment] = payments_of_case(office.session, follow_up.id)
    assert payment.amount == 2_000, "worked out from the earlier case's answer"
    assert [(link.case.id, link.earlier) for link in chain_of(office.session, follow_up)] == [(approved.id, True)]
    assert [(link.case.id, link.earlier) for link in chain_of(office.session, approved)] == [(follow_up.id, False)]


def test_its_good_end_moves_the_earlier_case_on(office: Office, approved: Case) -> None:
    follow_up = complete(office, approved)
    apply_transition(office.session, follow_up.id, "pay", office.actor, roles=("system",))
    apply_transition(office.session, follow_up.id, "accept", office.actor, roles=("clerk",))
    apply_transition(office.session, follow_up.id, "complete", office.actor, roles=("clerk",))
    assert (approved.state, approved.unread) == ("finished", True)


WITHIN = COMPLETION.replace(
    "based_on: {procedure: test-registration, states: [approved], move: finish}",
    """based_on:
  procedure: test-registration
  states: [approved]
  move: finish
  values:
    - {id: bore, type: int, of: diameter * 2}
    - {id: large, type: bool, of: diameter > 25}
    - {id: nowhere, type: date, of: "today()"}""",
).replace("amount: 100 * diameter", 'amount: "earlier.large ? 9000 : 50 * earlier.bore"')


def test_expressions_speak_of_the_earlier_case_as_it_was_when_this_was_sent(office: Office, approved: Case) -> None:
    publish(office, test_copies=WITHIN)
    draft = begin_completion(office, approved)
    begun = draft.facts["earlier"]
    assert (begun["bore"], begun["large"], begun["number"], begun["fee"]) == (40, False, approved.number, 0)
    definition = queries.offer(office.session, "test-copies").definition
    save_answers(office.session, draft, definition, answers_of(office.session, draft) | {"done_on": "2026-04-01"})
    assert draft.facts["earlier"] == begun, "a saved page keeps it"
    approved.answers = {**approved.answers, "diameter": 30}
    office.session.flush()
    follow_up = submit(office.session, draft, definition)
    assert [payment.amount for payment in payments_of_case(office.session, follow_up.id)] == [9_000], (
        "as it is when sent"
    )
    approved.answers = {**approved.answers, "diameter": 13}
    office.session.flush()
    assert follow_up.facts["earlier"]["bore"] == 60


def test_what_is_to_be_taken_from_the_earlier_case_is_checked_against_its_procedure(office: Office) -> None:
    from forms import load

    publish(office, test_registration=WORK, test_copies=COMPLETION)

    def fault(written: str) -> tuple[str, str]:
        source = WITHIN.replace('{id: nowhere, type: date, of: "today()"}', written)
        [only] = list(chain_errors(office.session, load(source)))
        return ".".join(map(str, only.path)), f"{only.message}{only.remedy}"

    assert list(chain_errors(office.session, load(WITHIN))) == []
    path, words = fault("{id: period, type: int, of: diametr + 1}")
    assert path == "based_on.values.2.of"
    assert "diametr" in words and "diameter" in words
    assert (
        "数" in fault("{id: period, type: date, of: diameter}")[1]
        or "日" in fault("{id: period, type: date, of: diameter}")[1]
    )
    assert "封をして" in fault("{id: who, type: string, of: name.family}")[1]


def test_nobody_sends_a_follow_up_of_nothing_or_of_what_has_gone_on(office: Office, approved: Case) -> None:
    definition = queries.offer(office.session, "test-copies").definition
    answers: dict[str, Any] = {"name": NAME, "diameter": 20, "done_on": "2026-04-01"}
    alone = begin_completion(office, None)
    save_answers(office.session, alone, definition, answers)
    with pytest.raises(Conflict, match="もとの手続きのページ"):
        submit(office.session, alone, definition)
    late = begin_completion(office, approved)
    save_answers(office.session, late, definition, answers)
    apply_transition(office.session, approved.id, "finish", office.actor, roles=("clerk",))
    with pytest.raises(Conflict, match="状態が変わった"):
        submit(office.session, late, definition)


def test_one_application_opens_several_cases_at_once(office: Office) -> None:
    publish(office, test_registration=MOURNING)
    case = office.apply("test-registration", {"name": NAME, "has_dog": True})
    [link] = chain_of(office.session, case)
    opened = link.case
    assert (opened.procedure_key, opened.account_id, link.earlier) == ("test-copies", case.account_id, False)
    assert (opened.number != case.number, opened.applicant_name) == (True, "佐藤 美咲")
    assert (opened.state, case.state) == ("awaiting_fee", "received")
    assert [payment.amount for payment in payments_of_case(office.session, opened.id)] == [1_000]
    alone = office.apply("test-registration", {"name": NAME, "has_dog": False})
    assert chain_of(office.session, alone) == []


def test_where_one_cannot_be_opened_nothing_is_sent(office: Office) -> None:
    publish(office, test_registration=MOURNING.replace("copies: 2", "copies: 99"))
    before = office.session.scalar(select(func.count()).select_from(Case))
    with pytest.raises(Invalid) as refused, office.session.begin_nested():
        office.apply("test-registration", {"name": NAME, "has_dog": True})
    assert list(refused.value.fields) == ["opens"]
    assert office.session.scalar(select(func.count()).select_from(Case)) == before


def test_publishing_compares_with_the_other_procedure(office: Office) -> None:
    publish(office, test_registration=WORK, test_copies=COMPLETION)

    def faults(source: str) -> dict[str, str]:
        from forms import load

        return {".".join(map(str, item.path)): item.message for item in chain_errors(office.session, load(source))}

    assert faults(COMPLETION) == {}
    wrong = COMPLETION.replace("states: [approved]", "states: [aproved]").replace("move: finish", "move: accept")
    assert set(faults(wrong)) == {"based_on.states.0", "based_on.move"}
    messages = faults(MOURNING)
    assert set(messages) == {"opens.0", "opens.0.values.copies", "opens.0.values.exempt"}
    assert "diameter" in messages["opens.0"] or "done_on" in messages["opens.0"]

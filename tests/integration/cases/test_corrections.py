"""What an answered correction renews: everything the case is listed, found, reached and judged by. Nothing sent before is lost."""

import pytest
from sqlalchemy import select

from portal.cases.corrections import answer_correction
from portal.cases.models import Case, CasePlace
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.notices import contact_address
from portal.cases.queries import way_of_case
from portal.cases.revisions import revisions_of
from portal.cases.search_index import word_terms
from portal.core.events import Actor
from portal.core.sealed import term_of
from portal.identity.models import Department
from portal.procedures import actions as procedures
from portal.procedures.definitions import definition_of
from tests.integration.cases.definitions import rectangle
from tests.kit.office import Office

VISIT = """
procedure: test-visit
kind: notification
title: {ja: 試験用の相談}
department: environment
steps:
  - id: who
    title: {ja: 相談する方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: email, type: email, item: person.email}
      - id: about
        type: choice
        label: {ja: 相談の内容}
        options: [{id: environment, label: {ja: 環境}}, {id: road-management, label: {ja: 道路}}]
      - {id: area, type: polygon, label: {ja: 場所}}
workflow: {preset: notification, assign: {by: about}}
"""

SENT = {
    "name": {"family": "佐藤", "given": "美咲"},
    "email": "old@example.jp",
    "about": "environment",
    "area": rectangle(139.4140, 35.6990),
}
CORRECTED = SENT | {
    "name": {"family": "斎藤", "given": "みさき"},
    "email": "new@example.jp",
    "about": "road-management",
}


def publish_visit(office: Office) -> None:
    procedure = procedures.create_procedure(office.session, "test-visit", "environment")
    procedures.save_draft(office.session, procedure, VISIT, office.staff.id)
    procedures.publish(office.session, procedure, office.staff.id)


def corrected_case(office: Office) -> Case:
    """A case without an account, assigned to the clerk, whose every derived value the correction changes."""
    publish_visit(office)
    case = office.apply("test-visit", SENT)
    case.account_id, case.assignee_id = None, office.staff.id
    case.state, case.status = "correcting", "fix"
    definition = definition_of(office.session, case.version_id)
    return answer_correction(office.session, case, definition, CORRECTED, Actor("applicant"))


def test_the_desk_lists_and_finds_a_case_by_its_corrected_answers(office: Office) -> None:
    case = corrected_case(office)
    assert case.applicant_name == "斎藤 みさき"
    office.session.refresh(case)
    assert {term_of(term) for term in word_terms(["斎藤"])} <= set(case.search_bigrams)
    assert not {term_of(term) for term in word_terms(["佐藤"])} <= set(case.search_bigrams)


def test_letters_go_to_the_corrected_address(office: Office) -> None:
    assert contact_address(office.session, corrected_case(office)) == "new@example.jp"


def test_the_case_goes_to_the_department_that_its_corrected_answers_name(office: Office) -> None:
    case = corrected_case(office)
    department = office.session.get_one(Department, case.department_id)
    place = office.session.scalars(select(CasePlace).where(CasePlace.case_id == case.id)).one()
    assert (department.key, case.assignee_id) == ("road-management", None)
    assert (place.department_id, place.assignee_id, place.state) == (department.id, None, case.state)


def moved_case(office: Office, *moves: str) -> Case:
    """A case after these moves of the office."""
    publish_visit(office)
    case = office.apply("test-visit", SENT)
    for move in moves:
        inputs = MoveInputs(note="確かめてください。", fields=("name",) if move == "request_correction" else ())
        apply_transition(office.session, case.id, move, office.actor, roles=("clerk",), inputs=inputs)
    return case


@pytest.mark.parametrize(("moves", "state", "status"), [((), "received", "new"), (("accept",), "accepted", "review")])
def test_a_corrected_case_is_where_it_was(office: Office, moves: tuple[str, ...], state: str, status: str) -> None:
    case = moved_case(office, *moves, "request_correction")
    definition = definition_of(office.session, case.version_id)
    bar = [step.id for step, _tense in way_of_case(case, definition).progress(case.state)]
    assert bar == [("correcting" if name == state else name) for name in ("received", "accepted", "completed")]
    answer_correction(office.session, case, definition, CORRECTED, Actor("applicant"))
    assert (case.state, case.status) == (state, status)


def test_a_correction_whose_request_does_not_say_from_where_leads_to_the_last_state_of_the_history(
    office: Office,
) -> None:
    case = moved_case(office, "accept")
    case.state, case.status = "correcting", "fix"
    definition = definition_of(office.session, case.version_id)
    answer_correction(office.session, case, definition, CORRECTED, Actor("applicant"))
    assert case.state == "accepted"


def test_what_was_sent_first_is_kept_beside_the_correction(office: Office) -> None:
    case = corrected_case(office)
    (first,) = revisions_of(office.session, case.id)
    assert (first.number, first.answers["name"]) == (1, SENT["name"])

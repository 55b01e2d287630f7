"""The form of a stage: without it the stage is not passed, with it the findings are stored with the case, encrypted where they must be."""

from typing import Any

import pytest
from sqlalchemy import select, text

from forms import load
from portal.cases.models import Case, CaseStageForm
from portal.cases.moves import MoveInputs, apply_transition, available
from portal.cases.queries import history
from portal.cases.stage_forms import filled_forms
from portal.core.errors import Forbidden, Invalid
from portal.desk.stage_records import stage_records
from portal.procedures import actions as procedures
from portal.procedures import queries
from portal.procedures.definitions import definition_of
from tests.integration.cases.definitions import REGISTRATION
from tests.kit.office import Office

STAGED = (
    REGISTRATION.replace("workflow: {preset: notification}", "").replace("fee:", "x-fee:").split("x-fee:")[0]
    + """
workflow:
  preset: notification
  moves:
    - {id: answer_correction, to: accepted} # what was corrected is checked at the site again
  stages:
    - id: site_check
      title: {ja: 現地確認}
      after: accepted
      role: inspector
      form:
        fields:
          - {id: wide, type: yes_no, label: {ja: 幅は足りますか}}
          - {id: width, type: integer, label: {ja: 幅}, unit: {ja: cm}, min: 0, show_when: "!wide"}
          - {id: talk, type: text, label: {ja: 聞いたこと}, required: false, sensitive: true}
        checks:
          - {assert: width < 200, field: width, message: {ja: 200 cm以上なら、足りています。}}
"""
)


@pytest.fixture
def case(office: Office) -> Case:
    """A case at its site check."""
    procedure = queries.procedure(office.session, "test-registration")
    procedures.save_draft(office.session, procedure, STAGED, None)
    procedures.publish(office.session, procedure, None)
    made = office.apply("test-registration", {"name": {"family": "佐藤", "given": "美咲"}})
    for move in ("accept", "begin_site_check"):
        apply_transition(office.session, made.id, move, office.actor, roles=("clerk",))
    return made


def finish(office: Office, case: Case, answers: dict[str, Any] | None, who: str = "inspector") -> Case:
    return apply_transition(
        office.session,
        case.id,
        "finish_site_check",
        office.actor,
        roles=(who,),
        inputs=MoveInputs(form_answers=answers),
    )


def test_a_stage_with_a_form_is_not_passed_without_it(office: Office, case: Case) -> None:
    with pytest.raises(Invalid, match="様式"):
        finish(office, case, None)
    assert case.state == "site_check"
    [option] = [option for option in available(case, load(STAGED), {"inspector"}) if option.id == "finish_site_check"]
    assert (option.fills_form, option.needs_note) == (True, False)


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ({}, "wide"),
        ({"wide": False}, "width"),
        ({"wide": False, "width": -1}, "width"),
        ({"wide": False, "width": 250}, "width"),
    ],
)
def test_the_engine_judges_the_form(office: Office, case: Case, answers: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        finish(office, case, answers)
    assert list(refused.value.fields) == [path]
    assert office.session.scalar(select(CaseStageForm.id).where(CaseStageForm.case_id == case.id)) is None


def test_only_the_role_of_the_stage_fills_it_in(office: Office, case: Case) -> None:
    with pytest.raises(Forbidden):
        finish(office, case, {"wide": True}, who="clerk")


def test_the_findings_are_shown_with_the_case_as_text(office: Office, case: Case) -> None:
    finish(office, case, {"wide": False, "width": 120, "talk": "隣の鈴木さんの話", "forged": 1})
    assert case.state == "site_check_done"
    definition = definition_of(office.session, case.version_id)
    [record] = stage_records(filled_forms(office.session, case, definition))
    assert (record.title, record.staff_name) == ("現地確認", office.staff.name)
    rows = [(row.term, *row.lines) for row in record.rows]
    assert rows == [("幅は足りますか", "いいえ"), ("幅", "120cm"), ("聞いたこと", "隣の鈴木さんの話")]
    stored = office.session.scalars(select(CaseStageForm).where(CaseStageForm.case_id == case.id)).one()
    raw = office.session.execute(
        text("SELECT answers::text FROM case_stage_form WHERE id = :id"), {"id": stored.id}
    ).scalar_one()
    assert "鈴木" not in raw
    events = [event.name for event in history(office.session, case.id)]
    assert events[-2:] == ["case.stage_form_filled", "case.stage_passed"]
    assert "鈴木" not in str([event.data for event in history(office.session, case.id)])


def test_a_stage_done_twice_keeps_both_forms(office: Office, case: Case) -> None:
    finish(office, case, {"wide": False, "width": 120})
    office.session.expire_all()
    apply_transition(
        office.session,
        case.id,
        "request_correction",
        office.actor,
        roles=("clerk",),
        inputs=MoveInputs(note="直してください。"),
    )
    apply_transition(office.session, case.id, "answer_correction", office.resident, roles=("applicant",))
    apply_transition(office.session, case.id, "begin_site_check", office.actor, roles=("clerk",))
    finish(office, case, {"wide": True})
    filled = filled_forms(office.session, case, definition_of(office.session, case.version_id))
    assert [record.rows[0].lines for record in stage_records(filled)] == [["いいえ"], ["はい"]]

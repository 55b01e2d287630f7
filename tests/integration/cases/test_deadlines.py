"""Deadlines of a real case: they stop and go on, remind, and end it by themselves exactly once; own words with their values."""

from datetime import date, datetime

import pytest

from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import history
from portal.cases.revised_answers import revise_answers
from portal.cases.waking import overdue_cases, wake
from portal.core.clock import TOKYO, frozen
from portal.procedures import actions as procedures
from portal.procedures import queries
from portal.procedures.definitions import definition_of
from portal.residents.progress import progress_of
from tests.integration.cases.definitions import REGISTRATION
from tests.kit.office import Office

OWN = (
    REGISTRATION[: REGISTRATION.index("fee:")]
    + """      - {id: until, type: date, label: {ja: いつまで}}
workflow:
  preset: notification
  states:
    - {id: accepted, deadline: {working_days: 10, shown: true}}
    - id: correcting
      deadline:
        days: 14
        move: end_unanswered
        remind: [{days_before: 3, message: {ja: "受付番号{case.number}の期限は{case.deadline}です。"}}]
    - {id: ended, title: {ja: 期限切れ}, kind: withdrawn}
    - {id: completed, deadline: {until: until, shown: true, remind: [{days_before: 30}]}}
  moves:
    - id: end_unanswered
      title: {ja: 回答がないため終える}
      from: [correcting]
      to: ended
      who: [system]
      message: {ja: "{until}までの申請{case.number}は、回答がないため終わりました。", en: "{case.number} has ended."}
    - {id: look_again, title: {ja: 審査に戻す}, from: [completed], to: accepted, who: [clerk]}
"""
)
MONDAY = date(2026, 4, 6)
CORRECT = MoveInputs(note="直してください。")


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO)


@pytest.fixture
def case(office: Office) -> Case:
    """A case taken up on a Monday, to be decided by the 20th."""
    procedure = queries.procedure(office.session, "test-registration")
    procedures.save_draft(office.session, procedure, OWN, None)
    procedures.publish(office.session, procedure, None)
    with frozen(at(MONDAY)):
        answers = {"name": {"family": "佐藤", "given": "美咲"}, "until": "2027-03-31"}
        made = office.apply("test-registration", answers)
        assert made.due_on == date(2026, 4, 9), "three open days of the procedure"
        made.contact_email = None
        return apply_transition(office.session, made.id, "accept", office.actor, roles=("clerk",))


def correcting(office: Office, case: Case, on: date) -> Case:
    with frozen(at(on)):
        return apply_transition(
            office.session, case.id, "request_correction", office.actor, roles=("clerk",), inputs=CORRECT
        )


def test_it_stops_while_the_applicant_corrects_and_goes_on(office: Office, case: Case) -> None:
    assert case.due_on == date(2026, 4, 20)
    correcting(office, case, date(2026, 4, 13))
    assert case.answer_by == date(2026, 4, 27), "the applicant's own fortnight"
    assert case.due_on > date(2026, 4, 27)
    with frozen(at(date(2026, 4, 20))):
        apply_transition(office.session, case.id, "answer_correction", office.resident, roles=("applicant",))
    assert case.due_on == date(2026, 4, 27), "five open days were left"
    assert case.wake_on is None
    progress = progress_of(case, definition_of(office.session, case.version_id))
    assert progress.deadline == ("市役所の期限", date(2026, 4, 27))


def test_a_reminder_and_then_the_end_come_by_themselves(office: Office, case: Case) -> None:
    correcting(office, case, date(2026, 4, 13))
    assert case.wake_on == date(2026, 4, 24)
    with frozen(at(date(2026, 4, 23))):
        assert overdue_cases(office.session) == []
        assert not wake(office.session, case.id)
    with frozen(at(date(2026, 4, 24))):
        assert overdue_cases(office.session) == [case.id]
        assert wake(office.session, case.id)
        assert not wake(office.session, case.id), "once"
    [_request, reminder] = messages_of(office.session, case.id)
    assert (reminder.sender, reminder.sender_name) == ("staff", "")
    assert case.number in reminder.body
    assert case.wake_on == date(2026, 4, 28)
    with frozen(at(date(2026, 4, 28))):
        assert wake(office.session, case.id)
        assert not wake(office.session, case.id)
    assert (case.state, case.status, case.wake_on) == ("ended", "no", None)
    assert (
        messages_of(office.session, case.id)[-1].body
        == f"2027年3月31日までの申請{case.number}は、回答がないため終わりました。"
    )
    names = [event.name for event in history(office.session, case.id)]
    assert (names.count("case.reminded"), names.count("case.withdrawn")) == (1, 1)
    assert "2027" not in str([event.data for event in history(office.session, case.id)])


def test_an_answer_in_time_ends_the_deadline(office: Office, case: Case) -> None:
    correcting(office, case, date(2026, 4, 13))
    with frozen(at(date(2026, 4, 27))):
        apply_transition(office.session, case.id, "answer_correction", office.resident, roles=("applicant",))
    with frozen(at(date(2026, 6, 1))):
        assert not wake(office.session, case.id)
    assert case.state == "accepted"


def test_what_was_given_is_reminded_of_before_it_ends(office: Office, case: Case) -> None:
    with frozen(at(date(2026, 4, 10))):
        apply_transition(office.session, case.id, "complete", office.actor, roles=("clerk",))
    assert case.wake_on == date(2027, 3, 1)
    progress = progress_of(case, definition_of(office.session, case.version_id))
    assert progress.deadline == ("有効期限", date(2027, 3, 31))
    with frozen(at(date(2027, 3, 1))):
        assert wake(office.session, case.id)
    assert (case.wake_on, case.closed_at is not None) == (None, True)


def test_a_reopened_case_has_its_time_again_from_that_day(office: Office, case: Case) -> None:
    with frozen(at(date(2026, 4, 10))):
        apply_transition(office.session, case.id, "complete", office.actor, roles=("clerk",))
    with frozen(at(date(2026, 6, 1))):
        apply_transition(office.session, case.id, "look_again", office.actor, roles=("clerk",))
    assert case.closed_at is None
    assert case.due_on == date(2026, 6, 15), "the ten open days of the state, not those that were over in April"
    assert case.clock[""]["due"] == "2026-06-04", "the three of the procedure"
    assert case.wake_on is None


def test_it_follows_the_day_that_a_correction_moves(office: Office, case: Case) -> None:
    definition = definition_of(office.session, case.version_id)
    with frozen(at(date(2026, 4, 10))):
        apply_transition(office.session, case.id, "complete", office.actor, roles=("clerk",))
        moved = {"name": {"family": "佐藤", "given": "美咲"}, "until": "2027-06-30"}
        revise_answers(office.session, case, definition, moved, office.actor)
    assert case.wake_on == date(2027, 5, 31)
    assert progress_of(case, definition).deadline == ("有効期限", date(2027, 6, 30))

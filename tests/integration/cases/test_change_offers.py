"""A shared answer that was corrected in one case of a bundle is offered to the offices of the others."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.cases import change_offers, drafts
from portal.cases.answers import open_answers
from portal.cases.bundle_models import CaseChangeOffer
from portal.cases.bundles import members_of, start_bundle
from portal.cases.bundles.submission import submit_bundle
from portal.cases.change_offers import accept_change, decline_change, offered_changes
from portal.cases.corrections import answer_correction
from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import history
from portal.cases.revisions import revisions_of
from portal.core.database import city_of
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.procedures import actions as procedures
from portal.procedures import definition_of, queries
from tests.kit.office import Office

PROCEDURE = """
procedure: {key}
kind: notification
title: {{ja: {title}}}
department: {department}
steps:
  - id: who
    title: {{ja: 届け出る方}}
    fields:
      - {{id: {name}, type: person_name, item: person.name}}
      - {{id: {phone}, type: phone, item: person.phone}}
      - {{id: wish, type: text, label: {{ja: 希望}}, required: false}}
workflow: {{preset: permit}}
"""
NAME = {"family": "佐藤", "given": "美咲"}
CLERK = frozenset({"clerk"})


@pytest.fixture
def sent(office: Office) -> tuple[Case, Case]:
    """Two cases of a bundle, of two offices; the first waits for the applicant's correction."""
    sources = (
        ("test-first", "試験用の一", "road-management", {"name": "name", "phone": "phone"}),
        ("test-second", "試験用の二", "environment", {"name": "person", "phone": "tel"}),
    )
    for key, title, department, names in sources:
        procedure = procedures.create_procedure(office.session, key, department)
        source = PROCEDURE.format(key=key, title=title, department=department, **names)
        procedures.save_draft(office.session, procedure, source, None)
        procedures.publish(office.session, procedure, None)
    offers = [queries.offer(office.session, key) for key, *_rest in sources]
    bundle = start_bundle(office.session, offers, account_id=office.account.id, language="ja")
    for member, (_key, _title, _department, names) in zip(members_of(office.session, bundle), sources, strict=True):
        answers = {names["name"]: NAME, names["phone"]: "+819012345678", "wish": "早め"}
        drafts.save_answers(office.session, member.draft, member.definition, answers)
    first, second = submit_bundle(office.session, bundle)
    ask(office, first)
    return first, second


def ask(office: Office, case: Case) -> None:
    """The office asks the applicant to correct the telephone."""
    inputs = MoveInputs(note="番号が違います。", fields=("phone",))
    apply_transition(office.session, case.id, "request_correction", office.actor, roles=("clerk",), inputs=inputs)


def correct(office: Office, case: Case, **changed: Any) -> None:
    """Answer the correction, and let the job do what it was given."""
    definition = definition_of(office.session, case.version_id)
    answers = open_answers(city_of(office.session), case.answers) | changed
    answer_correction(office.session, case, definition, answers, office.resident)
    revision = revisions_of(office.session, case.id)[-1].number
    for sister_id in change_offers.open_sisters(office.session, case.id):
        change_offers.offer_changes(office.session, case.id, revision, sister_id)


def offered(office: Office, case: Case) -> list[change_offers.OfferedChange]:
    return offered_changes(office.session, case, definition_of(office.session, case.version_id))


def answers_of(office: Office, case: Case) -> dict[str, Any]:
    return open_answers(city_of(office.session), case.answers)


def test_the_other_office_is_offered_what_both_were_told(office: Office, sent: tuple[Case, Case]) -> None:
    first, second = sent
    correct(office, first, phone="+819087654321", wish="遅め")
    [offer] = offered(office, second)
    assert offer.number == first.number
    assert [(question.id, now_value, value) for question, now_value, value in offer.answers] == [
        ("tel", "+819012345678", "+819087654321")
    ]
    assert answers_of(office, second)["tel"] == "+819012345678", "nothing changes by itself"
    assert second.unread
    assert history(office.session, second.id)[-1].name == "case.change_offered"
    assert offered(office, first) == []


def test_taking_it_over_is_a_revision_with_its_event(office: Office, sent: tuple[Case, Case]) -> None:
    first, second = sent
    correct(office, first, phone="+819087654321")
    [offer] = offered(office, second)
    before = second.lock_version
    accept_change(office.session, second, offer.id, office.actor, roles=CLERK)
    assert answers_of(office, second) == {"person": NAME, "tel": "+819087654321", "wish": "早め"}
    assert [revision.answers["tel"] for revision in revisions_of(office.session, second.id)] == ["+819012345678"]
    accepted = history(office.session, second.id)[-1]
    assert (accepted.name, accepted.data["fields"], accepted.actor_id) == (
        "case.change_accepted",
        ["tel"],
        office.staff.id,
    )
    assert (second.state, second.lock_version) == ("received", before + 1)
    with pytest.raises(Conflict, match="返事が済んでいます"):
        accept_change(office.session, second, offer.id, office.actor, roles=CLERK)
    row = office.session.get_one(CaseChangeOffer, offer.id)
    assert (row.status, row.changes) == ("accepted", {}), "what was offered is kept once, in the case"


def test_declining_takes_a_reason_that_the_resident_reads(office: Office, sent: tuple[Case, Case]) -> None:
    first, second = sent
    correct(office, first, phone="+819087654321")
    [offer] = offered(office, second)
    with pytest.raises(Invalid, match="理由"):
        decline_change(office.session, second, offer.id, " ", office.actor, roles=CLERK)
    decline_change(office.session, second, offer.id, "こちらは前の番号で届けが出ています。", office.actor, roles=CLERK)
    assert answers_of(office, second)["tel"] == "+819012345678"
    assert messages_of(office.session, second.id)[-1].body == "こちらは前の番号で届けが出ています。"
    assert offered(office, second) == []


def test_only_who_decides_on_the_case_answers_and_only_while_it_is_open(
    office: Office, sent: tuple[Case, Case]
) -> None:
    first, second = sent
    correct(office, first, phone="+819087654321")
    [offer] = offered(office, second)
    with pytest.raises(Forbidden):
        accept_change(office.session, second, offer.id, office.actor, roles=frozenset({"cashier"}))
    with pytest.raises(Conflict):
        accept_change(office.session, first, offer.id, office.actor, roles=CLERK)
    apply_transition(office.session, second.id, "withdraw", office.resident, roles=("applicant",))
    with pytest.raises(Conflict, match="終わっている"):
        accept_change(office.session, second, offer.id, office.actor, roles=CLERK)


def test_another_correction_renews_the_offer_or_takes_it_back(office: Office, sent: tuple[Case, Case]) -> None:
    first, second = sent
    for phone in ("+819087654321", "+819011112222"):
        correct(office, first, phone=phone)
        ask(office, first)
    [offer] = offered(office, second)
    assert [value for _question, _now, value in offer.answers] == ["+819011112222"]
    correct(office, first, phone="+819012345678")
    assert offered(office, second) == []
    assert office.session.scalars(select(CaseChangeOffer.id)).all() == []


def test_what_was_said_otherwise_there_is_not_offered(office: Office, sent: tuple[Case, Case]) -> None:
    first, second = sent
    correct(office, first, phone="+819087654321")
    [offer] = offered(office, second)
    decline_change(office.session, second, offer.id, "前のままにします。", office.actor, roles=CLERK)
    ask(office, first)
    correct(office, first, name={"family": "斎藤", "given": "美咲"})
    [renewed] = offered(office, second)
    assert [question.id for question, _now, _value in renewed.answers] == ["person"]


def test_a_job_that_runs_twice_offers_once(office: Office, sent: tuple[Case, Case]) -> None:
    first, second = sent
    correct(office, first, phone="+819087654321")
    change_offers.offer_changes(office.session, first.id, 1, second.id)
    assert [event.name for event in history(office.session, second.id)].count("case.change_offered") == 1

"""A reduction of a fee waits for a person; until then nothing of the line is due, and nobody approves around it."""

from collections.abc import Callable

import pytest

from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.reductions import ReductionDecision, asked_reductions, decide_reduction, with_decisions
from portal.cases.versions import Outdated
from portal.cli.installing import install
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.payments import payments_of_case
from tests.kit.office import Office

LESSON = """
procedure: lesson
kind: notification
title: {ja: 講座の申込}
department: environment
steps:
  - id: who
    title: {ja: 申し込む方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: on_welfare, type: yes_no, label: {ja: 減免を申し出ますか}}
fee:
  - {id: seat, label: {ja: 受講料}, amount: 3000, reduction: {label: {ja: 生活保護世帯}, when: on_welfare, rate: 50}}
  - {id: material, label: {ja: 教材費}, amount: 200}
workflow: {preset: notification}
"""
NAME = {"family": "佐藤", "given": "美咲"}


@pytest.fixture
def apply(office: Office) -> Callable[[], Case]:
    install(office.session, LESSON, None)
    return lambda: office.apply("lesson", {"name": NAME, "on_welfare": True})


def moved(office: Office, case: Case, move: str) -> Case:
    return apply_transition(
        office.session, case.id, move, office.actor, roles=("clerk", "decider"), inputs=MoveInputs()
    )


def accepted(office: Office, case: Case) -> Case:
    apply_transition(office.session, case.id, "pay", office.actor, roles=("system",))
    return moved(office, case, "accept")


@pytest.mark.parametrize(("granted", "due"), [(True, 1500), (False, 3000)])
def test_what_is_decided_is_due_and_nothing_before(
    office: Office, apply: Callable[[], Case], granted: bool, due: int
) -> None:
    case = apply()
    assert [payment.amount for payment in payments_of_case(office.session, case.id)] == [200]
    case = accepted(office, case)
    with pytest.raises(Conflict, match="減免が決まっていません"):
        moved(office, case, "complete")
    decision = ReductionDecision(0, granted, reason="" if granted else "要件に当たりません。")
    decide_reduction(office.session, case, decision, office.actor, roles=("decider",))
    assert case.fee["due"] == {"submission": 200, "approved": due}
    assert case.fee["total"] == 200 + due
    moved(office, case, "complete")
    assert case.state == "awaiting_payment"
    assert sorted(payment.amount for payment in payments_of_case(office.session, case.id)) == [200, due]


def test_only_the_right_role_decides_and_only_once(office: Office, apply: Callable[[], Case]) -> None:
    case = accepted(office, apply())
    grant = ReductionDecision(0, granted=True)
    with pytest.raises(Forbidden):
        decide_reduction(office.session, case, grant, office.actor, roles=("clerk",))
    with pytest.raises(Invalid):
        decide_reduction(office.session, case, ReductionDecision(0, granted=False), office.actor, roles=("decider",))
    seen = case.lock_version
    decide_reduction(office.session, case, grant, office.actor, roles=("decider",))
    assert case.lock_version > seen
    with pytest.raises(Outdated):
        decide_reduction(office.session, case, grant, office.actor, roles=("decider",))


def test_a_decision_outlives_a_correction_that_changes_nothing_about_it(
    office: Office, apply: Callable[[], Case]
) -> None:
    case = accepted(office, apply())
    lines = [dict(line) for line in case.fee["lines"]]
    decide_reduction(office.session, case, ReductionDecision(0, granted=True), office.actor, roles=("decider",))
    assert [line["amount"] for line in with_decisions(case.fee["lines"], lines)] == [1500, 200]
    changed = [lines[0] | {"full_amount": 4000, "amount": 4000, "reduced_amount": 2000}, lines[1]]
    assert [line["state"] for line in with_decisions(case.fee["lines"], changed)] == ["reduction", "due"]
    assert asked_reductions(case) == []

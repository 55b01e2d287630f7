"""A workflow of the definition's own, with a real case: states, who may by the answers, words in history, list and page."""

import pytest

from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition, available
from portal.cases.queries import history
from portal.core.errors import Forbidden
from portal.desk.event_labels import event_label
from portal.procedures import actions as procedures
from portal.procedures import queries
from portal.procedures.definitions import definition_of
from portal.residents.progress import progress_of, timeline
from tests.integration.cases.definitions import REGISTRATION
from tests.kit.office import Office

OWN = (
    REGISTRATION[: REGISTRATION.index("fee:")].replace(
        "      - {id: name,",
        "      - {id: amount, type: money, label: {ja: 金額}, min: 0, max: 9000000}\n      - {id: name,",
    )
    + """
workflow:
  preset: notification
  states:
    - {id: extended, title: {ja: 期間の延長, en: Extended}, kind: open}
    - {id: partial, title: {ja: 一部開示, en: Disclosed in part}, kind: done}
  moves:
    - {id: extend, title: {ja: 期間を延ばす}, from: [accepted], to: extended, who: [clerk], needs: [note], causes: [message]}
    - id: partly
      title: {ja: 一部を開示する}
      from: [accepted, extended]
      to: partial
      who: [{role: clerk, when: amount <= 1000000}, {role: decider, when: amount > 1000000 || case.fee > 0}]
      causes: [message]
"""
)


@pytest.fixture
def published(office: Office) -> Office:
    """The office with that procedure."""
    procedure = queries.procedure(office.session, "test-registration")
    procedures.save_draft(office.session, procedure, OWN, None)
    procedures.publish(office.session, procedure, None)
    return office


def extended(office: Office, amount: int) -> Case:
    case = office.apply("test-registration", {"name": {"family": "佐藤", "given": "美咲"}, "amount": amount})
    apply_transition(office.session, case.id, "accept", office.actor, roles=("clerk",))
    words = MoveInputs(note="資料が多いため")
    return apply_transition(office.session, case.id, "extend", office.actor, roles=("clerk",), inputs=words)


@pytest.mark.parametrize(("amount", "who", "other"), [(1_000_000, "clerk", "decider"), (1_000_001, "decider", "clerk")])
def test_who_decides_follows_from_the_answers(published: Office, amount: int, who: str, other: str) -> None:
    case = extended(published, amount)
    definition = definition_of(published.session, case.version_id)
    assert "partly" in {option.id for option in available(case, definition, {who})}
    assert "partly" not in {option.id for option in available(case, definition, {other})}
    with pytest.raises(Forbidden):
        apply_transition(published.session, case.id, "partly", published.actor, roles=(other,))
    apply_transition(published.session, case.id, "partly", published.actor, roles=(who,))
    assert (case.state, case.status, case.closed_at is not None) == ("partial", "ok", True)


def test_own_states_have_their_names_wherever_a_case_is_shown(published: Office) -> None:
    case = extended(published, 5)
    definition = definition_of(published.session, case.version_id)
    progress = progress_of(case, definition)
    assert (progress.word, progress.status) == ("期間の延長", "review")
    assert [(name, tense) for name, _note, tense in progress.flow] == [
        ("受付", "done"),
        ("期間の延長", "done"),
        ("完了", ""),
    ]
    events = history(published.session, case.id)
    assert timeline(case, events, definition)[-1]["title"] == "状態が変わりました：「期間の延長」"
    assert event_label(events[-1], definition) == "状態を変えました：「期間の延長」"

"""Which cases may be joined, and by which move a follower takes up where its lead stands."""

from dataclasses import replace

import pytest

from forms import load, workflow_of
from portal.cases.related.rules import Joinable, join_obstacle, may_be_joined, move_to
from tests.kit.catalogue import shipped_source

PLAIN = Joinable("road-damage", 1, "received", closed=False, decided=False, leads=False, follows=False)


def test_two_open_reports_of_one_department_can_be_joined() -> None:
    assert join_obstacle(PLAIN, PLAIN) is None
    assert join_obstacle(replace(PLAIN, leads=True), PLAIN) is None, "a lead takes another follower"


@pytest.mark.parametrize(
    ("lead", "other", "words"),
    [
        ({"closed": True}, {}, "終わった案件"),
        ({}, {"closed": True}, "終わった案件"),
        ({"follows": True}, {}, "もうほかの案件に統合されています"),
        ({}, {"follows": True}, "もうほかの案件に統合されています"),
        ({}, {"leads": True}, "先に分けてください"),
        ({}, {"procedure": "dog-registration"}, "ちがう手続き"),
        ({}, {"department_id": 2}, "ちがう課"),
        ({"decided": True}, {}, "決定を待っている"),
        ({}, {"decided": True}, "決定を待っている"),
    ],
)
def test_what_stands_in_the_way_is_said(lead: dict[str, object], other: dict[str, object], words: str) -> None:
    assert words in (join_obstacle(replace(PLAIN, **lead), replace(PLAIN, **other)) or "")


@pytest.mark.parametrize(
    ("key", "joined"), [("road-damage", True), ("road-occupancy", False), ("dog-registration", False)]
)
def test_only_what_is_nobodys_own_right_may_be_joined(key: str, joined: bool) -> None:
    assert may_be_joined(load(shipped_source(key))) is joined


def test_a_follower_takes_the_same_move_in_one_step() -> None:
    workflow = workflow_of(load(shipped_source("road-damage")))
    accept = move_to(workflow, "received", "accepted", None, "case.accepted")
    assert accept is not None and accept.id == "accept"
    assert move_to(workflow, "received", "accepted", None, "case.completed") is None
    assert move_to(workflow, "received", "accepted", frozenset()) is None, "nobody's role"
    assert move_to(workflow, "completed", "accepted", None) is None

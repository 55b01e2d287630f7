"""A stage that another department does: it waits on that department's desk, who is asked there sees the case and answers, nobody else."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.cases.models import Case
from portal.core.clock import today
from portal.core.database import city_session
from portal.desk import consultations
from portal.procedures import actions, queries
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_stage_forms import seen_on, state_of
from tests.kit.answers import road
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue, in_no_declared_language
from tests.kit.city import begin, hire, send

ASKING = (
    in_no_declared_language(catalogue()["road-damage"])
    .replace(
        "  assign: {by: spot.department}\n",
        """  assign: {by: spot.department}
  stages:
    - id: water
      title: {ja: 水路への影響, ja-easy: 水(みず), en: Effect on the channel}
      at: accepted
      role: clerk
      department: citizens
      form:
        fields:
          - {id: concerned, type: yes_no, label: {ja: 水路に影響がありますか}}
""",
    )
    .replace("moves: [accept, complete]", "moves: [accept, finish_water, complete]")
)


def _publish(source: str) -> None:
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "road-damage")
        actions.save_draft(session, procedure, source, None)
        actions.publish(session, procedure, None)


def _report() -> int:
    spot = {"geometry": {"type": "Point", "coordinates": road(3)["geometry"]["coordinates"][0][0]}, "source": "drawn"}
    answers = {"defect": "hole", "danger": False, "spot": spot, "found_on": str(today()), "wants_answer": False}
    with city_session(CITY) as session:
        return send(session, begin(session, "road-damage", answers)).id


@pytest.fixture
def consulted_case(office: Office) -> Iterator[int]:
    """A report about which the department of citizens is asked."""
    _publish(ASKING)
    yield _report()
    _publish(catalogue()["road-damage"])


def move(desk: Browser, case_id: int, name: str) -> int:
    seen = seen_on(desk, f"/desk/cases/{case_id}")
    return desk.post(f"/desk/cases/{case_id}/moves", {"move": name, "seen": seen}).status_code


def test_who_is_asked_sees_the_case_answers_and_nobody_decides_before(
    app: Flask, office: Office, consulted_case: int
) -> None:
    address = f"/desk/cases/{consulted_case}"
    assert office.citizens.get(address).status_code == 404
    assert move(office.roads, consulted_case, "accept") == 303
    assert "「水路への影響を終える」は、照会した課が行います。" in office.roads.get(address).text
    assert move(office.roads, consulted_case, "complete") != 303, "the answer is missing"
    queue = office.citizens.get("/desk/consultations").text
    assert "水路への影響" in queue and f"{address}/stage-form?stage=water" in queue
    assert "水路への影響" not in office.roads.get("/desk/consultations").text
    seen_there = office.citizens.get(address).text
    assert "水路への影響を終える…" in seen_there
    assert "next-doer" not in seen_there, "the office's own ways are none of theirs"
    assert ("確認番号" in office.roads.get(address).text, "確認番号" in seen_there) == (True, False)
    hire(CITY, "till-of-citizens@example.jp", {"citizens": ("cashier",)})
    cashier = Browser(app, CITY, "192.0.2.60").sign_in_at_desk("till-of-citizens@example.jp")
    assert cashier.get(f"{address}/stage-form?stage=water").status_code == 403
    form = f"{address}/stage-form?stage=water"
    version = seen_on(office.citizens, form)
    assert office.citizens.post(form, {"concerned": "no", "case-seen": version}).status_code == 303
    assert "水路への影響" not in office.citizens.get("/desk/consultations").text
    page = office.roads.get(address).text
    assert re.search(r"水路に影響がありますか.*?いいえ", page, re.DOTALL)
    assert move(office.roads, consulted_case, "complete") == 303
    assert state_of(consulted_case) == "completed"
    assert office.citizens.get(address).status_code == 404, "what is closed is no business of theirs any more"


def test_a_long_list_shows_the_oldest_and_says_that_there_are_more(
    office: Office, consulted_case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = _report()
    for case_id in (consulted_case, later):
        assert move(office.roads, case_id, "accept") == 303
    assert "古いものから" not in office.citizens.get("/desk/consultations").text
    monkeypatch.setattr(consultations, "_SHOWN", 1)
    queue = office.citizens.get("/desk/consultations").text
    assert "古いものから1件" in queue
    assert [f'"/desk/cases/{case_id}"' in queue for case_id in (consulted_case, later)] == [True, False]


def test_the_office_may_pass_over_a_question_that_nobody_answers(office: Office, consulted_case: int) -> None:
    assert move(office.roads, consulted_case, "accept") == 303
    address = f"/desk/cases/{consulted_case}"
    seen = seen_on(office.roads, address)
    passed = {"move": "skip_water", "internal_note": "電話で聞きました。", "seen": seen}
    assert office.roads.post(f"{address}/moves", passed).status_code == 303
    assert address not in office.citizens.get("/desk/consultations").text
    with city_session(CITY) as session:
        assert session.get_one(Case, consulted_case).state == "accepted"

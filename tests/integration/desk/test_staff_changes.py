"""Colleagues who change departments or leave: what their roles give and take is read first, and no open case stays behind with them."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from portal.cases import staff_leaving
from portal.cases.assigning import reassign
from portal.cases.models import Case, CasePlace
from portal.core.database import city_session
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.events import Actor, Event
from portal.identity import read_staff, staff_administration
from portal.identity.actions import create_staff, set_roles
from portal.identity.models import Department, Staff, StaffRole
from tests.integration.desk.conftest import CITY, Office
from tests.kit.browser import Browser
from tests.kit.people import PASSWORD, SECRET


@dataclass
class Team:
    """An administrator at her desk, two clerks of the roads office, and three of its open cases on the first one's desk."""

    chief: Browser
    chief_id: int
    leaver: int
    heir: int
    cases: list[int]
    roads: int
    parks: int


@pytest.fixture
def team(app: Flask, office: Office) -> Iterator[Team]:
    with city_session(CITY) as session:
        roads = session.scalars(select(Case.department_id).where(Case.id.in_(office.reports)).limit(1)).one()
        parks = session.scalars(select(Department.id).where(Department.id != roads).order_by(Department.id)).first()
        assert parks is not None

        def hire(name: str, roles: dict[int | None, set[str]]) -> int:
            return create_staff(
                session, f"{name}@leaving.example.jp", f"{name} 職員", PASSWORD, roles, totp_secret=SECRET
            )[0].id

        chief = hire("chief", {None: {"admin"}})
        leaver, heir = hire("leaver", {roads: {"clerk"}, parks: {"clerk"}}), hire("heir", {roads: {"clerk"}})
        free = (
            select(Case.id)
            .where(Case.department_id == roads, Case.closed_at.is_(None), Case.assignee_id.is_(None))
            .order_by(Case.id)
            .limit(3)
        )
        cases = list(session.scalars(free))
        put(session, cases, leaver)
    browser = Browser(app, CITY, "192.0.2.81").sign_in_at_desk("chief@leaving.example.jp")
    yield Team(browser, chief, leaver, heir, cases, roads, parks)
    with city_session(CITY) as session:
        put(session, cases, None)
        session.execute(delete(StaffRole).where(StaffRole.staff_id.in_([chief, leaver, heir])))
        session.execute(update(Staff).where(Staff.id.in_([chief, leaver, heir])).values(active=False))


def put(session: Any, cases: list[int], staff_id: int | None) -> None:
    session.execute(update(Case).where(Case.id.in_(cases)).values(assignee_id=staff_id))
    session.execute(update(CasePlace).where(CasePlace.case_id.in_(cases)).values(assignee_id=staff_id))


def clerks(team: Team) -> list[int | None]:
    with city_session(CITY) as session:
        return list(session.scalars(select(Case.assignee_id).where(Case.id.in_(team.cases)).order_by(Case.id)))


def hidden(page: str, name: str) -> str:
    field = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert field is not None, name
    return field[1]


def chief(team: Team) -> Actor:
    return Actor("staff", team.chief_id, "chief 職員")


def test_who_leaves_hands_the_cases_to_a_colleague_in_the_same_act(team: Team) -> None:
    with city_session(CITY) as session:
        before = session.scalar(select(func.max(Event.id)))
    address = f"/desk/staff/{team.leaver}/leaving"
    page = team.chief.get(address).text
    assert "3件あります" in page
    assert "heir 職員" in page
    done = team.chief.post(address, {"shown_cases": hidden(page, "shown_cases"), f"heir_{team.roads}": str(team.heir)})
    assert done.status_code == 303
    assert clerks(team) == [team.heir] * 3
    assert "アカウントを閉じました" in team.chief.get(done.location).text
    with city_session(CITY) as session:
        assert read_staff(session, team.leaver) is None
        names = session.scalars(
            select(Event.name)
            .where(Event.id > before, Event.actor_id == team.chief_id, Event.actor_kind == "staff")
            .order_by(Event.id)
        ).all()
        places = session.scalars(select(CasePlace.assignee_id).where(CasePlace.case_id.in_(team.cases))).all()
    assert [name for name in names if not name.endswith("viewed")] == ["staff.closed", *["case.assigned"] * 3]
    assert set(places) == {team.heir}


def test_who_was_removed_while_signed_in_does_nothing_more_and_keeps_what_was_typed(team: Team, app: Flask) -> None:
    desk, case = Browser(app, CITY, "192.0.2.83").sign_in_at_desk("leaver@leaving.example.jp"), team.cases[0]
    assert desk.get(f"/desk/cases/{case}").status_code == 200
    with city_session(CITY) as session:
        staff_leaving.leave(session, chief(team), team.leaver, {})
        newest = session.scalar(select(func.max(Event.id)))
    refused = desk.post(f"/desk/cases/{case}/notes", {"note_body": "現地を見ました。"})
    assert refused.status_code == 403
    assert "現地を見ました。" in refused.text
    assert "管理者にたずねてください" in refused.text
    assert desk.post("/desk/news", {"since": "0", "case": str(case)}).status_code == 403
    gone = desk.get(f"/desk/cases/{case}")
    assert (gone.status_code, gone.location) == (303, f"/desk/sign-in?next=/desk/cases/{case}")
    with city_session(CITY) as session:
        assert not session.scalars(select(Event.id).where(Event.id > newest, Event.actor_id == team.leaver)).all()


def test_without_an_heir_the_cases_go_back_to_the_department(team: Team) -> None:
    address = f"/desk/staff/{team.leaver}/leaving"
    shown = hidden(team.chief.get(address).text, "shown_cases")
    assert team.chief.post(address, {"shown_cases": shown}).status_code == 303
    assert clerks(team) == [None] * 3


def test_an_heir_of_another_department_is_refused_and_nothing_ends(team: Team) -> None:
    address = f"/desk/staff/{team.leaver}/leaving"
    shown = hidden(team.chief.get(address).text, "shown_cases")
    for heir in (str(team.chief_id + 10**6), str(team.leaver), "誰か"):
        refused = team.chief.post(address, {"shown_cases": shown, f"heir_{team.roads}": heir})
        assert refused.status_code == 422
        assert "その課の職員から選んでください" in refused.text
    assert clerks(team) == [team.leaver] * 3
    with city_session(CITY) as session:
        assert read_staff(session, team.leaver) is not None


def test_a_case_that_came_after_the_page_was_opened_is_read_first(team: Team) -> None:
    address = f"/desk/staff/{team.leaver}/leaving"
    shown = hidden(team.chief.get(address).text, "shown_cases")
    with city_session(CITY) as session:
        put(session, team.cases[:1], None)
    refused = team.chief.post(address, {"shown_cases": shown})
    assert refused.status_code == 409
    assert "2件あります" in refused.text
    again = team.chief.post(address, {"shown_cases": hidden(refused.text, "shown_cases")})
    assert again.status_code == 303


def test_a_case_put_on_the_desk_while_its_owner_leaves_stays_with_nobody_who_left(team: Team) -> None:
    with city_session(CITY) as session:
        put(session, team.cases, None)
        giver = read_staff(session, team.heir)
    assert giver is not None
    start = Barrier(2)

    def give() -> str:
        start.wait()
        try:
            with city_session(CITY) as session:
                reassign(session, team.cases[0], team.leaver, giver, expected_version=None)
        except Invalid:
            return "refused"
        return "given"

    def leave() -> str:
        start.wait()
        try:
            with city_session(CITY) as session:
                staff_leaving.leave(session, chief(team), team.leaver, {})
        except DomainError as error:
            return type(error).__name__
        return "left"

    with ThreadPoolExecutor(2) as threads:
        given, left = threads.submit(give), threads.submit(leave)
        outcome = (given.result(), left.result())
    assert outcome in {("given", "left"), ("refused", "left")}
    assert clerks(team)[0] is None


def test_other_roles_are_read_before_they_count_and_cases_of_the_lost_office_are_handed_over(team: Team) -> None:
    address = f"/desk/staff/{team.leaver}/roles"
    form = {
        "shown": hidden(team.chief.get(address).text, "shown"),
        "role": [f"{team.parks}:clerk", f"{team.parks}:cashier"],
    }
    confirmation = team.chief.post(address, form)
    assert confirmation.status_code == 200
    assert "できるようになること" in confirmation.text
    assert "できなくなること" in confirmation.text
    assert "3件担当しています" in confirmation.text
    assert clerks(team) == [team.leaver] * 3, "nothing changes before it is confirmed"
    confirmed = {
        **form,
        "shown": hidden(confirmation.text, "shown"),
        "shown_cases": hidden(confirmation.text, "shown_cases"),
        f"heir_{team.roads}": str(team.heir),
        "step": "change",
    }
    assert team.chief.post(address, confirmed).status_code == 303
    assert clerks(team) == [team.heir] * 3
    with city_session(CITY) as session:
        assert staff_administration.roles_of(session, team.leaver) == {(team.parks, "clerk"), (team.parks, "cashier")}


def test_choosing_again_keeps_what_was_ticked(team: Team) -> None:
    address = f"/desk/staff/{team.leaver}/roles"
    again = team.chief.post(address, {"role": f"{team.parks}:cashier", "step": "choose"})
    assert again.status_code == 200
    assert re.search(rf'value="{team.parks}:cashier" aria-label="[^"]*" checked', again.text)


def test_of_two_administrators_the_slower_one_reads_again(team: Team) -> None:
    address = f"/desk/staff/{team.leaver}/roles"
    shown = hidden(team.chief.get(address).text, "shown")
    with city_session(CITY) as session:
        set_roles(session, team.leaver, {team.roads: {"decider"}})
    boxes = {"shown": shown, "role": f"{team.parks}:cashier"}
    confirmation = team.chief.post(address, boxes)
    assert confirmation.status_code == 409
    assert "ほかの人が先に変えました" in confirmation.text
    assert re.search(rf'value="{team.parks}:cashier" aria-label="[^"]*" checked', confirmation.text)
    assert team.chief.post(address, {**boxes, "step": "change"}).status_code == 409


def test_roles_that_stay_as_they_are_need_no_change(team: Team) -> None:
    address = f"/desk/staff/{team.heir}/roles"
    shown = hidden(team.chief.get(address).text, "shown")
    same = team.chief.post(address, {"shown": shown, "role": f"{team.roads}:clerk"})
    assert same.status_code == 422
    assert "いまのままです" in same.text


def test_nobody_changes_their_own_roles_or_closes_themselves(team: Team) -> None:
    own = f"/desk/staff/{team.chief_id}"
    shown = hidden(team.chief.get(f"{own}/roles").text, "shown")
    refused = team.chief.post(f"{own}/roles", {"shown": shown, "role": "*:decider"})
    assert refused.status_code == 403
    assert "自分の役割は変えられません" in refused.text
    assert team.chief.post(f"{own}/roles", {"role": "*:decider", "step": "change"}).status_code == 403
    assert team.chief.post(f"{own}/leaving").status_code == 403
    assert "自分のアカウントは閉じられません" in team.chief.get(f"{own}/leaving").text


def test_boxes_out_of_reach_stay_as_they_were(app: Flask, team: Team) -> None:
    with city_session(CITY) as session:
        set_roles(session, team.heir, {team.roads: {"admin"}})
        set_roles(session, team.leaver, {team.roads: {"clerk"}, team.parks: {"cashier"}})
    browser = Browser(app, CITY, "192.0.2.82").sign_in_at_desk("heir@leaving.example.jp")
    address = f"/desk/staff/{team.leaver}/roles"
    page = browser.get(address).text
    assert re.search(rf'value="{team.parks}:cashier" aria-label="[^"]*" checked disabled', page)
    form = {"shown": hidden(page, "shown"), "role": f"{team.roads}:decider"}
    confirmation = browser.post(address, form)
    shown = {"shown": hidden(confirmation.text, "shown"), "shown_cases": hidden(confirmation.text, "shown_cases")}
    assert browser.post(address, {**form, **shown, "step": "change"}).status_code == 303
    with city_session(CITY) as session:
        assert staff_administration.roles_of(session, team.leaver) == {(team.roads, "decider"), (team.parks, "cashier")}
    beyond = browser.post(address, {**form, "role": [f"{team.roads}:decider", f"{team.parks}:admin"]})
    assert beyond.status_code == 403


def test_somebody_who_works_in_the_office_still_keeps_its_cases(team: Team) -> None:
    with city_session(CITY) as session:
        everywhere = frozenset({(None, "decider")})
        assert staff_leaving.change_roles(session, chief(team), team.leaver, everywhere, {}) == 0
    assert clerks(team) == [team.leaver] * 3


def test_closing_twice_is_told(team: Team) -> None:
    with city_session(CITY) as session:
        assert staff_leaving.leave(session, chief(team), team.leaver, {}) == 3
        with pytest.raises(Conflict):
            staff_leaving.leave(session, chief(team), team.leaver, {})
    assert "すでに閉じられています" in team.chief.get(f"/desk/staff/{team.leaver}/leaving").text

"""A city's own roles: made by its administrator, given to staff, named by a procedure, and kept while somebody needs them."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import Actor, Event
from portal.identity import city_roles
from portal.identity.actions import create_staff, set_roles
from portal.identity.models import CityRole, Department, Staff, StaffRole
from portal.identity.queries import read_staff
from portal.procedures import actions, queries
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_stage_forms import seen_on, state_of
from tests.integration.desk.test_stages_elsewhere import _report as report
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue, in_no_declared_language
from tests.kit.city import hire
from tests.kit.people import PASSWORD, SECRET

ROLES = "/desk/staff/roles"
BUCHO = {"key": "bucho", "title": "部長", "scope": "department", "rights": ["case.see", "case.read_answers"]}
DECIDED_BY_HEAD = in_no_declared_language(catalogue()["road-damage"]).replace(
    "  assign: {by: spot.department}\n",
    "  assign: {by: spot.department}\n"
    "  moves:\n"
    "    - {id: complete, who: [{role: bucho, when: danger}, {role: clerk, when: '!danger'}]}\n",
)


@pytest.fixture(scope="module")
def administrator(app: Flask, office: Office) -> Browser:
    """Who manages the staff of all departments; `office` must be there first."""
    with city_session(CITY) as session:
        create_staff(session, "chief@example.jp", "管理 花子", PASSWORD, {None: {"admin"}}, totp_secret=SECRET)
    return Browser(app, CITY, "192.0.2.71").sign_in_at_desk("chief@example.jp")


@pytest.fixture
def no_roles() -> Iterator[None]:
    yield
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "road-damage")
        actions.save_draft(session, procedure, catalogue()["road-damage"], None)
        actions.publish(session, procedure, None)
        session.execute(delete(StaffRole).where(StaffRole.city_role.is_not(None)))
        session.execute(delete(CityRole))


def publish_with_head() -> None:
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "road-damage")
        actions.save_draft(session, procedure, DECIDED_BY_HEAD, None)
        actions.publish(session, procedure, None)


def make(administrator: Browser, **changes: object) -> int:
    return administrator.post(ROLES, {**BUCHO, **changes}).status_code


def number_on(administrator: Browser) -> str:
    version = re.search(r'name="seen" value="(\d+)"', administrator.get(f"{ROLES}/bucho").text)
    return version[1] if version else ""


def department_id(key: str) -> int:
    with city_session(CITY) as session:
        return session.scalars(select(Department.id).where(Department.key == key)).one()


@pytest.mark.usefixtures("no_roles")
def test_an_administrator_makes_a_role_and_what_cannot_be_is_told_beside_the_field(
    administrator: Browser, office: Office
) -> None:
    assert "まだありません" in administrator.get(ROLES).text
    for wrong, sentence in (
        ({"key": "部長"}, "英小文字"),
        ({"key": "clerk"}, "もう使われています"),
        ({"title": "決定"}, "という役割は、もうあります"),
        ({"rights": ["case.message"]}, "「案件の一覧と進みぐあいを見る」も要ります"),
    ):
        answer = administrator.post(ROLES, {**BUCHO, **wrong})
        assert (answer.status_code, sentence in answer.text) == (422, True), wrong
        assert "部長" in answer.text, "what was typed stays"
    assert make(administrator) == 303
    page = administrator.get(ROLES).text
    assert "部長" in page and "課ごと" in page and "まだいません" in page
    assert make(administrator) == 422
    assert office.roads.get(ROLES).status_code == 403
    with city_session(CITY) as session:
        event = session.scalars(
            select(Event).where(Event.name == "city_role.created").order_by(Event.id.desc())
        ).first()
        assert event is not None
        assert event.data == {"key": "bucho", "rights": ["case.see", "case.read_answers"], "scope": "department"}


@pytest.mark.usefixtures("no_roles")
def test_it_carries_its_rights_where_it_is_held_and_no_others(
    app: Flask, administrator: Browser, office: Office
) -> None:
    assert make(administrator) == 303
    head = hire(CITY, "head@example.jp", {"road-management": ("bucho",)})
    with city_session(CITY) as session:
        staff = read_staff(session, head)
        assert staff is not None
        roads = department_id("road-management")
        assert staff.departments("case.see") == staff.departments("case.read_answers") == {roads}
        assert not staff.may("case.message") and not staff.may("staff.manage")
    browser = Browser(app, CITY, "192.0.2.72").sign_in_at_desk("head@example.jp")
    address = f"/desk/cases/{office.permit}"
    assert browser.get(address).status_code == 200
    changed = {**BUCHO, "rights": [], "seen": number_on(administrator)}
    assert administrator.post(f"{ROLES}/bucho", changed).status_code == 303
    assert browser.get(address).status_code in (403, 404), "from the next page on"
    assert administrator.post(f"{ROLES}/bucho", changed).status_code == 409, "a colleague was faster"
    elsewhere = {**BUCHO, "scope": "city", "seen": number_on(administrator)}
    refused = administrator.post(f"{ROLES}/bucho", elsewhere)
    assert refused.status_code == 409 and "試験 職員" in refused.text


@pytest.mark.usefixtures("no_roles")
def test_staff_get_it_in_the_boxes_beside_the_built_in_ones(administrator: Browser, office: Office) -> None:
    assert make(administrator) == 303
    assert make(administrator, key="mayor", title="市長", scope="city") == 303
    page = administrator.get(f"/desk/staff/{office.roads_id}/roles").text
    roads = department_id("road-management")
    assert f'value="{roads}:bucho"' in page and 'value="*:bucho"' not in page
    assert 'value="*:mayor"' in page and f'value="{roads}:mayor"' not in page
    boxes = [f"{roads}:{role}" for role in ("clerk", "decider", "cashier", "bucho")]
    shown = page.split('name="shown" value="')[1].split('"', maxsplit=1)[0]
    form = {"role": [*boxes, "*:mayor"], "shown": shown}
    confirmation = administrator.post(f"/desk/staff/{office.roads_id}/roles", form).text
    cases = confirmation.split('name="shown_cases" value="')[1].split('"', maxsplit=1)[0]
    given = administrator.post(f"/desk/staff/{office.roads_id}/roles", {**form, "shown_cases": cases, "step": "change"})
    assert given.status_code == 303
    assert "部長" in administrator.get("/desk/staff").text
    with city_session(CITY) as session:
        set_roles(session, office.roads_id, {roads: {"clerk", "decider", "cashier"}})
        with pytest.raises(Conflict):
            set_roles(session, office.roads_id, {roads: {"kacho"}})


@pytest.mark.usefixtures("no_roles")
def test_whom_the_condition_names_decides_and_the_drawer_names_them(
    app: Flask, administrator: Browser, office: Office
) -> None:
    assert make(administrator) == 303
    publish_with_head()
    case_id = report()  # without danger: the clerk's own
    with city_session(CITY) as session:
        from portal.cases.models import Case

        case = session.get_one(Case, case_id)
        case.answers = {**case.answers, "danger": True}
    address = f"/desk/cases/{case_id}"

    def move(browser: Browser, name: str) -> int:
        return browser.post(f"{address}/moves", {"move": name, "seen": seen_on(browser, address)}).status_code

    assert move(office.roads, "accept") == 303
    assert "「部長」の役割の職員が行いますが、この課にいません" in office.roads.get(address).text
    hire(CITY, "division@example.jp", {"road-management": ("bucho",)})
    assert "「部長」の役割の職員が行います(試験 職員)" in office.roads.get(address).text
    assert move(office.roads, "complete") != 303
    head = Browser(app, CITY, "192.0.2.73").sign_in_at_desk("division@example.jp")
    assert move(head, "complete") == 303
    assert state_of(case_id) == "completed"


@pytest.mark.usefixtures("no_roles")
def test_it_stays_while_somebody_holds_it_or_a_procedure_or_an_open_case_needs_it(
    administrator: Browser, office: Office
) -> None:
    assert make(administrator) == 303
    seen = {"seen": number_on(administrator)}
    publish_with_head()
    with city_session(CITY) as session:
        session.info.clear()
    case_id = report()
    assert "道路の損傷" in administrator.get(f"{ROLES}/bucho").text
    refused = administrator.post(f"{ROLES}/bucho/remove", seen)
    assert refused.status_code == 409 and "道路の損傷" in refused.text
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "road-damage")
        actions.save_draft(session, procedure, catalogue()["road-damage"], None)
        actions.publish(session, procedure, None)
    assert administrator.post(f"{ROLES}/bucho/remove", seen).status_code == 409, (
        "an open case goes by the former version"
    )
    for name in ("accept", "complete"):
        address = f"/desk/cases/{case_id}"
        done = office.roads.post(f"{address}/moves", {"move": name, "seen": seen_on(office.roads, address)})
        assert done.status_code == 303
    holder = hire(CITY, "holder@example.jp", {"citizens": ("bucho",)})
    assert "試験 職員" in administrator.post(f"{ROLES}/bucho/remove", seen).text
    with city_session(CITY) as session:
        set_roles(session, holder, {})
    assert administrator.post(f"{ROLES}/bucho/remove", seen).status_code == 303
    assert administrator.get(f"{ROLES}/bucho").status_code == 404
    with city_session(CITY) as session, pytest.raises(Conflict):
        city_roles.keep_city_roles(session, {"clerk", "bucho"})


def test_an_administrator_of_one_department_only_sees_them(app: Flask, office: Office) -> None:
    hire(CITY, "one@example.jp", {"citizens": ("admin",)})
    browser = Browser(app, CITY, "192.0.2.74").sign_in_at_desk("one@example.jp")
    assert browser.get(ROLES).status_code == 200
    assert browser.post(ROLES, BUCHO).status_code == 403
    with city_session(CITY) as session:
        who = session.scalars(select(Staff).where(Staff.email == "one@example.jp")).one()
        assert not city_roles.list_city_roles(session), Actor("staff", who.id, who.name)

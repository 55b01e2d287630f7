"""Views are recorded: once per sitting, without the text of a search, named to the office and not to the applicant."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.cases.events import of_case
from portal.cases.models import Case, Event
from portal.cases.queries import history, viewing_days, views
from portal.core import clock
from portal.core.database import city_session
from portal.core.events import SYSTEM, Actor, Subject, View, record, record_views
from portal.desk.viewing import ONE_LOOK
from portal.identity.models import Department
from portal.identity.resident_accounts import sign_in_account
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send

HTMX = {"HX_Request": "true"}
MISAKI = "misaki.looks@example.jp"


@pytest.fixture
def fresh(office: Office) -> int:
    with city_session(CITY) as session:
        account = sign_in_account(session, MISAKI, "ja")
        return send(session, begin(session, "road-occupancy", unshared_occupancy(), account)).id


def looks_at(case_id: int) -> list[tuple[str, int | None, str | None]]:
    with city_session(CITY) as session:
        return [(view.name, view.actor_id, view.actor_name) for view in views(session, case_id)]


def events(name: str) -> list[dict[str, Any]]:
    with city_session(CITY) as session:
        return list(session.scalars(select(Event.data).where(Event.name == name).order_by(Event.id)))


def test_one_sitting_leaves_one_trace_of_a_case_for_each_person(office: Office, fresh: int) -> None:
    for tab in ("content", "files", "messages", "history"):
        assert office.roads.get(f"/desk/cases/{fresh}?tab={tab}", **HTMX).status_code == 200
    assert office.roads.get(f"/desk/cases/{fresh}").status_code == 200
    assert [look[:2] for look in looks_at(fresh)] == [("case.viewed", office.roads_id)]
    office.second.get(f"/desk/cases/{fresh}")
    assert len(looks_at(fresh)) == 2


def test_a_look_of_another_hour_is_another_trace(office: Office, fresh: int, monkeypatch: pytest.MonkeyPatch) -> None:
    view = [View(of_case(fresh), "case.viewed")]
    with city_session(CITY) as session:
        record_views(session, Actor("staff", 1, "田中"), view, within=ONE_LOOK)
    moment = clock.now() + ONE_LOOK + timedelta(seconds=1)
    monkeypatch.setattr("portal.core.events.now", lambda: moment)
    with city_session(CITY) as session:
        record_views(session, Actor("staff", 1, "田中"), view, within=ONE_LOOK)
    assert len(looks_at(fresh)) == 2


def test_who_may_not_see_a_case_leaves_no_trace_of_having_seen_it(office: Office, fresh: int) -> None:
    assert office.citizens.get(f"/desk/cases/{fresh}").status_code == 404
    assert looks_at(fresh) == []


def test_views_are_listed_apart_from_what_happened(office: Office, fresh: int) -> None:
    office.roads.get(f"/desk/cases/{fresh}")
    with city_session(CITY) as session:
        assert [event.name for event in history(session, fresh)] == ["case.submitted"]
    page = office.roads.get(f"/desk/cases/{fresh}?tab=history", **HTMX).text
    assert "閲覧の記録 1件" in page
    assert "内容を見ました" in page
    assert "佐藤 美咲" in page, "the applicant is named from the case"


def test_the_trail_itself_holds_no_name_of_an_applicant(fresh: int) -> None:
    with city_session(CITY) as session:
        assert set(session.scalars(select(Event.actor_name).where(Event.actor_kind != "staff"))) == {None}


def test_the_applicant_sees_day_and_department_and_no_name(app: Flask, office: Office, fresh: int) -> None:
    office.roads.get(f"/desk/cases/{fresh}")
    office.second.get(f"/desk/cases/{fresh}")
    with city_session(CITY) as session:
        case = session.get_one(Case, fresh)
        public_id = case.public_id
        department = session.get_one(Department, case.department_id)
        assert viewing_days(session, case) == [(clock.today(), department.id)]
        names = [name for _event, _id, name in looks_at(fresh)]
    page = Browser(app, CITY, "192.0.2.40").sign_in(MISAKI).get(f"/me/cases/{public_id}").text
    section = page[page.index('id="viewed"') :].partition("</section>")[0]
    assert f"<dd>{department.title['ja']}</dd>" in section
    assert section.count("<dt>") == 1
    assert names
    assert all(name and name not in page for name in names)


def test_a_list_leaves_one_trace_that_names_its_filters_and_nothing_typed(office: Office) -> None:
    before = len(events("list.viewed"))
    for query in ("試験", "神明", "試験"):
        assert office.clerk.get(f"/desk?q={query}&status=new", HX_Target="pane").status_code == 200
    office.clerk.get("/desk?q=だれもいない名前ですよ&status=no")
    new = events("list.viewed")[before:]
    assert [view["filters"] for view in new] == ["status q"]
    assert new[0]["rows"] > 0
    office.clerk.get("/desk?status=new&order=new")
    assert [view["filters"] for view in events("list.viewed")[before:]] == ["status q", "status order"]


def test_taking_the_payments_along_is_recorded_each_time(office: Office) -> None:
    before = len(events("export.made"))
    for _time in range(2):
        assert office.roads.get("/desk/payments/table.csv?day=2026-01-05").status_code == 200
    new = events("export.made")[before:]
    assert new == [{"what": "payments", "rows": 0, "from": "2026-01-05", "to": "2026-01-05"}] * 2


def test_an_event_is_of_something_declared(office: Office) -> None:
    with city_session(CITY) as session:
        with pytest.raises(ValueError, match="undeclared subject"):
            record(session, Subject("moon", 1), "list.viewed", SYSTEM)
        assert session.scalar(select(func.count()).where(Event.subject_kind == "moon")) == 0

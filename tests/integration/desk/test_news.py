"""A page of the desk is told of what others do: how much of its list has news, and who else has its case open. It keeps no visit alive."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from portal.cases.desk_models import CasePresence
from portal.cases.jobs import forget_presence
from portal.cases.presence import be_present
from portal.core import clock
from portal.core.database import city_session
from portal.core.sessions import WebSession
from portal.identity import read_staff
from portal.identity.models import Staff
from tests.integration.desk.conftest import CITY, Office
from tests.integration.money.test_lock_order import run_until_blocked
from tests.kit.browser import Browser


def since(desk: Browser, query: str) -> str:
    page = desk.get(f"/desk?{query}").text
    return re.findall(r'data-news="(\d+)"', page)[0]


def ask(desk: Browser, query: str, mark: str, case: int | str = "", writing: str = "0") -> dict[str, Any]:
    answer = desk.post(f"/desk/news?{query}", {"since": mark, "case": str(case), "writing": writing})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json
    return told


@pytest.fixture
def alone() -> None:
    with city_session(CITY) as session:
        session.execute(delete(CasePresence))


def test_what_others_do_to_cases_of_the_list_is_news(office: Office) -> None:
    query = "procedure=road-damage"
    mark, own = since(office.roads, query), since(office.second, query)
    assert ask(office.roads, query, mark)["news"] == ""
    report = sorted(office.reports)[0]
    noted = office.second.post(f"/desk/cases/{report}/notes", {"note_body": "現地を見ました。"})
    assert noted.status_code == 303
    assert ask(office.roads, query, mark)["news"] == "1件に新しい動きがあります"
    assert ask(office.second, query, own)["news"] == "", "one knows what one did"
    assert ask(office.roads, "procedure=dog-registration", mark)["news"] == ""
    assert ask(office.citizens, query, mark)["news"] == "", "of other departments nothing is told"
    assert ask(office.roads, query, since(office.roads, query))["news"] == ""


def test_to_look_at_a_case_is_no_news(office: Office) -> None:
    mark = since(office.roads, "view=all")
    assert office.second.get(f"/desk/cases/{sorted(office.reports)[60]}").status_code == 200
    assert ask(office.roads, "view=all", mark)["news"] == ""


def test_colleagues_see_that_somebody_reads_or_writes(office: Office, alone: None) -> None:
    case = office.permit
    assert ask(office.roads, "", "0", case)["colleagues"] == ""
    told = ask(office.second, "", "0", case)["colleagues"]
    assert told.endswith("閲覧中")
    ask(office.second, "", "0", case, writing="1")
    assert ask(office.roads, "", "0", case)["colleagues"].endswith("記入中")


def test_who_went_is_forgotten(office: Office, alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(office.second, "", "0", office.permit)
    with city_session(CITY) as session:
        session.execute(update(CasePresence).values(seen_at=clock.now() - timedelta(minutes=1)))
    assert ask(office.roads, "", "0", office.permit)["colleagues"] == ""
    with city_session(CITY) as session:
        session.execute(update(CasePresence).values(seen_at=clock.now() - timedelta(minutes=10)))
    ask(office.roads, "", "0", office.permit)
    forget_presence()
    with city_session(CITY) as session:
        assert session.scalars(select(CasePresence.staff_id)).all() == [office.roads_id]


def test_pages_that_ask_at_once_do_not_wait_for_each_other(office: Office, alone: None) -> None:
    """Two computers wake up: the rows of both are old, and both ask in the same moment."""
    with city_session(CITY) as session:
        colleagues = session.scalars(select(Staff.id).where(Staff.email.in_(("roads@example.jp", "second@example.jp"))))
        people = [staff for staff_id in colleagues.all() if (staff := read_staff(session, staff_id))]
        for staff in people:
            be_present(session, office.permit, staff, writing=False)
        session.execute(update(CasePresence).values(seen_at=clock.now() - timedelta(hours=1)))
    with city_session(CITY) as first, city_session(CITY) as second:
        for session, staff in zip((first, second), people, strict=True):
            session.execute(text("SET LOCAL lock_timeout = '3s'"))  # whoever waits for the other fails
            be_present(session, office.permit, staff, writing=True)
    with city_session(CITY) as session:
        present = select(CasePresence.staff_id).where(CasePresence.seen_at > clock.now() - timedelta(minutes=5))
        assert {staff.id for staff in people} <= set(session.scalars(present))


def test_who_comes_back_while_rows_are_forgotten_stays(office: Office, alone: None) -> None:
    with city_session(CITY) as session:
        staff = read_staff(session, office.roads_id)
        assert staff
        be_present(session, office.permit, staff, writing=False)
        session.execute(update(CasePresence).values(seen_at=clock.now() - timedelta(hours=1)))
    with ThreadPoolExecutor(1) as pool:
        with city_session(CITY) as session:
            be_present(session, office.permit, staff, writing=False)
            forgetting = run_until_blocked(session, pool, forget_presence)
        forgetting.result()
    with city_session(CITY) as session:
        assert session.scalars(select(CasePresence.staff_id)).all() == [office.roads_id]


def test_nobody_is_present_at_a_case_of_another_department(office: Office, alone: None) -> None:
    for desk in (office.citizens, office.clerk):
        ask(desk, "", "0", sorted(office.reports)[3])
    assert ask(office.citizens, "", "0", sorted(office.reports)[3])["colleagues"] == ""
    for broken in ("abc", "9" * 30, "-1", "0"):
        assert ask(office.roads, "", broken, broken) == {"news": "", "colleagues": ""} or broken == "0"


def test_asking_does_not_keep_a_visit_alive(office: Office) -> None:
    long_ago = clock.now() - timedelta(minutes=5)
    mark = since(office.clerk, "view=all")
    with city_session(CITY) as session:
        session.execute(update(WebSession).values(seen_at=long_ago))
    ask(office.clerk, "view=all", mark)
    with city_session(CITY) as session:
        assert set(session.scalars(select(WebSession.seen_at))) == {long_ago}
    assert office.clerk.get("/desk?view=all").status_code == 200
    with city_session(CITY) as session:
        assert len(set(session.scalars(select(WebSession.seen_at)))) == 2

"""Colleagues who are away: who stands in sees their desk, nothing is put on it unsaid, and on the return everything is there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.core.clock import frozen, now, today
from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid
from portal.core.events import Event
from portal.identity import staff_absences, staff_administration
from portal.identity.actions import create_staff
from portal.identity.models import Staff, StaffAbsence, StaffRole
from portal.identity.staff_absence_entries import enter_absence, possible_deputies
from tests.integration.desk.conftest import CITY
from tests.integration.desk.test_staff_changes import Team, chief, clerks, hidden, team
from tests.kit.browser import Browser
from tests.kit.people import PASSWORD, SECRET

__all__ = ["team"]


@pytest.fixture
def deputy(team: Team) -> Iterator[int]:
    """A clerk of both departments in which the one who will be away works; nobody is away at the end."""
    with city_session(CITY) as session:
        roles = {team.roads: {"clerk"}, team.parks: {"clerk", "inspector"}}
        staff_id = create_staff(
            session, "deputy@absence.example.jp", "deputy 職員", PASSWORD, roles, totp_secret=SECRET
        )[0].id
    yield staff_id
    with city_session(CITY) as session:
        session.execute(delete(StaffAbsence))
        session.execute(delete(StaffRole).where(StaffRole.staff_id == staff_id))
        session.execute(update(Staff).where(Staff.id == staff_id).values(active=False))


def send_away(team: Team, deputy: int, days: int = 9) -> None:
    address = f"/desk/staff/{team.leaver}/absences"
    team.chief.get(address)
    last = today() + timedelta(days=days)
    fields = {"first_day": today().isoformat(), "last_day": last.isoformat(), "deputy": str(deputy)}
    assert team.chief.post(address, fields).status_code == 303


def test_the_deputy_sees_the_desk_of_who_is_away_until_the_return(app: Flask, team: Team, deputy: int) -> None:
    desk = Browser(app, CITY).sign_in_at_desk("deputy@absence.example.jp")
    assert "leaver 職員さんの代理" not in desk.get("/desk?view=all").text
    send_away(team, deputy)
    assert "leaver 職員さんの代理" in desk.get("/desk?view=all").text
    page = desk.get(f"/desk?view=for-{team.leaver}").text
    assert all(f'data-case-id="{case}"' in page for case in team.cases)
    assert page.count("data-case-id=") == len(team.cases)
    heir = Browser(app, CITY).sign_in_at_desk("heir@leaving.example.jp")
    assert "さんの代理" not in heir.get("/desk?view=all").text

    address = f"/desk/staff/{team.leaver}/absences"
    with city_session(CITY) as session:
        absence = staff_absences.absences_of(session, team.leaver)[0]
    assert "もどった" in team.chief.get(address).text
    assert team.chief.post(f"{address}/{absence.id}/end").status_code == 303
    assert "さんの代理" not in desk.get("/desk?view=all").text
    assert team.chief.post(f"{address}/{absence.id}/end").status_code == 404
    assert clerks(team) == [team.leaver] * 3  # nothing has moved
    with city_session(CITY) as session:
        of_leaver = select(Event.name).where(Event.subject_kind == "staff", Event.subject_id == team.leaver)
        names = list(session.scalars(of_leaver.order_by(Event.id)))
    assert names[-2:] == ["staff.absence_entered", "staff.absence_ended"]


def test_an_absence_ends_by_itself(app: Flask, team: Team, deputy: int) -> None:
    send_away(team, deputy, days=2)
    with frozen(now() + timedelta(days=3)), city_session(CITY) as session:
        assert staff_absences.stands_in_for(session, deputy) == []
        assert staff_absences.absences_of(session, team.leaver) == []


def test_nothing_is_put_on_the_desk_of_who_is_away_before_that_was_said(app: Flask, team: Team, deputy: int) -> None:
    send_away(team, deputy)
    case, desk = team.cases[0], Browser(app, CITY).sign_in_at_desk("heir@leaving.example.jp")
    address = f"/desk/cases/{case}/assignee"
    page = desk.get(f"/desk/cases/{case}").text
    assert "まで不在・代理 deputy 職員" in page
    taken = desk.post(address, {"staff_id": str(team.heir), "seen_assignee": str(team.leaver)})
    assert taken.status_code == 303
    warned = desk.post(address, {"staff_id": str(team.leaver), "seen_assignee": str(team.heir)})
    assert warned.status_code == 409
    assert "このまま担当にするときは、もう一度押してください" in warned.text
    assert clerks(team)[0] == team.heir
    again = {
        "staff_id": str(team.leaver),
        "seen_assignee": str(team.heir),
        "warned_of": hidden(warned.text, "warned_of"),
    }
    assert desk.post(address, again).status_code == 303
    assert clerks(team)[0] == team.leaver


def test_who_stands_in_can_do_the_same_and_is_there(team: Team, deputy: int) -> None:
    first, last = today(), today() + timedelta(days=5)
    with city_session(CITY) as session:
        assert [key for key, _name in possible_deputies(session, team.leaver) if key in (team.heir, deputy)] == [deputy]
        for days, field in (((first, None), "last_day"), ((last, first), "last_day"), ((None, last), "first_day")):
            with pytest.raises(Invalid) as refused:
                enter_absence(session, chief(team), team.leaver, deputy, *days)
            assert field in refused.value.fields
        past = first - timedelta(days=3), first - timedelta(days=1)
        for person, days in ((team.heir, (first, last)), (team.leaver, (first, last)), (deputy, past)):
            with pytest.raises(Invalid):
                enter_absence(session, chief(team), team.leaver, person, *days)
        enter_absence(session, chief(team), team.leaver, deputy, first, last)
        with pytest.raises(Conflict, match="ほかの不在"):
            enter_absence(session, chief(team), team.leaver, deputy, last, last)
        with pytest.raises(Conflict, match="この間に不在"):
            enter_absence(session, chief(team), team.heir, team.leaver, last, last)
        staff_administration.change_roles(
            session, chief(team), team.heir, frozenset({(None, "clerk"), (None, "inspector")})
        )
        with pytest.raises(Conflict, match="の代理です"):  # nobody would see the desk of the first one
            enter_absence(session, chief(team), deputy, team.heir, last, last)


def test_days_that_cannot_be_are_told_beside_their_fields(team: Team, deputy: int) -> None:
    address = f"/desk/staff/{team.leaver}/absences"
    team.chief.get(address)
    refused = team.chief.post(address, {"first_day": "", "last_day": "2020-01-01", "deputy": ""})
    assert refused.status_code == 422
    assert "はじめの日を入力してください" in refused.text
    assert "今日からあとの日" in refused.text
    assert "同じ課で同じことができる職員から" in refused.text
    assert 'value="2020-01-01"' in refused.text

"""A department that closes: everything that it has goes to another one, and nothing is left behind."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event as Signal

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.catalogue import entry_of
from portal import news, standard_texts, tills
from portal.app import create_app
from portal.cases.models import Case, CasePlace
from portal.core.clock import now, today
from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import SYSTEM, Actor, Event
from portal.identity import (
    belongings,
    department_administration,
    department_by_key,
    departments_by_key,
    list_departments,
    read_staff,
)
from portal.identity.actions import create_staff
from portal.identity.department_pages import KINDS
from portal.identity.models import Department, StaffRole
from portal.maps import catalogue
from portal.procedures import procedure
from tests.kit.browser import Browser
from tests.kit.city import bare_case, inhabited
from tests.kit.people import PASSWORD, SECRET

CITY = "hino"
NEVER_CHANGED = {"case_transfer", "charge", "deletion_record", "payout"}
"""What keeps the department of its time."""


@dataclass
class Hall:
    """An administrator of the whole city and one of the roads office, at their desks."""

    chief: Browser
    chief_id: int
    local: Browser
    local_id: int


@pytest.fixture
def hall() -> Iterator[Hall]:
    app: Flask = create_app()
    with inhabited([CITY], ["road-damage"]):
        with city_session(CITY) as session:
            ids = {row.key: row.id for row in list_departments(session)}

            def hire(name: str, roles: dict[int | None, set[str]]) -> int:
                email = f"{name}@departments.example.jp"
                return create_staff(session, email, f"{name} 職員", PASSWORD, roles, totp_secret=SECRET)[0].id

            chief = hire("chief", {None: {"admin"}})
            local = hire("local", {ids["road-management"]: {"admin", "clerk"}, ids["citizens"]: {"clerk"}})
        desks = [
            Browser(app, CITY, f"192.0.2.{place}").sign_in_at_desk(f"{who}@departments.example.jp")
            for place, who in ((91, "chief"), (92, "local"))
        ]
        yield Hall(desks[0], chief, desks[1], local)


def hidden(page: str, name: str) -> str:
    field = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert field is not None, name
    return field[1]


def department_events() -> list[tuple[str, dict[str, object]]]:
    with city_session(CITY) as session:
        rows = session.execute(
            select(Event.name, Event.data).where(Event.subject_kind == "department").order_by(Event.id)
        )
        return [(row.name, row.data) for row in rows]


def furnish_roads(hall: Hall) -> tuple[int, int]:
    """Give the roads office something of every kind that departments have; the ids of it and of its successor."""
    with city_session(CITY) as session:
        citizens = department_by_key(session, "citizens")
        assert citizens is not None
        contact = {"hours": "平日 9:00〜16:00", "mail": "citizens@hino.example.jp"}
        particulars = replace(department_administration.particulars_of(citizens), **contact)
        department_administration.save_department(session, SYSTEM, "citizens", particulars)
        roads, parks = (
            session.scalars(select(Department.id).where(Department.key == key)).one()
            for key in ("road-management", "citizens")
        )
        bare_case(session, "road-damage", "日-1123-00001").assignee_id = hall.local_id
        done = bare_case(session, "road-damage", "日-1123-00002")
        done.status, done.state, done.closed_at = "ok", "completed", now()
        for department in (parks, roads):
            session.execute(
                text(
                    "INSERT INTO case_view (department_id, name, query, at, layers, base, position, made_at)"
                    " VALUES (:department, :name, 'status=open', '', NULL, '', 0, now())"
                ),
                {"department": department, "name": f"表示 {department}"},
            )
        article = news.Content(news.SUBJECTS[0], {"ja": "工事"}, {"ja": "通れません。"}, today(), None)
        news.save_article(session, None, article, department_id=roads, actor=SYSTEM, expected_version=0)
        words = standard_texts.StandardContent("message", None, "あいさつ", {"ja": "お世話になります。"})
        standard_texts.save_text(session, None, words, department_id=roads, actor=SYSTEM, expected_version=0)
        tills.add_till(session, roads, "道路課のレジ", 0, SYSTEM)
        for department in (roads, parks):
            session.execute(
                text(
                    "INSERT INTO program_key (name, department_id, digest, beginning, layers, procedures, valid_until, staff_id, created_at)"
                    " VALUES ('地図', :department, :digest, 'mdg_', '[]', '[]', current_date, :staff, now())"
                ),
                {"department": department, "digest": str(department).encode(), "staff": hall.local_id},
            )
        entry = entry_of(session, "city-boundary")
        assert entry is not None
        described = replace(
            catalogue.description_of(entry), owner="road-management", editors=["citizens", "road-management"]
        )
        catalogue.describe_layer(session, "city-boundary", described, SYSTEM)
    return roads, parks


def test_a_department_that_closes_leaves_nothing_behind(hall: Hall) -> None:
    roads, parks = furnish_roads(hall)
    assert following() == naming() - NEVER_CHANGED - {"department"} | {"case_place"}
    assert KINDS.keys() == belongings.belongings().keys()
    address = "/desk/departments/road-management/close"
    refused_while_a_till_is_open(hall, address)
    page = hall.chief.get(address).text
    for title, count in (("手続き", 1), ("案件", 2), ("プログラムの鍵", 1), ("お知らせ", 1), ("レジ", 1)):
        assert re.search(rf"<dt>{title}[^<]*</dt><dd>{count}</dd>", page), title
    ask = hall.chief.post(address, {"successor": "citizens", "seen": hidden(page, "seen")})
    assert ask.status_code == 200
    assert "同じ役割を持ち" in ask.text
    assert department_by_key_of("road-management") == roads
    confirmed = {"successor": "citizens", "step": "confirm", "seen": hidden(ask.text, "seen")}
    done = hall.chief.post(address, confirmed)
    assert done.status_code == 303
    assert hall.chief.post(address, confirmed).location == done.location
    assert hall.chief.post(address, confirmed | {"successor": "parks"}).status_code == 404
    assert "引き継いだ課" in hall.chief.get(done.location).text
    with city_session(CITY) as session:
        assert left_with(session, roads) == {}
        assert set(session.scalars(select(Case.department_id))) == {parks}
        assert set(session.scalars(select(CasePlace.department_id))) <= {parks}
        assert session.scalars(select(Case.assignee_id).where(Case.closed_at.is_(None))).all() == [hall.local_id]
        assert department_by_key_of("road-management") == parks
        assert departments_by_key(session)["road-management"].key == "citizens"
        assert procedure(session, "road-damage").department_id == parks
        entry = entry_of(session, "city-boundary")
        assert entry is not None
        assert (entry.owner, list(entry.editors)) == ("citizens", ["citizens"])
        roles = session.scalars(select(StaffRole.role).where(StaffRole.staff_id == hall.local_id)).all()
        assert sorted(roles) == ["admin", "clerk"]
        staff = read_staff(session, hall.local_id)
        assert staff is not None
        assert staff.may("case.see", parks)
        assert staff.may("case.see", roads)  # what books and payouts keep under its name
        names = session.scalars(text("SELECT name FROM program_key ORDER BY id")).all()
        assert len(set(names)) == 2
        case = session.scalars(select(Case.id).where(Case.closed_at.is_(None))).one()
        told = session.scalars(
            select(Event.data).where(Event.name == "case.transferred", Event.subject_id == case)
        ).all()
        assert told == [{"from_department": roads, "to_department": parks}]
    (data,) = [data for name, data in department_events() if name == "department.closed"]
    assert data["successor"] == "citizens"
    assert data["moved"]["case"] == 2
    assert hall.chief.get("/desk/departments/road-management").status_code == 404
    residents = hall.chief.get("/procedures/road-damage").text
    assert "市民窓口課" in residents or "市民課" in residents
    for page in (residents, hall.chief.get("/help").text):
        assert '<span lang="ja">平日 9:00〜16:00</span>' in page
        assert 'href="mailto:citizens@hino.example.jp"' in page
    assert f"/desk/cases/{case}" in hall.local.get("/desk").text
    refused = hall.chief.post("/desk/new-department", {"key": "road-management", "title_ja": "新しい課"})
    assert "閉じた課が使っていました" in refused.text


def refused_while_a_till_is_open(hall: Hall, address: str) -> None:
    with city_session(CITY) as session:
        till = session.scalars(text("SELECT id FROM till")).one()
        opened = "INSERT INTO till_shift (till_id, status, float_amount, opened_by, opened_at) VALUES (:till, 'open', 0, :staff, now())"
        session.execute(text(opened), {"till": till, "staff": hall.local_id})
    refused = hall.chief.get(address).text
    assert "開いているレジがあります" in refused
    assert 'name="successor"' not in refused
    with city_session(CITY) as session, pytest.raises(Conflict, match="開いているレジ"):
        department_administration.close_department(session, SYSTEM, "road-management", "citizens")
    with city_session(CITY) as session:
        session.execute(text("DELETE FROM till_shift"))


def naming() -> set[str]:
    """The tables that name a department."""
    query = (
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = 'department'::regclass"
    )
    with city_session(CITY) as session:
        return set(session.scalars(text(query)))


def following() -> set[str]:
    """The tables in which the database itself takes a row to the successor of its department."""
    query = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'follow_department' AND tgrelid::regclass::text NOT LIKE '%.%'"
    with city_session(CITY) as session:
        return set(session.scalars(text(query)))


def department_by_key_of(key: str) -> int:
    with city_session(CITY) as session:
        department = department_by_key(session, key)
        assert department is not None
        return department.id


def left_with(session: Session, department_id: int) -> dict[str, int]:
    """How many rows of each table still name a department, but for what is never changed."""
    columns = session.execute(
        text(
            "SELECT conrelid::regclass::text AS name, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.confrelid = 'department'::regclass ORDER BY 1"
        )
    ).all()
    tables = {(name, column) for name, column in columns if name not in {*NEVER_CHANGED, "department"}}
    tables |= {("case_place", "department_id")}
    counted = {
        name: session.scalar(text(f"SELECT count(*) FROM {name} WHERE {column} = :id"), {"id": department_id})
        for name, column in tables
    }
    return {name: count for name, count in counted.items() if count}


def test_what_arrives_while_a_department_closes_goes_to_its_successor_and_so_does_its_key_for_ever(hall: Hall) -> None:
    held, arriving = Signal(), Signal()

    def send() -> None:
        held.wait(30)
        with city_session(CITY) as session:
            arriving.set()
            bare_case(session, "road-damage", "日-1123-00009")

    with ThreadPoolExecutor(1) as pool:
        with city_session(CITY) as session:
            department_administration.close_department(session, SYSTEM, "road-management", "citizens")
            sent = pool.submit(send)
            held.set()
            arriving.wait(30)
        sent.result(30)
    successor = department_by_key_of("citizens")
    with city_session(CITY) as session:
        assert session.scalars(select(Case.department_id)).all() == [successor]
        others = [row.key for row in list_departments(session) if row.key != "citizens"]
        department_administration.close_department(session, SYSTEM, "citizens", others[0])
    assert department_by_key_of("road-management") == department_by_key_of(others[0])
    for wrong in ("citizens", "nowhere", others[0]):
        with city_session(CITY) as session, pytest.raises(Invalid):
            department_administration.close_department(session, SYSTEM, others[0], wrong)
    local = Actor("staff", hall.local_id, "local 職員")
    with city_session(CITY) as session, pytest.raises(Forbidden):
        department_administration.close_department(session, local, others[0], others[1])

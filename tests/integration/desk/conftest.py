"""日野市 with three offices at their desks, an application for a permit made through the public pages, and many reports on the map."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select
from sqlalchemy.engine import Engine

from portal.cases.models import Case, CasePlace
from portal.cases.search_index import VERSION, line_terms, word_terms
from portal.core.clock import now, today
from portal.core.config import settings
from portal.core.database import city_session, owner_engine
from portal.identity.models import Department
from portal.procedures import queries
from tests.integration.desk.allotments import discard, load
from tests.kit.answers import occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, inhabited, send

CITY = "hino"
PROCEDURES = ("road-occupancy", "road-damage", "dog-registration")
TILE = (15, 29072, 12904)
"""A tile of zoom 15 in 日野市, about a kilometre wide, that contains all the reports."""
WEST, SOUTH, STEP = 139.3955, 35.6695, 0.0004
STATUSES = (("new", "received"), ("review", "accepted"), ("ok", "completed"), ("no", "refused"))
REPORTS = 130


@dataclass
class Office:
    """The staff at their desks, and the ids of the cases."""

    roads: Browser
    roads_id: int
    second: Browser
    citizens: Browser
    clerk: Browser
    permit: int
    permit_number: str
    reports: frozenset[int]


def reports(department_id: int, version_id: int, assignee: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of cases and of their places: every status, some late, some assigned, names in kanji and half-width kana."""
    moment, cases, places = now(), [], []
    for number in range(REPORTS):
        status, state = STATUSES[number % 4]
        closed = status in {"ok", "no"}
        shared = {
            "procedure_key": "road-damage",
            "department_id": department_id,
            "assignee_id": assignee if number % 3 == 0 else None,
            "status": status,
            "state": state,
            "due_on": today() + timedelta(days=number % 10 - 3),
            "submitted_at": moment - timedelta(hours=number // 2),
        }
        name = "ｽｽﾞｷ 健太" if number == 7 else f"試験 {number}"
        cases.append(
            shared
            | {
                "number": f"日-0101-{90000 + number}",
                "public_id": f"report-{number}",
                "version_id": version_id,
                "title": "道路の損傷の連絡",
                "applicant_name": name,
                "place_label": "神明二丁目" if number % 2 else "多摩平一丁目",
                "language": "ja",
                "answers": {},
                "facts": {},
                "fee": {"lines": [], "total": 0, "due": {"submission": 0, "approved": 0}},
                "search_bigrams": line_terms([name]) + word_terms(["神明二丁目" if number % 2 else "多摩平一丁目"]),
                "search_version": VERSION,
                "closed_at": moment if closed else None,
                "updated_at": moment,
            }
        )
        lon, lat = WEST + STEP * (number % 13), SOUTH + STEP * (number // 13)
        point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
        places.append(shared | {"field": "spot", "geom": point})
    return cases, places


def _many(department_id: int, assignee: int) -> frozenset[int]:
    with city_session(CITY) as session:
        version = queries.offer(session, "road-damage").version_id
        cases, places = reports(department_id, version, assignee)
        ids = list(session.scalars(insert(Case).returning(Case.id, sort_by_parameter_order=True), cases))
        for case_id, place in zip(ids, places, strict=True):
            session.execute(insert(CasePlace).values(case_id=case_id, **place))
    return frozenset(ids)


@pytest.fixture(scope="package")
def office(app: Flask) -> Iterator[Office]:
    """See `Office`."""
    with inhabited([CITY], PROCEDURES):
        every_role = ("clerk", "decider", "cashier")
        roads_id = hire(CITY, "roads@example.jp", {"road-management": every_role})
        hire(CITY, "second@example.jp", {"road-management": every_role})
        hire(CITY, "clerk@example.jp", {"road-management": ("clerk",)})
        hire(CITY, "citizens@example.jp", {"citizens": every_role})
        with city_session(CITY) as session:
            department = session.scalars(select(Department.id).where(Department.key == "road-management")).one()
        many = _many(department, roads_id)
        with city_session(CITY) as session:
            case = send(session, begin(session, "road-occupancy", occupancy()))
            permit, number = case.id, case.number
        desks = [
            Browser(app, CITY, f"192.0.2.{place}").sign_in_at_desk(f"{who}@example.jp")
            for place, who in enumerate(("roads", "second", "citizens", "clerk"), 10)
        ]
        yield Office(desks[0], roads_id, desks[1], desks[2], desks[3], permit, number, many)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Decisions wait for a minute, as they do in a city."""
    monkeypatch.setenv("MADOGUCHI_DECISION_HOLD_SECONDS", "60")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def allotments(office: Office) -> Iterator[None]:
    """The layer that people edit (see `allotments.py`), without drafts."""
    with city_session(CITY) as session:
        load(session)
    yield
    for browser in (office.roads, office.second):
        discard(browser)


_OF_MONEY = (
    "issued_document",
    "document_content",
    "document",
    "payment_note",
    "slip_line",
    "slip_file",
    "card_statement_line",
    "till_entry",
    "card_settlement",
    "card_statement",
    "card_company",
    "till_shift",
    "till_banking",
    "till",
    "payment_attempt",
    "order_line",
    "payment_order",
    "charge",
)


def forget_money() -> None:
    """Delete what was owed and paid in the office, so that the next test finds its permit without fees."""
    with owner_engine().begin() as connection:
        for table in _OF_MONEY:
            connection.exec_driver_sql(f"DELETE FROM city_{CITY}.{table}")


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that goes to the database from here on."""
    sent: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    yield sent
    event.remove(Engine, "before_cursor_execute", keep)

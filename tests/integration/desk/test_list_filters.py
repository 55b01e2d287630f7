"""What the desk's list is filtered and sorted by besides the words of a case: the same cases stand in the list and on the map."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import delete, insert, select, update

from portal.cases.models import Case, CasePlace
from portal.core.clock import now, today
from portal.core.database import city_session
from portal.identity.models import Staff
from portal.payments.models import Charge
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_list_and_map import EVERY_STATUS, ROW, listed, on_map

STATES = {0: "owed", 4: "pending", 8: "review", 12: "paid"}
"""Of the charge of a report, by its number; all of these reports are new."""


def reports(office: Office) -> list[int]:
    return sorted(office.reports)


@pytest.fixture(scope="module", autouse=True)
def matters(office: Office) -> Iterator[None]:
    """Charges of four reports, an answer that is late and one that is not, and a report that somebody telephoned."""
    ids = reports(office)
    with city_session(CITY) as session:
        rows = {"purpose": "submission", "number": 1, "rule_id": "", "about": "", "title": {}, "detail": {}}
        for number, status in STATES.items():
            received = 500 if status == "paid" else 0
            values = rows | {"case_id": ids[number], "status": status, "amount": 500, "received": received}
            session.execute(insert(Charge).values(values | {"created_at": now()}))
        session.execute(update(Case).where(Case.id == ids[1]).values(answer_by=today() - timedelta(days=1)))
        session.execute(update(Case).where(Case.id == ids[5]).values(answer_by=today()))
        session.execute(update(Case).where(Case.id == ids[9]).values(channel="phone"))
    yield
    with city_session(CITY) as session:
        session.execute(delete(Charge).where(Charge.case_id.in_(ids)))
        session.execute(update(Case).where(Case.id.in_(ids)).values(answer_by=None, channel="online"))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("money=unpaid", {0}),
        ("money=pending", {4, 8}),
        ("money=paid", {12}),
        ("money=unpaid&money=paid", {0, 12}),
        ("correction=late", {1}),
        ("channel=phone", {9}),
        ("channel=phone&channel=counter", {9}),
        ("money=paid&channel=phone", set()),
    ],
)
def test_the_list_and_the_map_are_filtered_alike(office: Office, query: str, numbers: set[int]) -> None:
    ids = reports(office)
    expected = {ids[number] for number in numbers}
    query = f"procedure=road-damage&{query}"
    assert set(listed(office.roads, query)) & office.reports == expected
    assert on_map(office.roads, query) & office.reports == expected


def test_everybody_finds_what_lies_on_a_colleagues_desk(office: Office) -> None:
    query = f"procedure=road-damage&assignee={office.roads_id}"
    assigned = set(listed(office.second, query))
    assert assigned == set(listed(office.roads, "procedure=road-damage&view=mine"))
    assert assigned & office.reports == office.reports & on_map(office.second, query)
    with city_session(CITY) as session:
        name = session.scalar(select(Staff.name).where(Staff.id == office.roads_id))
    page = office.second.get(f"/desk?{query}").text
    assert f'<option value="{office.roads_id}" selected>{name}</option>' in page
    assert f"担当：{name}" in page


def test_each_condition_is_taken_away_by_itself(office: Office) -> None:
    page = office.roads.get("/desk?procedure=road-damage&money=unpaid&money=paid&channel=phone").text
    taken = re.findall(r'<a class="filter is-selected" href="([^"]+)">([^<]+) <svg', page)
    words = {text.strip(): href.replace("&amp;", "&") for href, text in taken}
    assert words["料金：未払い"] == "/desk?procedure=road-damage&money=paid&channel=phone"
    assert words["受け付けた方法：電話"] == "/desk?procedure=road-damage&money=unpaid&money=paid"


def test_who_does_not_see_money_does_not_find_it_out_by_asking(office: Office) -> None:
    for query in ("money=unpaid", "order=money"):
        assert not set(listed(office.citizens, f"procedure=road-damage&{query}")) & office.reports


def test_a_case_on_another_ones_ground_is_found(office: Office) -> None:
    place = select(CasePlace).where(CasePlace.case_id == office.permit)
    others = listed(office.roads, "conflict=1")
    with city_session(CITY) as session:
        own = session.scalars(place).one()
        other = reports(office)[2]
        columns = {column.key: getattr(own, column.key) for column in CasePlace.__table__.c}
        for name in ("id", "cell"):
            columns.pop(name)
        columns |= {"case_id": other, "status": "ok", "state": "approved"}
        session.execute(insert(CasePlace).values(columns))
    try:
        assert set(listed(office.roads, "conflict=1")) - set(others) == {office.permit}
        assert on_map(office.roads, "conflict=1") <= {office.permit, *others}
        with city_session(CITY) as session:
            beyond = today() + timedelta(days=4000)
            later = update(CasePlace).where(CasePlace.case_id == other, CasePlace.procedure_key == own.procedure_key)
            session.execute(later.values(starts_on=beyond, ends_on=beyond))
        assert listed(office.roads, "conflict=1") == others
    finally:
        with city_session(CITY) as session:
            session.execute(
                delete(CasePlace).where(CasePlace.case_id == other, CasePlace.procedure_key == own.procedure_key)
            )


@pytest.mark.parametrize("order", ["due", "new", "number", "state", "assignee", "money", "place"])
def test_every_order_shows_every_case_once(office: Office, order: str) -> None:
    plain = listed(office.roads, "procedure=road-damage")
    ordered = listed(office.roads, f"procedure=road-damage&order={order}")
    assert len(ordered) == len(set(ordered))
    assert set(ordered) == set(plain)
    with city_session(CITY) as session:
        rows = {row.id: row for row in session.scalars(select(Case).where(Case.id.in_(ordered)))}
    keys = {
        "due": lambda row: (row.due_on, row.id),
        "number": lambda row: row.number,
        "state": lambda row: (row.status != "new", row.due_on, row.id),
        "assignee": lambda row: (row.assignee_id is None, row.due_on, row.id),
    }
    if order in keys:
        assert ordered == sorted(ordered, key=lambda case_id: keys[order](rows[case_id]))


def test_orders_that_no_index_has_are_of_open_cases(office: Office) -> None:
    page = office.roads.get(f"/desk?{EVERY_STATUS}&order=assignee").text
    assert "order=assignee" not in re.findall(r'href="(/desk\?[^"]*order=[^"]*)"', page)
    assert "終わった案件も並べるときは" in page
    assert "order=number" in page


@pytest.mark.parametrize("query", ["125", "0125", "90125", "日-0101-90125", "0101-90125"])
def test_a_case_is_found_by_the_end_of_its_number(office: Office, query: str) -> None:
    page = office.roads.get(f"/desk?procedure=road-damage&{EVERY_STATUS}&q={quote(query)}").text
    assert str(reports(office)[125]) in ROW.findall(page)
    assert "日-0101-90125" in page

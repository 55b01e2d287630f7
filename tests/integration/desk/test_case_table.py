"""Cases as a table: the columns that somebody chose, sorted by their heads, and the same as a file."""

import csv
import io
import re

from sqlalchemy import func, select

from portal.core.database import city_session
from portal.core.events import Event
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_list_and_map import EVERY_STATUS, ROW, listed
from tests.kit.browser import Browser

HEAD = re.compile(r'<th scope="col"[^>]*>(?:<a href="[^"]*">)?([^<]+)')


def table(desk: Browser, query: str = "procedure=road-damage") -> str:
    page = desk.get(f"/desk?{query}&layout=table")
    assert page.status_code == 200
    return page.text


def heads(page: str) -> list[str]:
    return [text.strip() for text in HEAD.findall(page)]


def choose(desk: Browser, columns: list[str], query: str = "procedure=road-damage") -> int:
    return desk.post(f"/desk/table/columns?{query}&layout=table", {"column": columns}).status_code


def test_the_table_shows_the_cases_of_the_list_in_its_order(office: Office) -> None:
    for order in ("due", "number", "assignee"):
        query = f"procedure=road-damage&order={order}"
        assert [int(case_id) for case_id in ROW.findall(table(office.roads, query))] == listed(office.roads, query)[:50]
    page = table(office.roads, "procedure=road-damage&order=number")
    assert re.search(r'aria-sort="ascending"><a href="[^"]*">受付番号', page)
    assert 'id="map"' not in page


def test_columns_are_chosen_by_each_person_for_each_procedure(office: Office) -> None:
    assert heads(table(office.second))[:3] == ["受付番号", "状態", "手続き"]
    assert choose(office.second, ["submitted", "channel", "answer.damage", "no-such-column"]) == 303
    page = table(office.second)
    assert heads(page)[:1] + heads(page)[1:3] == ["受付番号", "届いた日", "受け付けた方法"]
    assert "オンライン" in page
    assert heads(table(office.second, "view=all"))[:3] == ["受付番号", "状態", "手続き"]
    assert heads(table(office.roads))[:3] == ["受付番号", "状態", "手続き"]
    assert choose(office.second, []) == 422


def test_answers_of_the_chosen_procedure_are_columns(office: Office) -> None:
    query = "procedure=road-occupancy"
    offered = re.findall(r'name="column" value="(answer\.[a-z_]+)"', table(office.second, query))
    assert "answer.object" in offered
    assert choose(office.second, ["answer.object", "answer.period"], query) == 303
    page = table(office.second, query)
    assert "足場" in page
    assert not re.findall(r'name="column" value="answer\.', table(office.second, "view=all"))


def test_who_does_not_read_answers_gets_empty_cells(office: Office) -> None:
    page = table(office.citizens, "view=all")
    assert "road-damage" not in page
    assert not office.reports.intersection(int(case_id) for case_id in ROW.findall(page))


def test_everything_that_is_filtered_is_a_file_in_the_same_columns(office: Office) -> None:
    query = f"procedure=road-damage&{EVERY_STATUS}&order=number"
    with city_session(CITY) as session:
        before = session.scalar(select(func.max(Event.id)))
    for encoding, codec in (("utf-8", "utf-8-sig"), ("cp932", "cp932")):
        answer = office.roads.get(f"/desk/table/cases.{encoding}.csv?{query}")
        assert answer.status_code == 200
        rows = list(csv.reader(io.StringIO(answer.data.decode(codec))))
        assert rows[0] == heads(table(office.roads, query))
        numbers = [row[0] for row in rows[1:]]
        assert numbers == sorted(numbers)
        assert len(numbers) == len(listed(office.roads, query))
    with city_session(CITY) as session:
        made = session.scalars(select(Event).where(Event.id > before, Event.name == "export.made")).all()
        assert [event.data["rows"] for event in made] == [len(numbers)] * 2
        assert {event.data["what"] for event in made} == {"cases table road-damage"}
    assert office.roads.get(f"/desk/table/cases.nonsense.csv?{query}").status_code == 404

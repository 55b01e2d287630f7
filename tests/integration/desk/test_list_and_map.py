"""The list and the map show the same cases, at any depth, for the same number of statements."""

import html
import json
import re
from datetime import date, timedelta

import mapbox_vector_tile
import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import psycopg

from common.status import OPEN_STATUSES
from portal.cases.case_filter import CaseFilter
from portal.cases.case_list import _page_statement
from portal.cases.case_list_conditions import parameters
from portal.cases.case_list_query import CaseListQuery
from portal.core.clock import TOKYO, now, today
from portal.core.database import city_session
from tests.integration.desk.conftest import CITY, REPORTS, TILE, Office
from tests.kit.browser import Browser

ROW = re.compile(r'data-case-id="(\d+)"')
EVERY_STATUS = "status=new&status=review&status=fix&status=wait&status=ok&status=no"
RECEIVED = (now() - timedelta(hours=20)).astimezone(TOKYO).date().isoformat()
"""A day on which some of the reports came in."""
AREA = "13939545_3566945_80_0_0_100_-80_0"
"""Around nine of the reports."""
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def listed(desk: Browser, query: str) -> list[int]:
    """The ids of every page of the list, in order."""
    path, numbers = f"/desk?{query}", []
    for _page in range(10):
        page = desk.get(path)
        assert page.status_code == 200
        numbers += [int(number) for number in ROW.findall(page.text)]
        following = NEXT.search(page.text)
        if not following:
            return numbers
        path = following[1].replace("&amp;", "&")
    raise AssertionError("the list does not end")


def on_map(desk: Browser, query: str) -> set[int]:
    """The ids of the reports' tile."""
    z, x, y = TILE
    tile = desk.get(f"/desk/map/cases/{z}/{x}/{y}.mvt?{query}")
    assert tile.status_code == 200
    layers = mapbox_vector_tile.decode(tile.data) if tile.data else {}
    return {pin["properties"]["case_id"] for pin in layers.get("pins", {"features": []})["features"]}


def counts_of(page: str) -> dict[str, str]:
    """The numbers in the tabs."""
    return dict(re.findall(r'(わたしの担当|担当なし|超過|全部)<span class="tabs__count">([\d,+]+)</span>', page))


@pytest.mark.parametrize(
    "query",
    [
        "procedure=road-damage",
        "procedure=road-damage&view=mine",
        "procedure=road-damage&view=unassigned",
        "procedure=road-damage&view=late",
        "procedure=road-damage&status=review",
        "procedure=road-damage&status=ok&status=no",
        "procedure=road-damage&status=new&view=mine",
        "procedure=road-damage&q=神明二丁目",
        "procedure=road-damage&status=new&q=90004",
        "procedure=road-damage&status=open&status=closed",
        f"procedure=road-damage&{EVERY_STATUS}&to={RECEIVED}",
        f"procedure=road-damage&from={RECEIVED}&to={RECEIVED}",
        f"procedure=road-damage&due-to={today()}",
        f"procedure=road-damage&due-from={today()}&due-to={today() + timedelta(days=2)}&{EVERY_STATUS}",
        f"procedure=road-damage&area={AREA}",
        f"procedure=road-damage&status=closed&view=unassigned&area={AREA}",
    ],
)
def test_list_and_map_show_the_same_cases(office: Office, query: str) -> None:
    cases = listed(office.roads, query)
    assert len(cases) == len(set(cases))
    reports = office.reports.intersection(cases)
    assert reports == office.reports & on_map(office.roads, query)
    assert reports


@pytest.mark.parametrize("query", ["procedure=road-damage", f"procedure=road-damage&order=new&{EVERY_STATUS}"])
def test_pages_hold_every_case_once(office: Office, query: str) -> None:
    every_status = EVERY_STATUS in query
    cases = listed(office.roads, query)
    assert len(cases) == len(set(cases))
    assert len(office.reports.intersection(cases)) == (REPORTS if every_status else REPORTS // 2 + 1)


def test_late_cases_come_first_and_say_by_how_many_days(office: Office) -> None:
    page = office.roads.get("/desk?procedure=road-damage").text
    due = re.findall(r'class="due">([^<]+)<', page)
    assert due[0] == "3日超過"
    assert "今日まで" in due
    assert re.search(r'data-sla="late"', page)
    assert page.index("3日超過") < page.index("今日まで")


def test_the_filter_of_deadlines_keeps_open_cases_and_its_days_in_the_address(office: Office) -> None:
    soon = today() + timedelta(days=2)
    page = office.roads.get(f"/desk?procedure=road-damage&due-from={today()}&due-to={soon}").text
    assert set(re.findall(r'class="due">([^<]+)<', page)) == {"今日まで", "あと1日", "あと2日"}
    assert f"{soon.month}月{soon.day}日" in page
    assert f'name="due-to" value="{soon}"' in page
    assert "due-to=" in re.findall(r'data-map-query="([^"]*)"', page)[0]
    everything = listed(office.roads, f"procedure=road-damage&due-to={today() - timedelta(days=1)}")
    assert set(everything) == set(listed(office.roads, "procedure=road-damage&view=late"))
    assert office.roads.get("/desk?due-from=2026-13-40&due-to=x").status_code == 200


def test_the_filter_of_deadlines_walks_the_index_of_open_cases(office: Office) -> None:
    due_soon = CaseFilter(
        today=today(),
        statuses=frozenset(OPEN_STATUSES),
        departments=frozenset({1}),
        due=(today(), today() + timedelta(days=2)),
    )
    query = CaseListQuery(filter=due_soon, text="", bbox=None, order="due", after=None)
    with city_session(CITY) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        compiled = (
            _page_statement(query.shape())
            .params(**parameters(query))
            .compile(dialect=psycopg.dialect(), compile_kwargs={"render_postcompile": True, "literal_binds": True})
        )
        plan = "\n".join(session.connection().exec_driver_sql(f"EXPLAIN (COSTS OFF) {compiled}").scalars())
    # Row by row or by bitmap is the planner's choice, by how many cases the tests before left here.
    walk = re.search(r"Index Scan (?:using|on) ix_case_file_open_\w+(?: on case_file)?\n\s+Index Cond: (.*)", plan)
    assert walk is not None, plan
    assert "due_on >=" in walk[1] and "due_on <=" in walk[1], plan


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("日-0101-90125", "試験 125"),
        ("90125", "試験 125"),
        ("スズキ", "健太"),
        ("すずき", "健太"),
        ("ｽｽﾞｷ", "健太"),
        ("健太", "健太"),
    ],
)
def test_a_case_is_found_by_number_and_name_in_any_writing(office: Office, query: str, name: str) -> None:
    page = office.roads.get(f"/desk?{EVERY_STATUS}&q={query}").text
    assert len(ROW.findall(page)) == 1
    assert name in page


def test_text_that_matches_nothing_says_so(office: Office) -> None:
    page = office.roads.get("/desk?q=どこにもない言葉").text
    assert "当てはまる案件はありません。" in page
    assert "条件をすべて外す" in page


def test_the_list_keeps_to_what_the_map_shows_and_the_map_shows_all(office: Office) -> None:
    every_report = listed(office.roads, "procedure=road-damage")
    box = "139.3950,35.6690,139.3970,35.6700"
    inside = listed(office.roads, f"procedure=road-damage&bbox={box}")
    assert 0 < len(inside) < len(every_report)
    assert listed(office.roads, "procedure=road-damage&bbox=nonsense") == every_report
    for search in ("", "&q=道路"):
        assert on_map(office.roads, f"procedure=road-damage&bbox={box}{search}") == on_map(
            office.roads, f"procedure=road-damage{search}"
        )


def test_an_area_drawn_on_the_map_narrows_list_and_counts(office: Office) -> None:
    page = office.roads.get(f"/desk?procedure=road-damage&area={AREA}").text
    assert len(ROW.findall(page)) == int(counts_of(page)["全部"]) < REPORTS // 2
    assert "囲んだ場所" in page
    broken = office.roads.get("/desk?area=1_2_3")
    assert broken.status_code == 200
    assert "もう一度囲んでください" in broken.text


def test_a_script_gets_the_list_alone(office: Office) -> None:
    pane = office.roads.get("/desk?procedure=road-damage&bbox=139,35,140,36", HX_Request="true", HX_Target="pane").text
    assert pane.lstrip().startswith("<section")
    assert ROW.search(pane)
    assert 'data-map-query="procedure=road-damage"' in pane


def test_the_time_bar_counts_what_the_list_shows_in_each_of_its_bars(office: Office) -> None:
    query = f"procedure=road-damage&procedure=road-occupancy&{EVERY_STATUS}"
    bar = office.roads.get(f"/desk/period?{query}").text
    chart = json.loads(html.unescape(re.search(r'data-period="([^"]+)"', bar)[1]))
    assert sum(chart["begins"]) == sum(chart["ends"]) == len(listed(office.roads, query))
    tried = 0
    for number in range(len(chart["begins"])):
        count = sum(chart["begins"][: number + 1]) - sum(chart["ends"][:number])
        if tried < 4 and count:
            first = date.fromisoformat(chart["start"]) + timedelta(days=chart["step"] * number)
            last = first + timedelta(days=chart["step"] - 1)
            period = f"from={first}&to={last}"
            assert len(listed(office.roads, f"{query}&{period}")) == count
            text = office.roads.get(f"/desk/period?{query}&{period}").text
            assert f'data-count="{count}"' in text
            tried += 1
    assert tried == 4


def test_the_time_bar_of_no_case_is_empty(office: Office) -> None:
    bar = office.citizens.get("/desk/period?procedure=road-occupancy&from=0001-01-01&to=9999-12-31").text
    assert 'data-count="0"' in bar


def test_other_departments_see_nothing_of_them(office: Office) -> None:
    of_roads = office.reports | {office.permit}
    assert not of_roads & set(listed(office.citizens, ""))
    assert not of_roads & on_map(office.citizens, "")
    assert office.citizens.get(f"/desk/cases/{office.permit}").status_code == 404


def test_a_page_costs_the_same_at_any_depth(office: Office, statements: list[str]) -> None:
    first = office.roads.get("/desk?procedure=road-damage")
    office.roads.get("/desk?procedure=road-damage")
    statements.clear()
    office.roads.get("/desk?procedure=road-damage")
    shallow = len(statements)
    following = NEXT.search(first.text)
    assert following
    statements.clear()
    office.roads.get(following[1].replace("&amp;", "&"))
    assert len(statements) == shallow <= 10, "\n".join(statements)


def test_a_tile_costs_few_statements_and_is_not_sent_twice(office: Office, statements: list[str]) -> None:
    z, x, y = TILE
    path = f"/desk/map/cases/{z}/{x}/{y}.mvt?procedure=road-damage"
    tag = office.roads.get(path).headers["ETag"]
    statements.clear()
    again = office.roads.get(path, If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert len(statements) <= 4


def test_tiles_outside_the_pyramid_are_not_found(office: Office) -> None:
    assert office.roads.get("/desk/map/cases/3/99/1.mvt").status_code == 404
    assert office.roads.get("/desk/map/layers/city-roads/3/99/1.mvt").status_code == 404
    assert office.roads.get("/desk/map/layers/no-such-layer/3/1/1.mvt").status_code == 404


def test_the_layer_that_permits_are_judged_by_is_on_from_the_start(office: Office) -> None:
    page = office.roads.get("/desk").text
    assert re.search(r'id="layer-city-roads"[^>]*checked', page)
    assert not re.search(r'id="layer-collection-zones"[^>]*checked', page)
    assert 'id="layer-place-names"' not in page


def test_counts_are_shown_in_the_tabs(office: Office) -> None:
    page = office.roads.get("/desk").text
    counts = counts_of(page)
    assert int(counts["わたしの担当"]) + int(counts["担当なし"]) == int(counts["全部"])
    assert int(counts["超過"]) == len(listed(office.roads, "view=late"))
    assert f"期限超過 {counts['超過']}" in page
    assert counts_of(office.roads.get("/desk?status=ok").text) == {}

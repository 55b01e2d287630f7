"""How dense cases lie: hexagons that count every case of the filter once, say nothing exact where there are few, and lead to their cases."""

import html
import json
import re
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from portal.cases.models import Case, CasePlace
from portal.core.config import settings
from portal.core.database import city_session
from portal.identity.models import Department
from tests.integration.desk.conftest import CITY, REPORTS, Office
from tests.integration.desk.test_list_and_map import listed
from tests.kit.browser import Browser

EVERY = "procedure=road-damage&status=open&status=closed"
WHOLE_CITY = "shown=139.3,35.6,139.5,35.75"
VIEW = "shown=139.38,35.65,139.41,35.69&zoom=15"
ROW = re.compile(
    r'<tr data-hexagon="(#[0-9a-f]{6})"><th scope="row"><a href="([^"]+)" data-filter>([^<]+)</a></th><td>([^<]+)</td>'
)


def hexagons(desk: Browser, query: str) -> list[tuple[str, str, str, str]]:
    """The rows of the table: colour, link, name and words, as many as there are shapes."""
    page = desk.get(f"/desk/density?{query}", HX_Request="true")
    assert page.status_code == 200
    rows = [(colour, html.unescape(link), name, words) for colour, link, name, words in ROW.findall(page.text)]
    shapes = json.loads(html.unescape(html.unescape(re.findall(r'data-hexagons="([^"]*)"', page.text)[0])))
    assert len(shapes) == len(rows)
    assert all(len(corners) == 6 for corners in shapes)
    return rows


def total(rows: list[tuple[str, str, str, str]]) -> int:
    return sum(int(words.removesuffix("件").replace(",", "")) for *_row, words in rows)


def places_of(department: str) -> Sequence[int]:
    """How many places a department has of reports of damage, all and those of open cases."""
    with city_session(CITY) as session:
        return session.execute(
            select(func.count(), func.count().filter(Case.closed_at.is_(None)))
            .select_from(CasePlace)
            .join(Case, Case.id == CasePlace.case_id)
            .join(Department, Department.id == Case.department_id)
            .where(Case.procedure_key == "road-damage", Department.key == department)
        ).one()


def call_few(monkeypatch: pytest.MonkeyPatch, below: int) -> None:
    """Let the setting say which numbers of cases are few."""
    chosen = settings().model_copy(update={"density_few_below": below})
    monkeypatch.setattr("portal.desk.density.settings", lambda: chosen)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """No number of cases is few."""
    call_few(monkeypatch, 1)


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("zoom", [9, 12, 14, 15, 19])
def test_every_case_of_the_filter_is_counted_once_at_every_zoom(office: Office, zoom: int) -> None:
    reports = places_of("road-management")
    assert reports[0] >= REPORTS
    shown = f"{WHOLE_CITY}&zoom={zoom}"
    counted = [total(hexagons(office.roads, f"{which}&{shown}")) for which in (EVERY, "procedure=road-damage")]
    assert counted == list(reports)


@pytest.mark.usefixtures("exact")
def test_a_hexagon_at_the_edge_of_the_map_is_counted_whole(office: Office) -> None:
    whole = {link: words for _colour, link, _name, words in hexagons(office.roads, f"{EVERY}&{VIEW}")}
    part = {
        link: words
        for _colour, link, _name, words in hexagons(
            office.roads, f"{EVERY}&shown=139.3955,35.6695,139.3958,35.67&zoom=15"
        )
    }
    assert part
    assert part.items() <= whole.items()


def test_where_there_are_few_their_number_is_not_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    call_few(monkeypatch, 1000)
    page = office.roads.get(f"/desk/density?{EVERY}&{VIEW}", HX_Request="true").text
    assert "少数(1000件未満)" in page
    assert {words for *_row, words in hexagons(office.roads, f"{EVERY}&{VIEW}")} == {"少数"}
    assert str(REPORTS) not in page


def test_a_hexagon_leads_to_its_cases(office: Office) -> None:
    fullest = hexagons(office.roads, f"{EVERY}&{VIEW}")[0]
    cases = listed(office.roads, fullest[1].removeprefix("/desk?"))
    assert office.reports & set(cases)
    assert "display" not in fullest[1]


def test_without_a_map_it_is_a_page_of_the_city_with_names_of_towns(office: Office) -> None:
    page = office.roads.get(f"/desk/density?{EVERY}").text
    assert "<title>" in page
    assert ROW.findall(page)
    assert "一覧にもどる" in page


@pytest.mark.parametrize(
    "query",
    [
        "shown=1,2,3&zoom=x",
        "shown=139,35,138,34&zoom=-5",
        "shown=-180,-90,180,90&zoom=99",
        "shown=nan,35,140,36",
        "zoom=99999999999999999999",
    ],
)
def test_a_view_that_cannot_be_shown_is_another_one(office: Office, query: str) -> None:
    assert office.roads.get(f"/desk/density?{EVERY}&{query}").status_code == 200


@pytest.mark.usefixtures("exact")
def test_other_departments_see_only_what_was_handed_over_to_them(office: Office) -> None:
    shown = f"{EVERY}&{WHOLE_CITY}&zoom=15"
    assert total(hexagons(office.citizens, shown)) == places_of("citizens")[0] < REPORTS
    nothing = "procedure=dog-registration&status=correction"
    assert "当てはまる案件はありません" in office.citizens.get(f"/desk/density?{nothing}").text


def test_how_cases_are_shown_stays_in_the_address(office: Office) -> None:
    page = office.roads.get("/desk?display=density&procedure=road-damage").text
    assert 'name="display" value="density"' in page
    assert all("display=density" in link for link in re.findall(r'data-map-query="([^"]*)"', page))

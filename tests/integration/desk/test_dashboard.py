"""The dashboard: what it shows to whom, its tables and files, and what it hides."""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases import figure_counting
from portal.cases.models import Draft
from portal.core.clock import now, today
from portal.core.database import city_session
from portal.core.events import Event
from portal.desk import dashboard_map
from portal.identity.models import Department
from tests.integration.desk.conftest import CITY, REPORTS, Office
from tests.kit.browser import Browser
from tests.kit.city import begin, hire

PAGE = "/desk/dashboard"


@pytest.fixture(scope="module")
def nobody(app: Flask, office: Office) -> Browser:
    """Somebody without figures."""
    hire(CITY, "without-figures@example.jp", {"environment": ("publisher",)})
    return Browser(app, CITY, "192.0.2.93").sign_in_at_desk("without-figures@example.jp")


@pytest.fixture(scope="module", autouse=True)
def counted(office: Office) -> None:
    """The days that are over are counted."""
    with city_session(CITY) as session:
        figure_counting.count(session)


def rows(browser: Browser, part: str, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"{PAGE}/{part}.csv?encoding=utf-8&{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def arrived(browser: Browser, query: str = "") -> int:
    return sum(int(row["申請"]) for row in rows(browser, "volumes", query))


def test_the_page_is_for_those_with_the_right(office: Office, nobody: Browser) -> None:
    assert nobody.get(PAGE).status_code == 403
    page = office.roads.get(PAGE)
    assert page.status_code == 200
    for heading in (
        "申請の件数",
        "受付から終わるまでの日数",
        "申請の多い場所",
        "部署ごと",
        "支払い方法",
        "とちゅうで終わった申請",
    ):
        assert f">{heading}</h2>" in page.text
    assert page.text.count("表で見る") >= 4


def test_every_number_is_in_a_table_that_adds_up(office: Office) -> None:
    total = arrived(office.roads)
    assert total > REPORTS
    assert sum(int(row["申請"]) for row in rows(office.roads, "procedures")) == total
    assert sum(int(row["申請"]) for row in rows(office.roads, "departments")) == total
    closed = sum(int(row["終わった案件"]) for row in rows(office.roads, "volumes"))
    days = rows(office.roads, "days")
    assert sum(int(row["標準処理期間のうち"]) + int(row["標準処理期間をこえた"]) for row in days) == closed > 0
    assert f"<b>{total:,}</b>" in office.roads.get(PAGE).text


def test_a_department_sees_its_own_figures(office: Office) -> None:
    with city_session(CITY) as session:
        roads = session.scalars(select(Department.id).where(Department.key == "road-management")).one()
    mine = arrived(office.citizens)
    assert mine < arrived(office.roads)
    assert arrived(office.citizens, f"department={roads}") == mine, "what may not be seen cannot be chosen"
    assert f'value="{roads}"' not in office.citizens.get(PAGE).text


def test_days_and_procedures_narrow_it(office: Office) -> None:
    assert arrived(office.roads, "procedure=road-occupancy") < arrived(office.roads, "procedure=road-damage")
    assert len(rows(office.roads, "volumes", "period=7")) == 7
    assert len(rows(office.roads, "volumes", "period=7&step=month")) in {1, 2}
    month = rows(office.roads, "volumes", f"month={today():%Y-%m}")
    assert len(month) == today().day
    assert rows(office.roads, "volumes", "month=2001-02&step=week")
    assert "この期間には、まだありません。" in office.roads.get(f"{PAGE}?month=2001-02&procedure=dog-registration").text


@pytest.mark.parametrize(
    "query",
    [
        "period=x",
        "month=2026-13",
        "month=9999-01",
        "department=x",
        "procedure=<b>",
        "step=hour",
        "department=999999999999999999999",
    ],
)
def test_what_cannot_be_chosen_is_left_out(office: Office, query: str) -> None:
    page = office.roads.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert "<b>" + f"{arrived(office.roads):,}" + "</b>" in page.text


def test_few_cases_are_neither_drawn_nor_counted_on_the_map(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = rows(office.roads, "need")
    assert shown
    assert min(int(row["件数"]) for row in shown) >= 5
    drawn = office.roads.get(f"{PAGE}/need.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.text.count('fill-opacity="0.82"') == len(shown)
    monkeypatch.setattr(dashboard_map, "_FEWEST", 10_000)
    assert rows(office.roads, "need") == []
    assert 'fill-opacity="0.82"' not in office.roads.get(f"{PAGE}/need.svg").text


def test_a_file_is_an_event_and_opens_in_spreadsheets(office: Office) -> None:
    answer = office.roads.get(f"{PAGE}/departments.csv")
    assert answer.data.decode("cp932").startswith("部署,申請")
    with city_session(CITY) as session:
        query = select(Event.data).where(Event.name == "export.made").order_by(Event.id.desc())
        made = session.scalars(query).first()
    assert made is not None
    assert (made["what"], made["to"]) == ("figures departments", today().isoformat())
    assert office.roads.get(f"{PAGE}/secrets.csv").status_code == 404
    assert office.roads.get(f"{PAGE}/volumes.csv?encoding=x").status_code == 404


def test_where_people_stop_is_told_by_page_and_question(office: Office) -> None:
    from portal.cases import drafts

    with city_session(CITY) as session:
        draft = begin(session, "road-damage", {})
        draft.done_steps, draft.saved_at = [], now()
        draft = session.get_one(Draft, draft.id)
        drafts.discard(session, draft)
    stopped = rows(office.roads, "drafts")
    assert [(row["手続き"], row["件数"]) for row in stopped] == [("道路の損傷の連絡", "1")]
    assert stopped[0]["止まったページ"]
    assert stopped[0]["答えのない質問"] != "—"
    assert rows(office.citizens, "drafts") == []


def test_charts_have_a_finding_for_those_who_do_not_see_them(office: Office) -> None:
    page = office.roads.get(PAGE).text
    assert re.search(r'role="img" aria-label="申請は[\d,]+件、そのうちオンラインは[\d,]+件です。"', page)
    assert not re.search(r"<(svg|rect|line|text|polyline)[^>]* style=", page), (
        "styles in elements are refused by the policy"
    )

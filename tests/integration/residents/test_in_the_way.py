"""A place that overlaps another permit: what the page says about it, and the alternatives that it offers."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms import load
from portal.cases.models import Case, CasePlace
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.text import date_ja
from tests.integration.residents.conftest import CITY
from tests.kit.answers import occupancy, posted
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

DEFINITION = load(catalogue()["road-occupancy"])


@pytest.fixture(scope="module")
def permit(app: Any, open_city: str) -> str:
    """The number of a permit for 40 days from the thirtieth day on."""
    answer = Browser(app).apply("road-occupancy", occupancy(11), email="first@example.jp")
    assert answer.status_code == 303
    with city_session(CITY) as session:
        case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        case.state, case.status = "approved", "ok"
        for place in session.scalars(select(CasePlace).where(CasePlace.case_id == case.id)):
            place.state, place.status = "approved", "ok"
        return case.number


def submit(browser: Browser, address: str, answers: dict[str, Any], **more: str) -> TestResponse:
    return browser.post(address, posted(DEFINITION, "place", answers) | more)


def shape_in(page: str) -> Any:
    """The shape that the page's own input holds."""
    match = re.search(r'name="area.geometry" value="([^"]+)"', page)
    assert match
    return json.loads(match[1].replace("&#34;", '"'))


def test_a_permit_in_the_way_is_named_with_the_first_day_that_is_free(browser: Browser, permit: str) -> None:
    address = browser.start("road-occupancy")
    page = submit(browser, f"{address}/live", occupancy(11)).text
    assert permit not in page, "the number of another applicant is half of what opens their case"
    assert re.search(r"足場・[^<]+〜[^<]+・道路課", page)
    assert "data-conflicts" in page
    assert date_ja(today() + timedelta(days=71)) + "から空きます。" in page
    assert 'href="#period.start"' in page
    assert f'formaction="{address}/shift"' in page
    office = re.search(r'href="/help#(office-[^"]+)">このまま道路課に相談する', page)
    assert office
    assert f'id="{office[1]}"' in browser.get("/help").text


def test_where_and_when_are_one_question(browser: Browser, permit: str) -> None:
    address = browser.start("road-occupancy")
    refused = submit(browser, address, occupancy(11))
    assert refused.status_code == 422
    assert 'href="#area"' in refused.text
    assert submit(browser, address, occupancy(11, start=71)).status_code == 303
    page = browser.get(address).text
    assert "地図に出るのは、期間の初めの14日前からです。" in page
    assert re.search(r"料金の見込み</dt><dd>[\d,]+<small>円", page)
    assert "次の質問の答えで、料金が変わることがあります：国・都・市などの官公庁ですか" in page


def test_without_a_period_the_permit_is_shown_and_is_no_fault(browser: Browser, permit: str) -> None:
    address = browser.start("road-occupancy")
    refused = submit(browser, address, occupancy(11), **{"period.start": "", "period.end": ""})
    assert permit not in refused.text
    assert re.search(r"足場・[^<]+・道路課", refused.text)
    assert 'href="#period' in refused.text
    assert 'href="#area"' not in refused.text


def test_what_the_map_objects_to_is_listed_beside_other_faults(browser: Browser) -> None:
    tokyo_bay = [[139.80, 35.60], [139.8001, 35.60], [139.8001, 35.6001], [139.80, 35.60]]
    answers = occupancy(11) | {"area": {"geometry": {"type": "Polygon", "coordinates": [tokyo_bay]}, "source": "drawn"}}
    page = submit(browser, browser.start("road-occupancy"), answers, **{"period.end": ""}).text
    summary = page[page.index("data-error-summary") : page.index("</ul>", page.index("data-error-summary"))]
    assert 'href="#period.end"' in summary
    assert 'href="#area">占用する範囲：市内の範囲を囲んでください。' in summary


def test_the_map_moves_the_place_aside_and_what_it_proposes_is_accepted(browser: Browser, permit: str) -> None:
    address = browser.start("road-occupancy")
    moved = browser.post(
        f"{address}/shift", posted(DEFINITION, "place", occupancy(11)) | {"move-place": "area"}, HX_Request="true"
    )
    assert re.search(r"[東西南北]へ\d\.\d m動かしました。|重なる部分を除きました。", moved.text)
    proposed = re.search(r"data-moved='([^']+)'", moved.text)
    assert proposed
    assert "<html" not in moved.text
    assert (
        'name="area.geometry" value=""' in browser.get(address).text
    )  # nothing was kept: the map makes the change and saves it
    area = {"geometry": json.loads(proposed[1]), "source": "drawn"}
    assert submit(browser, address, occupancy(11) | {"area": area}).status_code == 303


def test_without_a_script_the_place_is_moved_and_the_page_goes_on(browser: Browser, permit: str) -> None:
    address = browser.start("road-occupancy")
    answers = occupancy(11)
    shift = {
        "area.coordinates": "\n".join(f"{lat}, {lon}" for lon, lat in answers["area"]["geometry"]["coordinates"][0])
    }
    page = submit(browser, f"{address}/shift", answers, **{"move-place": "area"}, **shift)
    assert page.status_code == 200
    assert "動かしました。" in page.text
    assert shape_in(page.text) != answers["area"]["geometry"]
    assert permit not in page.text
    corners = re.search(r'name="area.coordinates"[^>]*>\s*([^<]+)</textarea>', page.text)
    assert corners
    assert f"{shape_in(page.text)['coordinates'][0][0][1]}" in corners[1]
    assert submit(browser, address, answers, **{"area.coordinates": corners[1]}).status_code == 303


def test_where_nothing_can_be_done_the_page_says_so(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    unread = posted(DEFINITION, "place", occupancy(11)) | {"area.geometry": "", "move-place": "area"}
    assert "自動でずらすことができませんでした" in browser.post(f"{address}/shift", unread, HX_Request="true").text
    assert browser.post(f"{address}/shift", unread | {"move-place": "period"}).status_code == 404
    assert browser.get(f"{address}/shift").location == address


def test_what_is_still_empty_is_not_asked_for_while_the_page_is_filled_in(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    begun = posted(DEFINITION, "place", occupancy(11)) | {"area.geometry": "", "area.source": ""}
    page = browser.post(f"{address}/live", begun).text
    assert "地図で場所を示してください" not in page
    torn = browser.post(f"{address}/live", begun | {"area.geometry": "{", "area.source": "drawn"}).text
    assert 'class="is-warning"' in torn

"""Files and places in rows: each row has its own, they go with it, and every one of them reaches the office."""

import io
import json
import re
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from portal import files
from portal.cases.answers import open_answers
from portal.cases.drafts import answers_of
from portal.cases.models import Case, CasePlace, Draft
from portal.core.database import city_session
from portal.procedures import actions as procedures
from tests.integration.residents.choosing import add, draft_of, names, photo, take_out
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.answers import road
from tests.kit.browser import Browser
from tests.kit.city import hire

SOURCE = """
procedure: KEY
kind: permit
title: {ja: 看板の試し}
department: road-management
assurance: none
steps:
  - id: who
    title: {ja: 申請する方}
    fields:
      - {id: name, type: person_name, item: person.name}
  - id: signs
    title: {ja: 看板}
    fields:
      - id: faces
        type: group
        label: {ja: 看板の面}
        row: {ja: 面}
        max: 4
        fields:
          - {id: kind, type: choice, label: {ja: 種類}, options: [{id: wall, label: {ja: 壁面}}, {id: road, label: {ja: 突出し}}]}
          - {id: picture, type: photo, label: {ja: 写真}, required: false, max: 2}
          - id: place
            type: polygon
            label: {ja: 場所}
            show_when: kind == 'road'
            rules:
              - {inside: city-boundary, message: {ja: 市内に置いてください。}}
              - clear_of: {procedure: KEY, states: [received, accepted, approved]}
            look_up: [{layer: road-grades, property: unit_price, as: unit_price, type: int, default: 0}]
          - {id: owner, type: text, label: {ja: 道路の相手}, show_when: place.unit_price > 0}
fee:
  - {id: face, label: {ja: 面}, each: faces, applies_when: kind == 'road', when: approved, amount: ceil(place.area_m2) * 100}
workflow: {preset: permit}
"""
_NUMBERS = count(1)


@pytest.fixture
def page(browser: Browser) -> str:
    """The page with the rows; the page before it is filled in."""
    key = f"signs-{next(_NUMBERS)}"
    with city_session(CITY) as session:
        made = procedures.create_procedure(session, key, "road-management")
        procedures.save_draft(session, made, SOURCE.replace("KEY", key), None)
        procedures.publish(session, made, None)
    sent = browser.post(browser.start(key), {"name.family": "佐藤", "name.given": "美咲"})
    browser.get(sent.location)
    return str(sent.location)


def row(
    number: int,
    kind: str = "wall",
    place: dict[str, Any] | None = None,
    *,
    owner: str = "",
    pictures: str | list[str] = "",
) -> dict[str, Any]:
    drawn = {"place.geometry": json.dumps(place["geometry"]), "place.source": "drawn"} if place else {}
    parts = {"kind": kind, "owner": owner, "picture.files": pictures} | drawn
    return {f"faces.{number}.{name}": text for name, text in parts.items()}


def saved_rows(page: str) -> Any:
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.public_id == draft_of(page))).one()
        return answers_of(session, draft).get("faces"), draft.facts


def pictures(text: str) -> list[tuple[str, str]]:
    """The number of the row and the name of each file that a page shows."""
    shown = re.findall(r'download>([^<]+)</a>.*?name="faces\.(\d+)\.picture\.files"', text, re.DOTALL)
    return [(number, name) for name, number in shown]


def ids_in(text: str, number: int) -> list[str]:
    return re.findall(rf'name="faces\.{number}\.picture\.files" value="([^"]+)"', text)


def test_each_row_keeps_its_own_files_and_a_row_taken_out_takes_them_along(browser: Browser, page: str) -> None:
    first = add(browser, page, "東.jpg", field="faces.0.picture").get_json()
    assert "「東.jpg」を入れました。" in first["status"]
    assert 'name="faces.0.picture.files"' in first["list"]
    # the row is saved by the page at the same moment, without the file that it does not know of yet
    browser.post(f"{page}/autosave", row(0))
    assert add(browser, page, "西.jpg", field="faces.1.picture").status_code == 200
    assert pictures(browser.get(page).text) == [("0", "東.jpg"), ("1", "西.jpg")]
    east, west = (ids_in(browser.get(page).text, number) for number in (0, 1))
    both = row(0, pictures=east) | row(1, pictures=west)
    assert add(browser, page, "南.jpg", field="faces.1.picture").status_code == 200
    # without a script: the first row goes, with its file; the second moves up with both of its own
    answer = browser.post(page, both | {"remove-row": "faces.0"})
    assert pictures(answer.text) == [("0", "西.jpg"), ("0", "南.jpg")]
    assert names(draft_of(page)) == ["西.jpg", "南.jpg"]
    assert add(browser, page, "北.jpg", field="faces.0.picture").status_code == 422  # two a row
    assert take_out(browser, page, west[0], field="faces.0.picture").status_code == 200
    assert names(draft_of(page)) == ["南.jpg"]
    # a script names the files of a row that it took out
    (south,) = ids_in(browser.get(page).text, 0)
    browser.post(f"{page}/autosave", {"removed-file": south} | row(0, "road"))
    assert names(draft_of(page)) == []
    # without a script a file comes along with the page
    upload = {"faces.0.picture.upload": (io.BytesIO(photo()), "一.jpg"), "add-file": "faces.0.picture"}
    assert pictures(browser.post(page, row(0) | upload).text) == [("0", "一.jpg")]
    assert add(browser, page, "x.jpg", field="faces.picture").status_code == 404
    assert add(browser, page, "x.jpg", field="faces.0.kind").status_code == 404


def test_another_applicants_file_does_not_get_into_a_row(browser: Browser, other_browser: Browser, page: str) -> None:
    add(browser, page, "東.jpg", field="faces.0.picture")
    (mine,) = ids_in(browser.get(page).text, 0)
    key = page.split("/")[4]
    assert key == "signs"
    stranger = other_browser.start("road-damage").rpartition("/")[0] + "/where"
    other_browser.get(stranger)
    other_browser.post(f"{stranger}/autosave", {"photos.files": mine})
    assert names(draft_of(stranger)) == []


def test_places_of_rows_are_measured_judged_and_handed_over(browser: Browser, page: str) -> None:
    drawn = road(70)
    live = browser.post(f"{page}/live", row(0, "road", drawn), HX_Request="true")
    assert "面 1 面積" in live.text  # although the row is not finished
    assert 'name="faces.0.owner"' in live.text  # which follows from what the map says there
    answer = browser.post(page, row(0, "road", drawn))
    assert answer.status_code == 422
    assert 'name="faces.0.owner"' in answer.text
    assert 'data-map-field="faces.0.place"' in answer.text
    assert 'href="#faces.0.owner"' in answer.text
    abroad = {"faces.1.place.coordinates": "35.1, 135.1\n35.1, 135.1001\n35.1001, 135.1001"}
    refused = browser.post(page, row(0, "road", drawn, owner="市") | row(1, "road") | abroad)
    assert refused.status_code == 422
    assert 'id="faces.1.place-error"' in refused.text
    assert "市内に置いてください。" in refused.text
    form = row(0) | row(1, "road", drawn, owner="市") | row(2, "road", road(71), owner="国")
    sent = browser.post(page, form)
    assert sent.location.endswith("/review"), sent.text
    rows, facts = saved_rows(page)
    assert len(rows) == 3
    assert sorted(facts) == ["faces.1.place", "faces.2.place"]
    # the first row goes: what the map said follows the rows
    browser.post(f"{page}/autosave", row(0, "road", drawn, owner="市") | row(1, "road", road(71), owner="国"))
    moved = saved_rows(page)[1]
    assert moved == {"faces.0.place": facts["faces.1.place"], "faces.1.place": facts["faces.2.place"]}
    add(browser, page, "東.jpg", field="faces.1.picture")
    review = browser.get(str(sent.location))
    assert "面 2" in review.text
    assert "東.jpg" in review.text
    assert browser.agree(str(sent.location)).status_code == 303
    case = newest_case()
    with city_session(CITY) as session:
        places = session.scalars(select(CasePlace).where(CasePlace.case_id == case.id).order_by(CasePlace.id)).all()
        assert [place.field for place in places] == ["faces.0.place", "faces.1.place"]
        assert places[0].area_m2 == pytest.approx(facts["faces.1.place"]["area_m2"])
        assert [file.name for file in files.files_of_case(session, case.id)] == ["東.jpg"]
        assert case.fee["total"] == sum(-(-place.area_m2 // 1) * 100 for place in places if place.area_m2)


def test_a_place_in_a_row_meets_the_places_of_other_cases(browser: Browser, other_browser: Browser, page: str) -> None:
    ours = row(0, "road", road(72), owner="市")
    assert browser.agree(str(browser.post(page, ours).location)).status_code == 303
    first = newest_case()
    begun = other_browser.start(first.procedure_key)
    there = str(other_browser.post(begun, {"name.family": "山田", "name.given": "一"}).location)
    other_browser.get(there)
    clash = row(0) | row(1, "road", road(72), owner="市")
    live = other_browser.post(f"{there}/live", clash, HX_Request="true").text
    assert "看板の試し・期間の定めなし・道路課" in live
    assert first.number not in live  # a stranger learns what is in the way, not whose it is
    answer = other_browser.post(there, clash)
    assert answer.status_code == 422
    assert 'id="faces.1.place-error"' in answer.text
    assert 'value="faces.1.place"' in answer.text  # to be moved aside
    aside = other_browser.post(f"{there}/shift", clash | {"move-place": "faces.1.place"})
    assert aside.status_code == 200
    assert 'id="faces.1.place-error"' not in aside.text


def test_a_hidden_place_and_the_files_of_rows_in_a_correction(browser: Browser, page: str) -> None:
    add(browser, page, "東.jpg", field="faces.0.picture")
    (east,) = ids_in(browser.get(page).text, 0)
    sent = browser.post(page, row(0, "road", road(73), owner="市", pictures=east))
    # hidden: the place leaves the case, and comes back with its question
    hidden = browser.post(page, row(0, "wall", road(73), owner="市", pictures=east))
    assert "place" not in saved_rows(page)[0][0]
    assert json.dumps(road(73)["geometry"]["coordinates"][0][0][0])[:8] in browser.get(page).text
    assert hidden.status_code == 303
    browser.post(page, row(0, "road", road(73), owner="市", pictures=east))
    browser.agree(str(sent.location))
    case = newest_case()
    ask_for_correction(case.id, ("faces",))
    correction = f"/me/cases/{case.public_id}/correction"
    assert pictures(browser.get(correction).text) == [("0", "東.jpg")]
    added = browser.post(
        f"{correction}/files/faces.1.picture", {"upload": (io.BytesIO(photo()), "西.jpg")}, Accept="application/json"
    )
    assert added.status_code == 200
    assert pictures(browser.get(correction).text) == [("0", "東.jpg"), ("1", "西.jpg")]
    west = ids_in(browser.get(correction).text, 1)
    kept = row(0, "road", road(73), owner="市", pictures=east) | row(1, pictures=west)
    removed = browser.post(correction, kept | {"remove-row": "faces.0"})
    assert pictures(removed.text) == [("0", "西.jpg")]
    corrected = browser.post(correction, row(0, "road", road(74), owner="市", pictures=west))
    assert corrected.status_code == 303, corrected.text
    with city_session(CITY) as session:
        again = session.get_one(Case, case.id)
        (only,) = open_answers(CITY, again.answers)["faces"]
        assert [file["name"] for file in only["picture"]] == ["西.jpg"]
        assert list(again.facts) == ["faces.0.place"]
        (place,) = session.scalars(select(CasePlace).where(CasePlace.case_id == case.id))
        assert place.field == "faces.0.place"
    hire(CITY, "rows@example.jp", {"road-management": ["clerk"]})
    clerk = Browser(browser.client.application).sign_in_at_desk("rows@example.jp")
    content = clerk.get(f"/desk/cases/{case.id}").text
    assert "面 1 面積・期間" in content
    assert "面 1 補正の前" in content
    assert "面 1 写真" in clerk.get(f"/desk/cases/{case.id}?tab=files").text


def test_an_error_of_a_row_names_the_row(browser: Browser) -> None:
    address = browser.start("bulky-waste")
    rows = {"items.0.item_kind": "chair", "items.0.item_count": "1", "items.1.item_kind": "chair"}
    refused = browser.post(address, rows | {"items.1.item_count": "0"})
    assert refused.status_code == 422
    assert re.search(r'<a href="#items\.1\.item_count">[^<]* 2の個数：', refused.text)


def test_a_thing_that_is_not_listed_has_no_price_and_is_asked_for_by_telephone_at_once(browser: Browser) -> None:
    address = browser.start("bulky-waste")
    page = browser.get(address).text
    assert "0円" not in re.sub(r"[\d,]*[1-9][\d,]*0円", "", page), "what the office prices is not free"
    chosen = {"items.0.item_kind": "other"}
    told = browser.post(address, chosen).text
    assert "電話で受け付けます" in told, "before the row is complete"
    assert re.search(r"いま、電話がつながります|電話は、次の開庁日", told), "whether somebody answers now"
    whole = browser.post(address, chosen | {"items.0.item_count": "1"}).text
    assert "料金は、担当の課がお知らせします。" in whole
    assert "無料" not in whole

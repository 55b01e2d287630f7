"""Whatever is sent, the answer is a plain page: never a broken one."""

import io
import re

import pytest

from portal.core.access import PUBLIC, PUBLIC_ANYWHERE, RESIDENT, entry_of
from tests.kit.browser import Browser

ODD = ["\x00", "\udc80", "あ" * 5000, "<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --", "%00", "\u202e", "9" * 400]


@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_in_every_box(browser: Browser, odd: str) -> None:
    address = browser.start("dog-registration").rpartition("/")[0]
    for step in ("owner", "dog", "looks", "vaccination"):
        page = browser.get(f"{address}/{step}")
        names = set(re.findall(r'name="([^"]+)"', page.text)) - {"csrf_token", "shown-questions", "continue-later"}
        fields = {name: odd.encode("utf-8", "surrogatepass") for name in names if not name.endswith(".upload")}
        fields = {name: io.BytesIO(text).read().decode("utf-8", "replace") for name, text in fields.items()}
        for path in (f"{address}/{step}", f"{address}/{step}/live", f"{address}/{step}/autosave"):
            answer = browser.post(path, fields)
            assert answer.status_code < 500
            assert "<script>alert(1)" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/procedures?q=%00",
        "/procedures?q=%ED%A0%80",
        "/procedures?q=" + "%E3%81%82" * 3000,
        "/procedures/none",
        "/procedures/%00",
        "/life/none",
        "/life/%F0%9F%90%B6",
        "/apply/d/none/owner",
        "/apply/d/none/review",
        "/apply/d/none/later",
        "/drafts/none",
        "/done/none",
        "/me/cases/none",
        "/me/cases/%00",
        "/?lang=xx",
        "/?lang=%00",
    ],
)
def test_odd_addresses(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code < 500


def test_a_form_without_its_token_is_refused_with_a_reason(browser: Browser) -> None:
    address = browser.start("dog-registration")
    browser.token = "forged"
    page = browser.post(address, {"phone": "1"})
    assert page.status_code == 400
    assert "時間がたちました" in page.text


def test_steps_and_fields_that_are_not_there(browser: Browser) -> None:
    address = browser.start("dog-registration").rpartition("/")[0]
    assert browser.get(f"{address}/none").status_code == 404
    assert browser.post(f"{address}/none").status_code == 404
    assert browser.post(f"{address}/owner", {"no_such": "x", "items.0.kind": "y", "name": "z"}).status_code == 422
    assert browser.agree(f"{address}/review").status_code in {303, 422}


@pytest.mark.parametrize("geometry", ["{", "[]", '{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1]]]}', "x" * 70000])
def test_odd_geometries(browser: Browser, geometry: str) -> None:
    address = browser.start("road-occupancy")
    for path in (address, f"{address}/live", f"{address}/autosave"):
        assert browser.post(path, {"area.geometry": geometry}).status_code < 500


def test_a_polygon_that_crosses_itself_or_is_in_another_city_is_refused_with_a_reason(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    bow = '{"type":"Polygon","coordinates":[[[139.395,35.671],[139.3951,35.6711],[139.3951,35.671],[139.395,35.6711],[139.395,35.671]]]}'
    crossed = browser.post(address, {"area.geometry": bow})
    assert crossed.status_code == 422
    assert 'href="#area"' in crossed.text
    mitaka = '{"type":"Polygon","coordinates":[[[139.5606,35.7027],[139.5607,35.7027],[139.5607,35.7028],[139.5606,35.7027]]]}'
    elsewhere = browser.post(address, {"area.geometry": mitaka})
    assert elsewhere.status_code == 422
    assert "市内の範囲を囲んでください" in elsewhere.text


def test_files_with_a_false_type_are_refused_and_the_others_stay(browser: Browser) -> None:
    from tests.kit.pictures import photo

    address = browser.start("road-occupancy").rpartition("/")[0] + "/drawings"
    answer = browser.post(
        address,
        {
            "police": "yes",
            "plans.upload": [
                (io.BytesIO(b"MZ\x90\x00 not a picture"), "図.png"),
                (io.BytesIO(photo("PNG")), "よい図.png"),
            ],
        },
    )
    assert answer.status_code == 422
    assert "図.png" in answer.text
    page_text = browser.get(address).text
    assert "よい図.png" in page_text
    assert browser.post(address, {"police": "yes", "plans.files": "someone-elses"}).status_code == 422
    assert "「図.png」：この種類のファイルは受け取れません。" in answer.text
    upload = {"police": "yes", "plans.upload": (io.BytesIO(b"MZ\x90\x00 not a picture"), "図.png")}
    in_english = browser.post(f"{address}?lang=en", upload)
    assert (
        "“図.png”: We cannot take this kind of file. Choose one of these kinds: PDF, JPEG, PNG and HEIC."
        in in_english.text
    )


def test_every_route_of_residents_says_who_may_enter(app: object) -> None:
    from flask import Flask

    assert isinstance(app, Flask)
    views = {name: view for name, view in app.view_functions.items() if name.startswith(("residents.", "operations."))}
    assert len(views) > 25
    assert all(entry_of(view) in {PUBLIC, PUBLIC_ANYWHERE, RESIDENT} for view in views.values())

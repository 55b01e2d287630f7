"""Files are kept one by one as they are chosen, with a script and without; nothing is lost, doubled, or given to somebody else."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from portal.cases.models import Draft
from portal.core.clock import now
from portal.core.database import city_session
from portal.files.models import FileContent, StoredFile
from tests.integration.residents.choosing import (
    add,
    draft_of,
    file_answer,
    move,
    names,
    photo,
    stored_files,
    take_out,
)
from tests.integration.residents.conftest import CITY, HOST
from tests.integration.residents.test_following import newest_case
from tests.kit.answers import occupancy
from tests.kit.browser import Browser


def test_four_photos_one_after_another_are_four(browser: Browser, page: str) -> None:
    statuses = [add(browser, page, f"{side}.jpg").get_json()["status"] for side in ("東", "西", "南", "北")]
    assert statuses == [
        "「東.jpg」を入れました。 4枚のうち1枚が入りました。あと3枚です。",
        "「西.jpg」を入れました。 4枚のうち2枚が入りました。あと2枚です。",
        "「南.jpg」を入れました。 4枚のうち3枚が入りました。あと1枚です。",
        "「北.jpg」を入れました。 4枚入りました。20枚まで入れられます。",
    ]
    assert [file["name"] for file in file_answer(draft_of(page))] == ["東.jpg", "西.jpg", "南.jpg", "北.jpg"]
    page_text = browser.get(page).text
    assert re.findall(r"download>([^<]+)</a>", page_text) == ["東.jpg", "西.jpg", "南.jpg", "北.jpg"]
    assert "4枚入りました。" in page_text
    answer = browser.post(
        page, {"parts": "roof", "photos.files": [file.public_id for file in stored_files(draft_of(page))]}
    )
    assert "photos" not in re.findall(r'href="#(\w+)', answer.text)


def test_what_is_not_enough_yet_survives_reload_later_and_another_device(
    browser: Browser, other_browser: Browser
) -> None:
    browser.sign_in("later@example.jp")
    page = browser.start("disaster-certificate").rpartition("/")[0] + "/extent"
    browser.get(page)
    add(browser, page, "東.jpg")
    assert browser.post(page, {"parts": "roof", "continue-later": "1"}).location.endswith("/later")
    other_browser.sign_in("later@example.jp")
    assert "4枚のうち1枚が入りました。" in other_browser.get(page).text
    assert add(other_browser, page, "西.jpg").status_code == 200
    assert names(draft_of(page)) == ["東.jpg", "西.jpg"]
    assert browser.post(page, {"parts": "roof"}).status_code == 422  # this page was opened before the second one came
    assert names(draft_of(page)) == ["東.jpg", "西.jpg"]


def test_without_a_script_one_file_for_each_send(browser: Browser, page: str) -> None:
    for side in ("東", "西", "南", "北"):
        chosen = {"parts": "roof", "add-file": "photos", "photos.upload": (io.BytesIO(photo()), f"{side}.jpg")}
        answer = browser.post(page, chosen)
        assert answer.status_code == 200
        assert "note--error" not in answer.text
        assert f">{side}.jpg</a>" in answer.text
        assert re.search(r'value="roof" checked', answer.text)
    assert names(draft_of(page)) == ["東.jpg", "西.jpg", "南.jpg", "北.jpg"]
    east = stored_files(draft_of(page))[0].public_id
    out = browser.post(page, {"parts": "roof", "remove-file": f"photos:{east}", "photos.files": east})
    assert out.status_code == 200
    assert names(draft_of(page)) == ["西.jpg", "南.jpg", "北.jpg"]
    assert (
        browser.post(page, {"parts": "roof", "remove-file": f"photos:{east}", "photos.files": east}).status_code == 200
    )
    held = browser.post(page, {"parts": "roof"})
    assert held.status_code == 422
    assert "いまは3枚です。" in held.text
    assert names(draft_of(page)) == ["西.jpg", "南.jpg", "北.jpg"]


def test_a_refused_file_is_reported_even_when_the_application_is_continued_later(browser: Browser, page: str) -> None:
    answer = browser.post(
        page, {"parts": "roof", "continue-later": "1", "photos.upload": (io.BytesIO(b"MZ\0"), "図.jpg")}
    )
    assert answer.status_code == 422
    assert "「図.jpg」：この種類のファイルは受け取れません。" in answer.text
    assert "枚以上つけて" not in answer.text


def test_a_file_is_taken_out_and_pressing_twice_is_no_fault(browser: Browser, page: str) -> None:
    for number in range(4):
        add(browser, page, f"{number}.jpg")
    first = stored_files(draft_of(page))[0].public_id
    out = take_out(browser, page, first)
    assert out.get_json()["status"] == "「0.jpg」を外しました。 4枚のうち3枚が入りました。あと1枚です。"
    assert "0.jpg" not in out.get_json()["list"]
    assert file_answer(draft_of(page)) is None  # three are no answer, and are kept all the same
    again = take_out(browser, page, first)
    assert again.status_code == 200
    assert names(draft_of(page)) == ["1.jpg", "2.jpg", "3.jpg"]
    assert browser.get(f"/apply/d/{draft_of(page)}/files/{first}").status_code == 404


def test_files_are_put_in_order_with_a_script_and_without(browser: Browser, page: str) -> None:
    for side in ("東", "西", "南", "北"):
        add(browser, page, f"{side}.jpg")
    ids = [file.public_id for file in stored_files(draft_of(page))]
    up = move(browser, page, ids[2], -1, ids)
    assert up.get_json()["status"] == "「南.jpg」を2番目に動かしました。 4枚入りました。20枚まで入れられます。"
    assert re.findall(r"download>([^<]+)</a>", up.get_json()["list"]) == ["東.jpg", "南.jpg", "西.jpg", "北.jpg"]
    assert [file["name"] for file in file_answer(draft_of(page))] == ["東.jpg", "南.jpg", "西.jpg", "北.jpg"]
    at_the_end = move(browser, page, ids[0], -1, [file.public_id for file in stored_files(draft_of(page))])
    assert at_the_end.get_json()["status"].strip() == "4枚入りました。20枚まで入れられます。"
    named = [file.public_id for file in stored_files(draft_of(page))]
    plain = browser.post(page, {"parts": "roof", "photos.files": named, "move-file": f"photos:{named[0]}:1"})
    assert plain.status_code == 200
    assert re.findall(r"download>([^<]+)</a>", plain.text) == ["南.jpg", "東.jpg", "西.jpg", "北.jpg"]
    add(browser, page, "屋根.jpg")
    assert names(draft_of(page)) == ["南.jpg", "東.jpg", "西.jpg", "北.jpg", "屋根.jpg"]
    odd = browser.post(f"{page}/files/photos/move", {"file": named[0], "by": "7"}, Accept="application/json")
    assert odd.status_code == 422


def test_a_file_in_which_a_virus_was_found_is_named_and_keeps_the_page(browser: Browser, page: str) -> None:
    for number in range(4):
        add(browser, page, f"{number}.jpg")
    with city_session(CITY) as session:
        file_id = stored_files(draft_of(page))[1].id
        session.execute(update(StoredFile).where(StoredFile.id == file_id).values(scan="infected"))
    assert "「1.jpg」からウイルスが見つかりました。" in browser.get(page).text
    held = browser.post(page, {"parts": "roof"})
    assert held.status_code == 422
    assert re.search(
        r'id="photos-error".*「1.jpg」からウイルスが見つかりました。外して、別のファイルを選んでください。', held.text
    )
    take_out(browser, page, stored_files(draft_of(page))[1].public_id)
    add(browser, page, "5.jpg")
    assert "ウイルス" not in browser.post(page, {"parts": "roof"}).text


def test_a_page_left_open_neither_discards_nor_restores_files(browser: Browser, page: str) -> None:
    for number in range(5):
        add(browser, page, f"{number}.jpg")
    first, second = (file.public_id for file in stored_files(draft_of(page))[:2])
    take_out(browser, page, first)
    browser.post(f"{page}/autosave", {"parts": "roof", "photos.files": [first, second]})
    assert [file["name"] for file in file_answer(draft_of(page))] == ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]
    assert names(draft_of(page)) == ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]


def test_the_same_file_again_is_the_same_file(browser: Browser, page: str) -> None:
    content = photo()
    add(browser, page, "東.jpg", content)
    again = add(browser, page, "東.jpg", content)
    assert again.get_json()["status"] == "「東.jpg」は、もう入っています。 4枚のうち1枚が入りました。あと3枚です。"
    doubled = {"parts": "roof", "add-file": "photos", "photos.upload": (io.BytesIO(content), "東.jpg")}
    assert browser.post(page, doubled).status_code == 200
    assert names(draft_of(page)) == ["東.jpg"]


def test_two_pictures_of_one_name_are_distinguished(browser: Browser, page: str) -> None:
    contents = [photo(), photo(), photo()]
    for content in [*contents, *contents]:  # a slow line: each is sent again
        add(browser, page, "image.jpg", content)
    assert names(draft_of(page)) == ["image.jpg", "image (2).jpg", "image (3).jpg"]


def test_one_more_than_may_be_is_refused_by_name(browser: Browser, report: str) -> None:
    contents = [photo() for _ in range(4)]
    for number, content in enumerate(contents):
        add(browser, report, f"{number}.jpg", content)
    more = add(browser, report, "4.jpg")
    assert more.status_code == 422
    assert more.get_json()["message"].startswith("「4.jpg」は入りませんでした。4枚までです。")
    assert (
        add(browser, report, "3.jpg", contents[3]).status_code == 200
    )  # the last one once more, after its answer was lost
    answer = browser.post(report, {"photos.upload": (io.BytesIO(photo()), "5.jpg"), "add-file": "photos"})
    assert answer.status_code == 422
    assert "「5.jpg」は入りませんでした。" in answer.text
    assert names(draft_of(report)) == [f"{number}.jpg" for number in range(4)]


def test_two_at_once_for_the_last_place(app: Flask, browser: Browser, report: str) -> None:
    for number in range(3):
        add(browser, report, f"{number}.jpg")
    cookie = browser.client.get_cookie("madoguchi", domain=HOST)
    assert cookie

    def send(name: str) -> int:
        device = Browser(app)
        device.client.set_cookie("madoguchi", cookie.value, domain=HOST)
        device.token = browser.token
        return add(device, report, name).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, ["a.jpg", "b.jpg"])) == [200, 422]
    assert len(stored_files(draft_of(report))) == 4


@pytest.mark.parametrize("act", [lambda b, page: add(b, page, "x.jpg"), lambda b, page: take_out(b, page, "x")])
def test_a_draft_of_somebody_else_takes_nothing(
    browser: Browser, other_browser: Browser, page: str, act: Callable[[Browser, str], TestResponse]
) -> None:
    other_browser.start("road-damage")
    assert act(other_browser, page).status_code == 404
    with city_session(CITY) as session:
        expire = update(Draft).where(Draft.public_id == draft_of(page))
        session.execute(expire.values(expires_at=now()))
    assert act(browser, page).status_code == 404
    assert names(draft_of(page)) == []


def test_what_is_no_question_for_files_takes_none(browser: Browser, page: str) -> None:
    for field in ("parts", "nothing", "photos.0"):
        assert add(browser, page, "x.jpg", field=field).status_code == 404
    assert browser.post(f"{page}/files/photos", {}, Accept="application/json").status_code == 422


def test_a_sent_application_takes_nothing(browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(51), email="sent-files@example.jp")
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.id == newest_case().draft_id)).one()
    page = f"/apply/d/{draft.public_id}/drawings"
    answer = add(browser, page, "図.jpg", field="plans")
    assert answer.status_code == 409
    assert answer.get_json()["message"] == "この手続きは、もう送られています。"
    assert take_out(browser, page, "x", field="plans").status_code == 409


def test_small_pictures_are_for_their_owner_alone(browser: Browser, other_browser: Browser, page: str) -> None:
    content = io.BytesIO()
    Image.new("RGB", (2000, 1000), "#b9dba9").save(content, "PNG")
    add(browser, page, "家.png", content.getvalue())
    (file,) = stored_files(draft_of(page))
    address = f"/apply/d/{draft_of(page)}/files/{file.public_id}/thumbnail"
    assert address in browser.get(page).text
    picture = browser.get(address)
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert Image.open(io.BytesIO(picture.data)).size == (256, 128)
    assert other_browser.get(address).status_code == 404
    with city_session(CITY) as session:  # a picture from before small ones were made
        session.execute(update(FileContent).where(FileContent.file_id == file.id).values(thumbnail=None))
    assert browser.get(address).data == picture.data


def test_a_refused_file_leaves_nothing(browser: Browser, page: str) -> None:
    def stored() -> int:
        with city_session(CITY) as session:
            return session.scalar(select(func.count()).select_from(FileContent)) or 0

    before = stored()
    for name, content in (("図.exe", photo("PNG")), ("図.jpg", b"MZ\0"), ("半分.jpg", photo()[:300])):
        assert add(browser, page, name, content).status_code == 422
    assert stored() == before

"""The files of an answer to the office are kept one by one as well."""

import io
import re

from werkzeug.test import TestResponse

from portal import files
from portal.cases.answers import open_answers
from portal.core.database import city_session
from portal.files import StoredFile
from tests.integration.residents.choosing import add, photo
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.answers import occupancy
from tests.kit.browser import Browser


def test_files_of_a_correction_add_up_as_well(browser: Browser, other_browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(53), email="add-up@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("plans",))
    page = f"/me/cases/{case.public_id}/correction"
    first_page = browser.get(page)
    (old,) = re.findall(r'name="plans.files" value="([^"]+)"', first_page.text)

    def keep(name: str) -> TestResponse:
        data = {"upload": (io.BytesIO(photo()), name), "plans.files": old}
        return browser.post(f"{page}/files/plans", data, Accept="application/json")

    assert keep("一.jpg").get_json()["status"] == "「一.jpg」を入れました。 2個入りました。5個まで入れられます。"
    assert keep("二.jpg").status_code == 200
    reloaded = browser.get(page)
    assert re.findall(r"download>([^<]+)</a>", reloaded.text) == ["0.png", "一.jpg", "二.jpg"]
    other_browser.sign_in("add-up@example.jp")
    assert ">二.jpg</a>" in other_browser.get(page).text
    ids = re.findall(r'name="plans.files" value="([^"]+)"', reloaded.text)
    assert browser.get(f"{page}/files/{ids[1]}/thumbnail").mimetype == "image/jpeg"
    stranger = Browser(browser.client.application)
    stranger.start("road-damage")
    assert stranger.get(f"{page}/files/{ids[1]}").location.startswith("/sign-in?next=")
    assert add(stranger, page, "x.jpg", field="plans").status_code == 403
    stranger.sign_in("not-mine@example.jp")
    assert stranger.get(f"{page}/files/{ids[1]}").status_code == 404
    assert add(stranger, page, "x.jpg", field="plans").status_code == 404
    out = browser.post(f"{page}/files/plans/remove", {"file": ids[1], "plans.files": ids}, Accept="application/json")
    assert out.get_json()["status"].startswith("「一.jpg」を外しました。")
    # without a script: one more, and the one handed in is taken out
    more = {"plans.files": [ids[0], ids[2]], "add-file": "plans", "plans.upload": (io.BytesIO(photo()), "三.jpg")}
    assert ">三.jpg</a>" in browser.post(page, more).text
    third = next(file.public_id for file in files_of_case_draft(case.draft_id) if file.name == "三.jpg")
    answer = browser.post(page, {"plans.files": [*ids[::2], third], "remove-file": f"plans:{old}"})
    assert re.findall(r"download>([^<]+)</a>", answer.text) == ["二.jpg", "三.jpg"]
    assert browser.post(page, {"plans.files": [ids[2], third]}).status_code == 303
    with city_session(CITY) as session:
        again = session.get_one(type(case), case.id)
        assert [file["name"] for file in open_answers(CITY, again.answers)["plans"]] == ["二.jpg", "三.jpg"]
        assert {file.name for file in files.files_of_case(session, case.id)} == {"0.png", "二.jpg", "三.jpg"}
    assert browser.post(f"{page}/files/plans", {}, Accept="application/json").status_code == 409


def test_a_file_takes_the_place_of_the_one_handed_in(browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(57), email="replaced@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("plans",))
    page = f"/me/cases/{case.public_id}/correction"
    first_page = browser.get(page).text
    assert "前に送ったファイル" in first_page
    (old,) = re.findall(r'name="plans.files" value="([^"]+)"', first_page)
    sent = {"upload": (io.BytesIO(photo()), "新しい図面.jpg"), "plans.files": old, "instead-of": old}
    kept = browser.post(f"{page}/files/plans", sent, Accept="application/json").get_json()
    assert kept["status"] == "「0.png」を「新しい図面.jpg」に入れ替えました。 1個入りました。5個まで入れられます。"
    assert re.findall(r"download>([^<]+)</a>", kept["list"]) == ["新しい図面.jpg"]
    reloaded = browser.get(page).text
    assert re.findall(r"download>([^<]+)</a>", reloaded) == ["新しい図面.jpg"]
    (new,) = re.findall(r'name="plans.files" value="([^"]+)"', reloaded)
    # once more without a script, beside another one, in its own place
    browser.post(f"{page}/files/plans", {"upload": (io.BytesIO(photo()), "断面.jpg"), "plans.files": new})
    more = {"plans.files": new, "add-file": "plans", f"plans.replace.{new}": (io.BytesIO(photo()), "直した図面.jpg")}
    assert re.findall(r"download>([^<]+)</a>", browser.post(page, more).text) == ["直した図面.jpg", "断面.jpg"]
    ids = re.findall(r'name="plans.files" value="([^"]+)"', browser.get(page).text)
    assert browser.post(page, {"plans.files": ids}).status_code == 303
    with city_session(CITY) as session:
        again = session.get_one(type(case), case.id)
        assert [file["name"] for file in open_answers(CITY, again.answers)["plans"]] == ["直した図面.jpg", "断面.jpg"]


def files_of_case_draft(draft_id: int | None) -> list[StoredFile]:
    assert draft_id is not None
    with city_session(CITY) as session:
        return files.files_of_draft(session, draft_id)


def test_a_file_handed_in_that_was_taken_out_stays_out(browser: Browser, other_browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(54), email="taken-out@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("plans",))
    page = f"/me/cases/{case.public_id}/correction"
    (old,) = re.findall(r'name="plans.files" value="([^"]+)"', browser.get(page).text)
    other_browser.sign_in("taken-out@example.jp")
    assert old in other_browser.get(page).text
    out = browser.post(f"{page}/files/plans/remove", {"file": old, "plans.files": old}, Accept="application/json")
    assert out.get_json()["status"].startswith("「0.png」を外しました。")
    assert old not in browser.get(page).text
    # a page that was opened before, on another device, names it still
    other_browser.post(f"{page}/autosave", {"plans.files": old, "reply-to-office": "もう1台から"})
    assert old not in other_browser.get(page).text
    assert old not in browser.get(page).text
    more = {"plans.upload": (io.BytesIO(photo()), "新.jpg")}
    assert browser.post(page, more).status_code == 303
    with city_session(CITY) as session:
        again = session.get_one(type(case), case.id)
        assert [file["name"] for file in open_answers(CITY, again.answers)["plans"]] == ["新.jpg"]
        # what was handed in first stays with the case
        assert "0.png" in {file.name for file in files.files_of_case(session, case.id)}

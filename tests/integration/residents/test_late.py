"""What is sent after its visit ended is never lost: stored if the browser proves that it is its own, else returned on the page."""

import io
import itertools
import json
import re
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from portal.cases.answers import open_answers
from portal.cases.messages import messages_of
from portal.cases.models import Case, CorrectionDraft
from portal.cases.tracking import check_code
from portal.core.database import city_session
from portal.procedures import actions as procedures
from portal.procedures.models import Procedure
from tests.integration.residents.choosing import add, names, photo, take_out
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_draft_key import end_visits
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.integration.residents.test_typed import Page
from tests.kit.answers import PERSON, occupancy, road
from tests.kit.browser import Browser

NOT_SENT = "まだ送られていません。"

OPEN_TO_ALL = """
procedure: test-open
kind: notification
title: {ja: 登録のいらない届出}
department: environment
standard_days: 3
assurance: none
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: email, type: email, item: person.email, required: false}
      - {id: note, type: text, label: {ja: 備考}, required: false}
workflow: {preset: notification}
"""
PLOTS = itertools.count(81)
"""A place for each application, so that none is in the way of another."""
NAME = {"name.family": "佐藤", "name.given": "美咲"}


@pytest.fixture
def correction_url(browser: Browser) -> str:
    """The correction of an application to occupy a road, of somebody who is signed in."""
    browser.apply("road-occupancy", occupancy(next(PLOTS)), email="late@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("purpose", "plans"))
    address = f"/me/cases/{case.public_id}/correction"
    browser.get(address)
    return address


@pytest.fixture
def open_to_all(open_city: str) -> None:
    """A procedure without sign-in whose office may ask for corrections."""
    with city_session(CITY) as session:
        if session.scalar(select(Procedure.id).where(Procedure.key == "test-open")) is None:
            made = procedures.create_procedure(session, "test-open", "environment")
            procedures.save_draft(session, made, OPEN_TO_ALL, None)
            procedures.publish(session, made, None)


def kept_correction_of(case: Case) -> CorrectionDraft | None:
    with city_session(CITY) as session:
        return session.get(CorrectionDraft, case.id)


def test_files_of_a_late_page_are_kept_with_its_text(browser: Browser, report: str) -> None:
    end_visits()
    files = {"photos.upload": (io.BytesIO(photo()), "穴.jpg"), "found_on": "先週"}
    late = browser.post(report, files)
    assert late.status_code == 400
    assert NOT_SENT in late.text
    assert ">穴.jpg</a>" in late.text
    assert Page(late.text).inputs["found_on"] == "先週"
    assert names(report.split("/")[3]) == ["穴.jpg"]


def test_files_chosen_late_with_a_script_are_kept_and_taken_out(browser: Browser, report: str) -> None:
    end_visits()
    added = add(browser, report, "穴.jpg")
    assert added.status_code == 200
    (file_id,) = re.findall(r'value="photos:([^"]+)"', added.get_json()["list"])
    browser.token = added.headers["X-CSRF-Token"]
    assert "X-CSRF-Token" not in add(browser, report, "標識.jpg").headers
    end_visits()
    assert take_out(browser, report, file_id).status_code == 200
    assert names(report.split("/")[3]) == ["標識.jpg"]


def test_a_place_that_is_moved_late_stays(browser: Browser) -> None:
    address = browser.start("road-occupancy").rpartition("/")[0] + "/place"
    browser.get(address)
    end_visits()
    geometry = json.dumps(road(62)["geometry"])
    form = {"area.geometry": geometry, "area.source": "drawn", "move-place": "area"}
    assert browser.post(f"{address}/shift", form).status_code == 200
    assert json.loads(Page(browser.get(address).text).inputs["area.geometry"])["type"] == "Polygon"


def test_what_follows_from_an_answer_shows_on_a_late_page(browser: Browser) -> None:
    address = browser.start("dog-registration").rpartition("/")[0] + "/vaccination"
    browser.get(address)
    end_visits()
    live = browser.post(f"{address}/live", {"vaccinated": "yes"}, HX_Request="true")
    assert 'name="vaccinated_on"' in live.text
    assert live.headers["X-CSRF-Token"]


def test_a_late_correction_is_kept_until_its_owner_signs_in_again(browser: Browser, correction_url: str) -> None:
    end_visits()
    saved = browser.post(f"{correction_url}/autosave", {"purpose": "足場を"})
    assert "自動で保存しました" in saved.json["saved"]
    late = browser.post(correction_url, {"purpose": "足場を組む", "reply-to-office": "直しました"})
    assert (late.status_code, unquote(late.location)) == (303, f"/sign-in?next={correction_url}")
    browser.sign_in("late@example.jp")
    page = browser.get(correction_url).text
    assert re.search(r">\s*足場を組む</textarea>", page)
    assert "直しました" in page
    assert (
        browser.post(correction_url, {"purpose": "足場を組むため", "reply-to-office": "直しました"}).status_code == 303
    )


def test_a_late_correction_of_somebody_who_signed_in_again_shows_at_once(browser: Browser, correction_url: str) -> None:
    stale = browser.token
    browser.sign_in("late@example.jp")
    browser.token = stale
    late = browser.post(
        correction_url, {"purpose": "足場を組む", "plans.upload": (io.BytesIO(photo()), "新しい図.jpg")}
    )
    assert late.status_code == 400
    assert NOT_SENT in late.text
    assert re.search(r">\s*足場を組む</textarea>", late.text)
    assert ">新しい図.jpg</a>" in late.text
    assert newest_case().status == "fix"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}])
def test_a_late_correction_of_another_site_is_refused(
    browser: Browser, correction_url: str, headers: dict[str, str]
) -> None:
    end_visits()
    refused = browser.post(correction_url, {"purpose": "悪い人の言葉"}, **headers)
    assert refused.status_code == 400
    assert "悪い人の言葉" not in refused.text
    assert "X-CSRF-Token" not in refused.headers
    assert kept_correction_of(newest_case()) is None


def test_a_page_of_another_browser_keeps_nothing_and_is_given_back(
    browser: Browser, other_browser: Browser, correction_url: str
) -> None:
    other_browser.start("road-damage")
    other_browser.token = "ended"
    back = other_browser.post(correction_url, {"purpose": "だれかの言葉"})
    assert back.status_code == 400
    assert 'value="だれかの言葉"' in back.text
    assert kept_correction_of(newest_case()) is None
    assert other_browser.post(correction_url, {"purpose": "だれかの言葉"}).status_code == 403


def test_a_message_sent_late_arrives_by_one_press_after_signing_in(browser: Browser, correction_url: str) -> None:
    address = correction_url.replace("/correction", "/messages")
    end_visits()
    message = "図面は、\nあした送ります。<b>"
    asks = browser.post(address, {"body": message})
    assert asks.status_code == 403
    assert NOT_SENT in asks.text
    assert 'href="/sign-in" target="_blank"' in asks.text
    bodies = re.findall(r'<input type="hidden" name="body" value="([^"]+)"', asks.text)
    assert bodies == ["図面は、\nあした送ります。&lt;b&gt;"]
    browser.sign_in("late@example.jp")
    browser.token = "of the page that was given back"
    assert browser.post(address, {"body": message}).status_code == 303
    with city_session(CITY) as session:
        newest = messages_of(session, newest_case().id)[-1]
        assert newest.body.replace("\r\n", "\n") == message


@pytest.mark.parametrize(
    ("path", "form"),
    [("/status", {"number": "日-1128-00001", "proof": "a@example.jp"}), ("/sign-in", {"email": "a@example.jp"})],
)
def test_every_other_form_gives_back_what_was_typed(browser: Browser, path: str, form: dict[str, str]) -> None:
    browser.token = "ended"
    back = browser.post(path, form)
    assert back.status_code == 400
    for name, text in form.items():
        assert f'<input type="hidden" name="{name}" value="{text}">' in back.text
    assert browser.post(path, form).status_code != 400


def test_a_script_gets_a_note_and_a_token_and_its_page_stays(browser: Browser) -> None:
    browser.token = "ended"
    note = browser.post("/status", {"number": "x"}, HX_Request="true")
    assert (note.status_code, note.headers["HX-Retarget"]) == (400, "#flash")
    assert "もう一度送ってください" in note.text
    browser.token = note.headers["X-CSRF-Token"]
    assert browser.post("/status", {"number": "x"}, HX_Request="true").status_code == 422


def test_who_sent_without_signing_in_can_correct_when_the_visit_is_over(browser: Browser, open_to_all: None) -> None:
    address = browser.start("test-open")
    review = browser.post(address, NAME).location
    browser.get(review)
    answer = browser.agree(review)
    case = newest_case()
    assert "「わたしの手続き」から見られます" in browser.get(answer.location).text
    ask_for_correction(case.id, ("name",))
    end_visits()
    page = f"/me/cases/{case.public_id}/correction"
    assert f'href="{page}"' in browser.get("/me").text
    assert browser.get(page).status_code == 200
    end_visits()
    late = browser.post(page, NAME | {"name.given": "美"})
    assert late.status_code == 400
    assert Page(late.text).inputs["name.given"] == "美"
    assert browser.post(page, NAME | {"name.given": "美里"}).status_code == 303
    with city_session(CITY) as session:
        again = session.get_one(Case, case.id)
        assert open_answers(CITY, again.answers)["name"]["given"] == "美里"


def test_a_question_may_be_called_like_a_field_of_the_page(browser: Browser, open_to_all: None) -> None:
    browser.agree(browser.post(browser.start("test-open"), NAME | {"note": "はじめの備考"}).location)
    case = newest_case()
    ask_for_correction(case.id, ("note",))
    page = f"/me/cases/{case.public_id}/correction"
    browser.get(page)
    assert browser.post(page, {"note": "直した備考", "reply-to-office": "直しました。"}).status_code == 303
    with city_session(CITY) as session:
        assert open_answers(CITY, session.get_one(Case, case.id).answers)["note"] == "直した備考"
        assert messages_of(session, case.id)[-1].body == "直しました。"


def test_a_shared_device_can_forget_what_was_sent(browser: Browser, other_browser: Browser, open_to_all: None) -> None:
    address = browser.start("test-open")
    review = browser.post(address, NAME).location
    browser.get(review)
    done = browser.agree(review).location
    page = browser.get(done).text
    assert 'class="qr"' not in page  # nobody else's device could open what it leads to
    case = newest_case()
    assert other_browser.post(f"/me/cases/{case.public_id}/forget").status_code == 400
    assert browser.post(f"/me/cases/{case.public_id}/forget").status_code == 303
    for path in (done, f"/me/cases/{case.public_id}", address, review):
        assert browser.get(path).status_code in {303, 404}, path
    assert case.number not in browser.get("/me").text


def test_who_proves_the_address_of_the_letters_and_knows_the_check_code_opens_what_was_sent_without_signing_in(
    browser: Browser, other_browser: Browser, open_to_all: None
) -> None:
    address = browser.start("test-open")
    review = browser.post(address, NAME | {"email": "letters@example.jp"}).location
    browser.get(review)
    browser.agree(review)
    case = newest_case()
    page = f"/me/cases/{case.public_id}"
    asks = other_browser.get(page)
    assert (asks.status_code, unquote(asks.location)) == (303, f"/sign-in?next={page}")
    other_browser.sign_in("somebody-else@example.jp")
    assert other_browser.get(page).status_code == 404
    other_browser.sign_in("letters@example.jp")
    redirect = other_browser.get(page)
    assert (redirect.status_code, redirect.location) == (303, f"{page}/claim")
    assert PERSON["phone"] not in other_browser.get(redirect.location).text
    wrong = other_browser.post(redirect.location, {"code": "0000-0000"})
    assert wrong.status_code == 422
    assert "確認番号がちがいます" in wrong.text
    assert other_browser.get(page).status_code == 303
    assert other_browser.post(redirect.location, {"code": check_code(case)}).location == page
    opened = other_browser.get(page)
    assert opened.status_code == 200
    assert "メールアドレスを確かめて、自分の申請にしました" in opened.text
    assert case.number in other_browser.get("/me").text
    # it is the account's now: its browser asks to sign in
    assert browser.get(page).location.startswith("/sign-in?next=")


def test_check_codes_cannot_be_guessed(browser: Browser, other_browser: Browser, open_to_all: None) -> None:
    browser.agree(browser.post(browser.start("test-open"), NAME | {"email": "guessed@example.jp"}).location)
    case = newest_case()
    claim = f"/me/cases/{case.public_id}/claim"
    assert other_browser.get(claim).location.startswith("/sign-in?next=")
    other_browser.sign_in("stranger@example.jp")
    assert other_browser.get(claim).status_code == 404
    assert other_browser.post(claim, {"code": check_code(case)}).status_code == 404
    other_browser.sign_in("guessed@example.jp")
    other_browser.get(claim)
    codes = [
        f"{number:04d}-0000" for number in range(11)
    ]  # five in a quarter of an hour, of which another may begin meanwhile
    statuses = [other_browser.post(claim, {"code": code}).status_code for code in codes]
    assert set(statuses) == {422, 429}
    assert statuses[-1] == 429


def test_a_receipt_promises_letters_only_to_those_who_left_an_address(browser: Browser, open_to_all: None) -> None:
    address = browser.start("test-open")
    review = browser.post(address, NAME).location
    browser.get(review)
    page = browser.get(browser.agree(review).location).text
    assert "メール" not in page.partition("<h2>これから</h2>")[2]
    assert PERSON["phone"] not in page


def test_an_open_page_is_told_in_words_that_its_session_has_ended(browser: Browser, other_browser: Browser) -> None:
    """Also where the browser has lost the key with which it would be known, so that nothing can be kept."""
    address = browser.start("dog-registration")
    other_browser.token = "ended"
    refused = other_browser.post(f"{address}/autosave", {"name.family": "佐藤"}, Accept="application/json")
    assert refused.status_code == 400
    assert "ページを開いてから時間がたちました" in refused.get_json()["message"]

"""After sending: my page, messages, corrections, withdrawal, and that nobody else can look."""

import re

import pytest
from sqlalchemy import select

from forms import inputs_of, load
from portal.cases import moves, queries
from portal.cases.answers import open_answers
from portal.cases.messages import messages_of
from portal.cases.models import Case, Draft
from portal.cli.installing import install
from portal.core.database import city_session
from portal.core.events import Actor
from tests.integration.residents.conftest import CITY
from tests.kit.answers import DOG, PERSON, occupancy
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.letters import mailed_to
from tests.kit.pictures import photo

OFFICE = Actor("staff", None, "高橋")


def newest_case() -> Case:
    with city_session(CITY) as session:
        return session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


PAGES = """
procedure: test-pages
kind: notification
title: {ja: 試験用のページ}
department: citizens
steps:
  - {id: first, title: {ja: はじめに}, fields: [{id: has, type: yes_no, label: {ja: 犬がいる}}]}
  - {id: second, title: {ja: 犬}, fields: [{id: dog, type: text, label: {ja: 名前}, show_when: has}]}
  - {id: third, title: {ja: おわりに}, fields: [{id: note, type: text, label: {ja: メモ}}]}
workflow: {preset: permit}
"""


def ask_for_correction(case_id: int, fields: tuple[str, ...]) -> None:
    """The office takes the case up and asks for corrections."""
    with city_session(CITY) as session:
        moves.apply_transition(session, case_id, "accept", OFFICE, roles=("clerk",))
        moves.apply_transition(
            session,
            case_id,
            "request_correction",
            OFFICE,
            roles=("clerk",),
            inputs=moves.MoveInputs(note="図面の幅を書いてください。", fields=fields),
        )


def test_a_draft_counts_the_pages_that_its_answers_show(browser: Browser) -> None:
    with city_session(CITY) as session:
        install(session, PAGES, None)
    address = browser.start("test-pages")
    assert browser.post(address, {"has": "no"}).status_code == 303
    assert "2ページ中1ページまで入力" in browser.get("/me").text
    assert browser.post(address, {"has": "yes"}).status_code == 303
    assert "3ページ中1ページまで入力" in browser.get("/me").text


def test_my_page_shows_the_status_and_what_is_to_pay(browser: Browser) -> None:
    answer = browser.apply("dog-registration", DOG, email="mine@example.jp")
    case = newest_case()
    page = browser.get("/me")
    assert case.number in page.text
    assert 'class="flow"' in page.text
    assert answer.location.startswith("/pay/")
    assert f'href="{answer.location}"' in page.text
    assert "3,000円を支払う" in page.text


def test_drafts_are_listed_on_my_page_and_can_be_discarded(browser: Browser) -> None:
    address = browser.start("dog-registration")
    assert "犬の登録" not in browser.get("/me").text  # nothing was written yet
    browser.post(f"{address}/autosave", {"name.family": "佐藤"})
    page = browser.get("/me")
    assert "犬の登録" in page.text
    assert "続きから" in page.text
    public_id = address.split("/")[3]
    assert browser.get(f"/drafts/{public_id}").location == address
    assert browser.post(f"/drafts/{public_id}/discard").status_code == 303
    assert browser.get(address).status_code == 404


def test_a_draft_begun_before_signing_in_is_found_on_another_device(browser: Browser, other_browser: Browser) -> None:
    address = browser.start("dog-registration")
    browser.post(address, {"name.family": "佐藤"})
    browser.sign_in("devices@example.jp")
    browser.get(address)
    assert other_browser.get(address).status_code == 404
    other_browser.sign_in("devices@example.jp")
    assert 'value="佐藤"' in other_browser.get(address).text


@pytest.mark.parametrize("page", ["", "/correction", "/withdraw", "/files/x"])
def test_nobody_else_sees_a_case(browser: Browser, other_browser: Browser, page: str) -> None:
    browser.apply("dog-registration", DOG, email="secret@example.jp")
    case = newest_case()
    other_browser.sign_in("stranger@example.jp")
    for path in (f"/me/cases/{case.public_id}{page}", f"/done/{case.public_id}"):
        assert other_browser.get(path).status_code == 404
    assert other_browser.post(f"/me/cases/{case.public_id}/messages", {"body": "x"}).status_code == 404
    assert other_browser.post(f"/me/cases/{case.public_id}/withdraw").status_code == 404


def test_a_case_of_one_city_is_no_case_of_another(browser: Browser, app: object) -> None:
    browser.apply("dog-registration", DOG, email="border@example.jp")
    case = newest_case()
    elsewhere = browser.at("mitaka")
    assert elsewhere.get(f"/me/cases/{case.public_id}").location.startswith("/sign-in?next=")


def test_resident_and_office_write_to_each_other(browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="words@example.jp")
    case = newest_case()
    address = f"/me/cases/{case.public_id}"
    assert browser.post(f"{address}/messages", {"body": " "}).status_code == 422
    assert browser.post(f"{address}/messages", {"body": "鑑札は\n郵送できますか。<b>"}).status_code == 303
    page = browser.get(address)
    assert "鑑札は<br>郵送できますか。&lt;b&gt;" in page.text
    with city_session(CITY) as session:
        assert [message.sender for message in messages_of(session, case.id)] == ["applicant"]


def test_only_what_the_office_asks_for_is_corrected(browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(21), email="correct@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("plans", "purpose"))
    address = f"/me/cases/{case.public_id}"
    assert "図面の幅を書いてください。" in browser.get(address).text
    for shown in (browser.get(address).text, browser.get("/me").text):
        to_correct = shown.partition("直していただきたいところ")[2].partition("直して送る")[0]
        assert "<li>" in to_correct, "what to correct stands before the button"
        assert to_correct.count("<li>") == 2
        assert re.search(r"\d+月\d+日\(.\)までに、直して送ってください。", to_correct)
    page = browser.get(f"{address}/correction")
    assert 'name="purpose"' in page.text
    assert 'name="phone"' not in page.text
    faulty = browser.post(f"{address}/correction", {"purpose": ""})
    assert faulty.status_code == 422
    assert 'href="#purpose"' in faulty.text
    import io

    (handed_in,) = re.findall(r'name="plans.files" value="([^"]+)"', page.text)
    removed = browser.post(f"{address}/correction", {"plans.files": handed_in, "remove-file": f"plans:{handed_in}"})
    assert handed_in not in removed.text
    corrected = {
        "purpose": "足場の設置",
        "plans.upload": (io.BytesIO(photo("PNG")), "直した図.png"),
        "reply-to-office": "幅を書きました。",
    }
    assert browser.post(f"{address}/correction", corrected).status_code == 303
    with city_session(CITY) as session:
        again = session.get_one(Case, case.id)
        answers = open_answers(CITY, again.answers)
        assert (again.status, answers["purpose"]) == ("review", "足場の設置")
        assert [file["name"] for file in answers["plans"]] == ["直した図.png"]
        assert answers["phone"] == PERSON["phone"]
        assert "case.correction_answered" in [event.name for event in queries.history(session, case.id)]
    status_page = browser.get(address)
    assert "直した図.png" in status_page.text
    assert browser.get(f"{address}/correction").status_code == 409


def test_files_are_opened_by_their_owner(browser: Browser, other_browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(31), email="files@example.jp")
    case = newest_case()
    page = browser.get(f"/me/cases/{case.public_id}")
    link = re.search(rf'href="(/me/cases/{case.public_id}/files/[^"]+)"', page.text)
    assert link
    opened = browser.get(link[1])
    assert opened.status_code == 200
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert opened.data.startswith(b"\x89PNG")
    assert other_browser.get(link[1]).location.startswith("/sign-in?next=")
    other_browser.sign_in("no-files@example.jp")
    assert other_browser.get(link[1]).status_code == 404


def test_withdrawing_is_asked_twice_and_cannot_be_repeated(browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(41), email="back@example.jp")
    case = newest_case()
    address = f"/me/cases/{case.public_id}"
    question = browser.get(f"{address}/withdraw").text
    assert "取り下げますか" in question
    match = re.search(r'name="seen" value="([^"]+)"', question)
    assert match
    with city_session(CITY) as session:
        moves.apply_transition(session, case.id, "accept", OFFICE, roles=("clerk",))
    late = browser.post(f"{address}/withdraw", {"note": "工事をやめました。", "seen": match[1]})
    assert late.status_code == 409
    assert "いま「審査中」です" in late.text
    assert "工事をやめました。" in late.text
    newer_match = re.search(r'name="seen" value="([^"]+)"', late.text)
    assert newer_match
    assert (
        browser.post(f"{address}/withdraw", {"note": "工事をやめました。", "seen": newer_match[1]}).status_code == 303
    )
    assert "取下げ" in browser.get(address).text
    assert browser.get(f"{address}/withdraw").status_code == 409
    assert browser.post(f"{address}/withdraw").status_code == 409


def test_a_mailed_link_goes_on_where_it_was_left(browser: Browser, other_browser: Browser) -> None:
    address = browser.start("dog-registration")
    browser.post(address, {"name.family": "山田", "continue-later": "1"})
    later = address.rpartition("/")[0] + "/later"
    assert browser.post(later, {"email": "not an address"}).status_code == 422
    assert "リンクを送りました" in browser.post(later, {"email": "later@example.jp"}).text
    link = re.search(
        r"http://hino\.localhost(?::\d+)?(/resume/\S+)", mailed_to(CITY, "later@example.jp", "resume_link")
    )
    assert link
    other_browser.get(link[1])
    opened = other_browser.post(link[1])
    assert opened.status_code == 303
    assert other_browser.get(opened.location).location == address
    assert 'value="山田"' in other_browser.get(address).text


def test_a_draft_goes_on_in_its_language_on_a_device_that_chose_none(browser: Browser, other_browser: Browser) -> None:
    address = browser.start("dog-registration")
    browser.get(f"{address}?lang=en")
    browser.post(f"{address.rpartition('/')[0]}/later", {"email": "later.english@example.jp"})
    link = re.search(r"http://[^/]+(/resume/\S+)", mailed_to(CITY, "later.english@example.jp", "resume_link"))
    assert link
    assert '<html lang="en"' in other_browser.get(link[1]).text
    opened = other_browser.post(link[1].partition("?")[0])
    assert '<html lang="en"' in other_browser.get(other_browser.get(opened.location).location).text


def test_what_was_typed_saves_itself_and_shows_what_follows(browser: Browser) -> None:
    address = browser.start("dog-registration").rpartition("/")[0]
    saved = browser.post(f"{address}/dog/autosave", {"dog_name": "ムギ", "dog_birthday": "2月30日"}, X_Autosave="1")
    assert saved.status_code == 200
    assert "自動で保存しました" in saved.json["saved"]
    assert 'value="ムギ"' in browser.get(f"{address}/dog").text
    followed = browser.post(f"{address}/vaccination/live", {"vaccinated": "yes"}, HX_Request="true")
    assert 'id="frame-vaccinated_on" hx-swap-oob="true"' in followed.text
    assert 'name="vaccinated_on"' in followed.text
    hidden = browser.post(
        f"{address}/vaccination/live", {"vaccinated": "no", "shown-questions": ["vaccinated_on", "certificate"]}
    )
    assert re.search(r'id="frame-vaccinated_on" hx-swap-oob="true" hidden', hidden.text)
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()
        assert open_answers(CITY, draft.answers) == {"dog_name": "ムギ"}


def test_the_live_region_names_area_price_and_road(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    definition = load(catalogue()["road-occupancy"])
    form = inputs_of(definition, "place", occupancy(51))
    page = browser.post(f"{address}/live", form, HX_Request="true").text
    assert "m²" in page
    assert "市道" in page
    assert "<html" not in page


def test_the_answer_to_a_form_is_read_in_another_language_on_the_page_of_the_form(browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="language@example.jp")
    case = f"/me/cases/{newest_case().public_id}"
    browser.get(case)
    refused = browser.post(f"{case}/messages", {"body": " "}, Referer=f"http://{browser.host}{case}")
    assert refused.status_code == 422
    assert f'href="{case}?lang=en"' in refused.text
    elsewhere = browser.post(f"{case}/messages", {"body": " "}, Referer="http://elsewhere.example//evil.example/")
    assert 'href="/?lang=en"' in elsewhere.text

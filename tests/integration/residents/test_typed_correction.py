"""What is typed into a correction stays until it is sent, and a question that an answer brings up can be answered there."""

import re
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.cases import moves
from portal.cases.answers import open_answers
from portal.cases.correction_drafts import purge_obsolete
from portal.cases.models import Case, CorrectionDraft
from portal.core.database import city_session
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import OFFICE, ask_for_correction, newest_case
from tests.integration.residents.test_typed import CHILD, Page, children
from tests.kit.answers import example_of
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.letters import letters


def correction_url(browser: Browser, *fields: str) -> str:
    """The address of a correction of those questions, in an application of somebody without a spouse."""
    _day, example = example_of(catalogue()["child-allowance"])
    alone = {name: answer for name, answer in example.items() if name != "spouse"} | {"has_spouse": False}
    browser.apply("child-allowance", alone, email="correcting@example.jp")
    case = newest_case()
    ask_for_correction(case.id, fields)
    return f"/me/cases/{case.public_id}/correction"


def answers() -> dict[str, Any]:
    with city_session(CITY) as session:
        return open_answers(CITY, session.get_one(Case, newest_case().id).answers)


def saved_draft() -> CorrectionDraft | None:
    with city_session(CITY) as session:
        return session.get(CorrectionDraft, newest_case().id)


def test_what_was_typed_survives_a_reload_and_is_not_sent(browser: Browser) -> None:
    address = correction_url(browser, "phone", "name")
    browser.get(address)
    saved = browser.post(
        f"{address}/autosave",
        {"phone": "090-12", "name.family": "", "name.given": "健太", "reply-to-office": "直しています"},
    )
    assert "送るまで、市役所には届きません。" in saved.json["saved"]
    page = browser.get(address).text
    inputs = Page(page).inputs
    assert (inputs["phone"], inputs["name.family"]) == ("090-12", "")
    assert "直しています" in page
    assert 'class="error"' not in page
    assert answers()["phone"] == "+819012345678"
    row = saved_draft()
    assert row is not None
    assert "直しています".encode() not in row.typed
    refused = browser.post(
        address, {"phone": "090-123", "name.family": "佐藤", "name.given": "健太", "reply-to-office": "直しました"}
    )
    assert refused.status_code == 422
    assert Page(browser.get(address).text).inputs["phone"] == "090-123"
    answer = browser.post(
        address,
        {"phone": "090-9999-8888", "name.family": "佐藤", "name.given": "健太", "reply-to-office": "直しました"},
    )
    assert answer.status_code == 303
    assert answers()["phone"] == "+819099998888"
    assert saved_draft() is None


def test_a_question_that_the_corrected_answer_brings_up_is_asked_there(browser: Browser) -> None:
    address = correction_url(browser, "has_spouse")
    assert "spouse.family" not in Page(browser.get(address).text).inputs
    live = browser.post(f"{address}/live", {"has_spouse": "yes"}, HX_Request="true")
    assert 'id="frame-spouse" hx-swap-oob="true"' in live.text
    assert 'name="spouse.family"' in live.text
    appeared = browser.post(address, {"has_spouse": "yes"})
    assert appeared.status_code == 200
    assert "質問が増えました" in appeared.text
    assert 'class="error"' not in appeared.text
    refused = browser.post(address, {"has_spouse": "yes", "shown-questions": ["spouse"]})
    assert refused.status_code == 422
    page = Page(refused.text)
    assert any(target.startswith("spouse") for target in page.targets)
    assert page.targets <= page.ids


def test_rows_of_a_correction_show_what_their_own_answers_ask_for(browser: Browser) -> None:
    address = correction_url(browser, "children")
    browser.get(address)
    apart = CHILD | {"child_name.given": "葵", "lives_together": "no"}
    form = children(CHILD, apart, {"child_name.family": "佐"})
    refused = browser.post(address, form)
    assert refused.status_code == 422
    page = Page(refused.text)
    assert page.targets <= page.ids
    assert any(target.startswith("children.1.child_address") for target in page.targets)
    assert form.items() <= Page(browser.get(address).text).inputs.items()
    assert browser.post(address, form | {"add-row": "children"}).status_code == 200
    where = {"prefecture": "長野県", "city": "松本市", "town": "丸の内", "block": "3-7"}
    whole = apart | {f"child_address.{part}": text for part, text in where.items()}
    assert browser.post(address, children(CHILD, whole)).status_code == 303
    assert answers()["children"][1]["child_address"]["city"] == "松本市"


def test_what_was_typed_is_dropped_when_the_case_waits_no_longer(browser: Browser) -> None:
    address = correction_url(browser, "phone")
    browser.get(address)
    browser.post(f"{address}/autosave", {"phone": "090-12"})
    with city_session(CITY) as session:
        purge_obsolete(session)
        case = session.get_one(Case, newest_case().id)
        assert session.get(CorrectionDraft, case.id) is not None
    withdraw = address.replace("/correction", "/withdraw")
    match = re.search(r'name="seen" value="([^"]+)"', browser.get(withdraw).text)
    assert match
    assert browser.post(withdraw, {"note": "やめます", "seen": match[1]}).status_code == 303
    with city_session(CITY) as session:
        purge_obsolete(session)
        assert session.scalar(select(CorrectionDraft).where(CorrectionDraft.case_id == case.id)) is None


def test_an_answer_to_a_former_request_is_not_taken_for_one_to_the_present_request(browser: Browser) -> None:
    address = correction_url(browser, "phone")
    browser.get(address)
    first_window = dict(browser.seen)
    assert browser.post(address, {"phone": "090-9999-8888"}).status_code == 303
    with city_session(CITY) as session:
        again = moves.MoveInputs(note="お名前も確かめてください。", fields=("phone", "name"))
        moves.apply_transition(session, newest_case().id, "request_correction", OFFICE, roles=("clerk",), inputs=again)
    refused = browser.post(address, {"phone": "090-7777-6666", **first_window})
    assert refused.status_code == 409
    assert "もう一度送ってください" in refused.text
    assert "お名前も確かめてください。" in refused.text
    assert Page(refused.text).inputs["phone"] == "090-7777-6666"
    assert answers()["phone"] == "+819099998888"
    assert (
        browser.post(address, {"phone": "090-7777-6666", "name.family": "佐藤", "name.given": "健一"}).status_code
        == 303
    )


def test_who_answers_what_was_answered_in_another_window_reads_what_they_typed(browser: Browser) -> None:
    address = correction_url(browser, "phone")
    browser.get(address)
    assert browser.post(address, {"phone": "090-9999-8888"}).status_code == 303
    second = browser.post(address, {"phone": "090-7777-6666", "reply-to-office": "番号が変わりました。"})
    assert second.status_code == 409
    assert "番号が変わりました。" in second.text


def test_nothing_corrected_and_nothing_said_is_not_sent_by_a_press(browser: Browser) -> None:
    address = correction_url(browser, "phone")
    as_sent = {"phone": "090-1234-5678"}
    browser.get(address)
    refused = browser.post(address, as_sent)
    assert refused.status_code == 422
    assert '<a href="#reply-to-office">直したところがありません。' in refused.text
    assert newest_case().status == "fix"
    assert browser.post(address, as_sent | {"reply-to-office": "この番号で合っています。"}).status_code == 303


def test_the_page_lists_what_is_asked_and_until_when_and_what_was_left_is_told_before_it_is_sent(
    browser: Browser,
) -> None:
    address = correction_url(browser, "phone", "name")
    with city_session(CITY) as session:
        session.get_one(Case, newest_case().id).answer_by = date(2027, 1, 8)
    questions = browser.get(address).text.partition("直していただきたいところ")[2].partition("</div>")[0]
    assert re.findall(r'href="#frame-(\w+)"', questions) == ["name", "phone"]
    assert "1月8日" in questions
    known = answers()["name"]
    same = {"name.family": known["family"], "name.given": known["given"]}
    told = browser.post(address, {"phone": "090-1111-2222"} | same)
    assert told.status_code == 200
    note = told.text.partition("まだ直っていないところがあります")[2].partition("</div>")[0]
    assert re.findall(r'href="#frame-(\w+)"', note) == ["name"]
    assert newest_case().status == "fix", "nothing was sent yet"
    assert Page(told.text).inputs["phone"] == "090-1111-2222"
    before = len(letters(CITY, "correction_received", newest_case().id))
    assert browser.post(address, {"phone": "090-1111-2222", "send-unchanged": "name"} | same).status_code == 303
    assert answers()["phone"] == "+819011112222"
    mails = letters(CITY, "correction_received", newest_case().id)
    assert len(mails) == before + 1
    assert "電話番号" in mails[-1].body
    assert "・氏名" not in mails[-1].body, "only what was corrected"

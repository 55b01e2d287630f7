"""The last page of an application, sent after its visit had ended: it comes back as it was, and one more press sends it."""

import re
from urllib.parse import quote, unquote

from forms import load
from tests.integration.residents.test_draft_key import end_visits
from tests.integration.residents.test_following import newest_case
from tests.kit.answers import damage, occupancy
from tests.kit.browser import Browser, agreement
from tests.kit.catalogue import catalogue

CITY = "hino"


def test_who_must_sign_in_again_stands_at_the_review_with_everything_ticked_and_sends_by_one_press(
    browser: Browser,
) -> None:
    browser.sign_in("late-review@example.jp")
    review = browser.fill(browser.start("road-occupancy"), load(catalogue()["road-occupancy"]), occupancy(97))
    page = browser.get(review).text
    ticked = agreement(page)
    end_visits()
    late = browser.post(review, ticked | {"method": "konbini"})
    assert (late.status_code, unquote(late.location)) == (303, f"/sign-in?next={review}")
    browser.sign_in("late-review@example.jp")
    page = browser.get(review).text
    assert "まだ送られていません" in page
    assert is_ticked(page)
    sent = browser.post(review, agreement(page))
    assert sent.status_code in {303, 307}
    assert newest_case().procedure_key == "road-occupancy"
    assert "まだ送られていません。入力した" not in browser.get("/me").text


def test_without_an_account_the_page_comes_back_at_once(browser: Browser) -> None:
    review = browser.fill(browser.start("road-damage"), load(catalogue()["road-damage"]), damage(CITY, "遅れて送る穴"))
    ticked = agreement(browser.get(review).text)
    end_visits()
    late = browser.post(review, ticked)
    assert late.status_code == 400
    assert is_ticked(late.text)
    assert browser.post(review, agreement(late.text)).status_code == 303


def test_what_was_ticked_does_not_count_for_what_was_changed_since(browser: Browser) -> None:
    address = browser.start("road-damage")
    answers = damage(CITY, "穴")
    review = browser.fill(address, load(catalogue()["road-damage"]), answers)
    ticked = agreement(browser.get(review).text)
    end_visits()
    browser.post(review, ticked)
    browser.get(address)
    browser.post(address, {"defect": "light", "danger": "no", "details": "電灯"})
    assert not is_ticked(browser.get(review).text)


def test_another_person_who_signs_in_sees_nothing_of_it(browser: Browser) -> None:
    browser.sign_in("late-owner@example.jp")
    review = browser.fill(browser.start("road-occupancy"), load(catalogue()["road-occupancy"]), occupancy(98))
    ticked = agreement(browser.get(review).text)
    end_visits()
    assert browser.post(review, ticked).status_code == 303
    browser.sign_in("late-stranger@example.jp")
    assert browser.get(review).status_code == 404


def is_ticked(page: str) -> bool:
    """Whether the page has the agreement ticked already."""
    return re.search(r'name="agreed"[^>]* checked', page) is not None


def test_who_lost_all_cookies_signs_in_beside_the_page_and_sends_what_it_kept(
    browser: Browser, other_browser: Browser
) -> None:
    browser.sign_in("late-cookies@example.jp")
    review = browser.fill(browser.start("road-occupancy"), load(catalogue()["road-occupancy"]), occupancy(99))
    sent = agreement(browser.get(review).text) | {"method": "card"}
    late = other_browser.post(review, sent)
    assert late.status_code == 400
    again = other_browser.post(review, sent)
    assert again.status_code == 404
    for page in (late.text, again.text):
        assert "もう一度送る" in page
        assert "書いた内容を見る" not in page, "neither a digest nor the name of a method is what somebody wrote"
    assert "別の画面でサインインする" in again.text
    assert "メールの「続きのリンク」" in again.text
    other_browser.sign_in("late-cookies@example.jp")
    assert other_browser.post(review, sent).status_code in {303, 307}


def test_a_draft_opened_elsewhere_leads_to_the_sign_in_and_back(browser: Browser, other_browser: Browser) -> None:
    address = browser.sign_in("late-elsewhere@example.jp").start("road-damage")
    elsewhere = other_browser.get(address)
    assert elsewhere.status_code == 404
    assert f'href="/sign-in?next={quote(address, safe="/")}"' in elsewhere.text
    typed = other_browser.post(address, {"details": "街灯が消えています", "defect": "light"})
    assert '<li class="pre-line">街灯が消えています</li>' in typed.text
    assert '<li class="pre-line">light</li>' not in typed.text

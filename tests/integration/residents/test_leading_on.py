"""An application that leads to another procedure, and how its pictures and the question that the city asks about are shown."""

import io
import re

import pytest

from forms import load
from portal import procedures
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.answers import damage, occupancy
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.pictures import photo


def test_who_takes_the_other_procedure_stands_below_the_statement(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = browser.start("road-occupancy").rpartition("/")[0] + "/drawings"
    browser.get(address)
    alone = browser.post(f"{address}/live", {"police": "no"}, HX_Request="true").text
    assert "両方の許可がそろうまで、作業は始められません" in alone
    assert 'target="_blank"' not in alone, "the city does not offer the other procedure"
    offer = procedures.offer
    stand_in = {"road-use-permit": "dog-registration"}
    monkeypatch.setattr(procedures, "offer", lambda session, key: offer(session, stand_in.get(key, key)))
    live = browser.post(f"{address}/live", {"police": "no"}, HX_Request="true").text
    assert re.search(r'<a href="/procedures/dog-registration" target="_blank"', live)
    assert re.search(r'href="tel:\d+">', live)
    sent = {"police": "no", "plans.upload": (io.BytesIO(photo("PNG")), "平面図.png")}
    assert browser.post(address, sent).status_code == 303
    review = browser.get(f"{address.rpartition('/')[0]}/review").text
    assert "両方の許可がそろうまで、作業は始められません" in review
    picture = re.search(r'<img class="answer-photo" src="([^"]+)" alt="平面図.png"', review)
    assert picture
    assert browser.get(picture[1]).content_type.startswith("image/")


def test_pictures_stand_on_the_page_of_the_case_and_a_request_at_its_question(
    browser: Browser, other_browser: Browser
) -> None:
    browser.apply("road-occupancy", occupancy(61), email="pictures@example.jp")
    case = newest_case()
    picture = re.search(r'<img class="answer-photo" src="([^"]+)"', browser.get(f"/me/cases/{case.public_id}").text)
    assert picture
    assert browser.get(picture[1]).content_type.startswith("image/")
    other_browser.sign_in("curious@example.jp")
    assert other_browser.get(picture[1]).status_code == 404
    ask_for_correction(case.id, ("schedule",))
    assert "市から求められています" in browser.get(f"/me/cases/{case.public_id}/correction").text


def test_a_note_that_tells_people_to_phone_has_the_number_to_press_on_form_review_and_receipt(browser: Browser) -> None:
    first = browser.start("road-damage")
    footer = browser.get(first).text.partition("<footer")[2]
    phone = re.search(r">(0[\d-]+)</a>", footer)[1]
    button = f'href="tel:{phone.replace("-", "")}"'
    assert "いますぐ市役所" not in browser.post(f"{first}/live", {"danger": "no"}, HX_Request="true").text
    dangerous = browser.post(f"{first}/live", {"danger": "yes"}, HX_Request="true").text
    note = dangerous.partition("いますぐ市役所に電話してください")[2].partition("</div>")[0]
    assert button in note
    assert f"{phone}に電話する" in note
    review = browser.fill(first, load(catalogue()["road-damage"]), damage(CITY, "穴") | {"danger": True})
    assert button in browser.get(review).text.partition("続けられますが、確かめてください")[2].partition("<section")[0]
    done = browser.get(browser.agree(review).location).text
    assert button in done.partition("いますぐ市役所に電話してください")[2].partition("</div>")[0]

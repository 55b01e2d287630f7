"""An application that leads to another procedure, and how its pictures and the question that the city asks about are shown."""

import io
import re

import pytest

from portal import procedures
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.answers import occupancy
from tests.kit.browser import Browser
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
    assert re.search(r'<a href="tel:\d+">', live)
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

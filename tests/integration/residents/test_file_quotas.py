"""What one visitor, one network and one city may send is limited, with a reason, and nothing typed is lost."""

import io
import re
from contextlib import ExitStack

import pytest
from flask import Flask

from portal import files
from portal.core.config import settings
from portal.core.database import city_session
from portal.files import slots
from portal.residents import quotas
from tests.integration.residents.choosing import add, draft_of, names, photo, stored_files
from tests.integration.residents.conftest import CITY
from tests.kit.answers import occupancy
from tests.kit.browser import Browser


def chosen_settings(monkeypatch: pytest.MonkeyPatch, module: object, **values: object) -> None:
    chosen = settings().model_copy(update=values)
    monkeypatch.setattr(module, "settings", lambda: chosen)


def test_when_every_slot_is_taken_nothing_is_lost(browser: Browser, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "PATIENCE", 0.0)
    with ExitStack() as held:
        for _ in range(settings().file_checks):
            held.enter_context(slots.slot())
        busy = add(browser, page, "東.jpg")
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
        assert busy.get_json()["message"].startswith("ファイルの確認がこみ合っています。")
        answer = browser.post(page, {"parts": "roof", "photos.upload": (io.BytesIO(photo()), "東.jpg")})
        assert answer.status_code == 503
        assert "「東.jpg」：ファイルの確認がこみ合っています。" in answer.text
        assert re.search(r'value="roof" checked', answer.text)
    assert names(draft_of(page)) == []
    assert add(browser, page, "東.jpg").status_code == 200


def test_a_decoder_that_falls_over_is_a_plain_refusal(
    browser: Browser, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> bytes:
        raise files.IsolatedProcessFailed

    monkeypatch.setattr("portal.files.pictures.run_isolated", fails)
    answer = add(browser, page, "東.jpg")
    assert answer.status_code == 422
    assert answer.get_json()["message"] == "「東.jpg」：写真を開けませんでした。撮り直すか、別の写真を選んでください。"


@pytest.mark.parametrize(
    "quota", ["quota_uploads_visitor", "quota_uploads_network", "quota_megabytes_visitor", "quota_megabytes_network"]
)
def test_too_much_in_an_hour_is_refused_with_a_reason(
    browser: Browser, page: str, quota: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = "uploads" in quota
    chosen_settings(monkeypatch, quotas, **{quota: 2 if uploads else 1})
    behind = b"" if uploads else bytes(450_000)  # what follows the picture is left behind, but was sent
    for name in ("1.png", "2.png"):
        assert add(browser, page, name, photo("PNG") + behind).status_code == 200
    over = add(browser, page, "3.png", photo("PNG") + behind)
    assert over.status_code == 429
    assert int(over.headers["Retry-After"]) <= 3601
    assert "短い時間にたくさんのファイルが送られた" in over.get_json()["message"]
    answer = browser.post(page, {"parts": "roof", "photos.upload": (io.BytesIO(photo("PNG") + behind), "4.png")})
    assert answer.status_code == 429
    assert re.search(r'value="roof" checked', answer.text)
    assert names(draft_of(page)) == ["1.png", "2.png"]


def test_a_network_is_one_whatever_address_of_it(app: Flask, open_city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen_settings(monkeypatch, quotas, quota_drafts_network=2)
    statuses = []
    for last in ("1", "2", "ffff:1"):
        neighbour = Browser(app)
        neighbour.address = f"2001:db8:7:7::{last}"
        neighbour.get("/procedures/road-damage")
        started = neighbour.post("/apply/road-damage")
        statuses.append(started.status_code)
    assert statuses == [303, 303, 429]
    assert "短い時間にたくさんの手続きがはじめられた" in started.text


def test_a_visitor_begins_only_so_many(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen_settings(monkeypatch, quotas, quota_drafts_visitor=2)
    browser.start("road-damage")
    browser.get("/procedures/road-damage")
    others = ("dog-registration", "child-allowance", "bulky-waste")
    statuses = [browser.post(f"/apply/{key}").status_code for key in others]
    assert statuses[-1] == 429
    assert statuses.count(303) >= 1


def test_a_city_holds_only_so_much_unsent(browser: Browser, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen_settings(monkeypatch, quotas, quota_unsent_megabytes=1)
    monkeypatch.setattr(quotas.files, "unsent_bytes", lambda _session: 999_990)
    full = add(browser, page, "東.jpg")
    assert full.status_code == 503
    assert "いま、ファイルを受け取れません。" in full.get_json()["message"]
    assert names(draft_of(page)) == []


def test_unsent_files_are_counted_and_sent_files_are_not(browser: Browser) -> None:
    def unsent() -> int:
        with city_session(CITY) as session:
            return files.unsent_bytes(session)

    before = unsent()
    page = browser.start("road-damage").rpartition("/")[0] + "/where"
    add(browser, page, "穴.jpg")
    assert unsent() == before + sum(file.size for file in stored_files(draft_of(page)))
    browser.apply("road-occupancy", occupancy(52), email="counted@example.jp")
    assert unsent() == before + sum(file.size for file in stored_files(draft_of(page)))
    browser.post(f"/drafts/{draft_of(page)}/discard")
    assert unsent() == before

"""A fee that is paid over time: the procedure's page says so, and the last page before sending lists what is paid when."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from forms import load
from portal.cli.installing import install
from portal.core.clock import TOKYO, frozen
from portal.core.config import settings
from portal.core.database import city_session
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

CARE = """
procedure: test-care
kind: notification
title: {ja: 試験用の学童, en: After-school care}
department: environment
steps:
  - id: child
    title: {ja: 利用}
    fields:
      - {id: months, type: integer, label: {ja: 月数}, min: 1, max: 12}
fee:
  - id: care
    label: {ja: 保育料, en: Care}
    amount: months * 4000
    schedule: {every: quarter, instalments: "2", due: {day: 31}}
  - {id: permit, label: {ja: 許可の料金}, amount: 700, when: approved, schedule: {due: {days: 14}}}
workflow: {preset: permit}
"""


@pytest.fixture(scope="module")
def care(open_city: str) -> str:
    with city_session(CITY) as session:
        install(session, CARE, None)
    return "test-care"


def test_the_review_page_lists_what_is_paid_when(browser: Browser, care: str) -> None:
    with frozen(datetime(2026, 11, 24, 10, tzinfo=TOKYO)):
        page = browser.get(f"/procedures/{care}").text
        assert "申請のときに支払います(何回かに分けます)" in page
        browser.sign_in("care@example.jp")
        review = browser.get(browser.fill(browser.start(care), load(CARE), {"months": 3})).text
    assert "支払う日と金額" in review
    assert "6,000円</b> <span>11月30日(月)まで" in review
    assert "2027年2月24日(水)から" in review
    assert "お知らせした日から14日以内" in review
    assert "6,000円を支払って届出を送る" in review


@pytest.fixture
def short_drafts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MADOGUCHI_DRAFT_DAYS", "12")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("short_drafts")
def test_the_procedure_page_says_how_long_a_draft_is_kept(browser: Browser, care: str) -> None:
    assert "途中でやめても、12日のあいだ続きから書けます。" in browser.get(f"/procedures/{care}").text

"""One application that opens a case of another procedure: said before it is sent, and listed on the receipt."""

import pytest

from forms import load
from portal.cli.installing import install
from portal.core.database import city_session
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

PERSON = "      - {id: name, type: person_name, item: person.name}\n"
LEAVING = f"""
procedure: test-leaving
kind: notification
title: {{ja: 試験用の退去届}}
department: environment
steps:
  - id: who
    title: {{ja: 届け出る方}}
    fields:
{PERSON}      - {{id: has_bin, type: yes_no, label: {{ja: ごみ箱を返しますか}}}}
opens:
  - {{procedure: test-bin, when: has_bin, answers: {{name: name}}}}
workflow: {{preset: notification}}
"""
BIN = f"""
procedure: test-bin
kind: notification
title: {{ja: 試験用のごみ箱の返却}}
department: environment
steps:
  - id: who
    title: {{ja: 返す方}}
    fields:
{PERSON}workflow: {{preset: notification}}
"""
NAME = {"family": "佐藤", "given": "美咲"}


@pytest.fixture(scope="module")
def leaving(open_city: str) -> str:
    with city_session(CITY) as session:
        install(session, BIN, None)
        install(session, LEAVING, None)
    return "test-leaving"


@pytest.mark.parametrize("has_bin", [True, False])
def test_what_is_opened_is_said_before_and_after(browser: Browser, leaving: str, has_bin: bool) -> None:
    browser.sign_in("leaving@example.jp")
    review = browser.fill(browser.start(leaving), load(LEAVING), {"name": NAME, "has_bin": has_bin})
    page = browser.get(review).text
    assert ("同時に申し込む手続き" in page and "試験用のごみ箱の返却" in page) is has_bin
    receipt = browser.get(browser.agree(review).location).text
    assert ("一緒に届いた手続き" in receipt and "試験用のごみ箱の返却" in receipt) is has_bin

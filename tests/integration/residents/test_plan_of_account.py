"""A plan begins with what the account says: what was kept, and which earlier application ended well; each can be corrected."""

from datetime import timedelta

import pytest

from portal.core.clock import today
from portal.core.database import city_session
from portal.identity.resident_accounts import sign_in_account
from portal.procedures import offers
from portal.profiles import NewItem, Origin, keep_items
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_plan import PLAN, QUESTION, answer
from tests.kit.answers import DOG
from tests.kit.browser import Browser
from tests.kit.city import begin, send

EMAIL = "known@example.jp"


@pytest.fixture
def known(browser: Browser) -> Browser:
    """Somebody whose dog is registered, and who keeps a child of five years."""
    with city_session(CITY) as session:
        account_id = sign_in_account(session, EMAIL, "ja")
        case = send(session, begin(session, "dog-registration", DOG, account_id))
        case.status = "ok"
        birthday = str(today() - timedelta(days=5 * 366))
        rows = [{"child.name": {"family": "佐藤", "given": "陽"}, "child.birthday": birthday}]
        version = next(offer.version_id for offer in offers(session) if offer.key == "child-allowance")
        origin = Origin(version, "child-allowance", "日-1129-00001")
        keep_items(session, account_id, [NewItem("household.children", "group", rows, False, "children", origin)])
    return browser.sign_in(EMAIL)


def _begin(browser: Browser) -> None:
    browser.get("/life/moving")
    assert browser.post("/plan/begin/moving", {}).status_code == 303


def test_what_the_account_says_is_not_asked_and_can_be_corrected(known: Browser) -> None:
    _begin(known)
    page = answer(known, move_kind="in")
    assert "もう聞かないこと" in page
    assert page.count("前の手続き") == 1
    assert page.count("次の手続きのために残した内容") == 1
    for name in ("has_dog", "household_has_children"):
        assert f'name="fact" value="{name}"' not in page
    plan = known.get(PLAN).text
    assert "犬を飼っている" in plan
    assert "前の手続き" in plan
    assert known.post(QUESTION, {"fact": ["has_dog"], "has_dog": "no"}).status_code == 303
    assert "犬を飼っている" not in known.get(PLAN).text


def test_a_dog_that_the_city_has_is_not_registered_again(known: Browser) -> None:
    known.get("/life/home")
    assert known.post("/plan/begin/home", {}).status_code == 303
    plan = known.get(PLAN).text
    assert 'value="dog-registration"' not in plan


def test_nobody_else_is_known(known: Browser, other_browser: Browser) -> None:
    for visitor in (other_browser, other_browser.sign_in("unknown@example.jp")):
        _begin(visitor)
        assert "もう聞かないこと" not in answer(visitor, move_kind="in")

"""Once only: what somebody chose to keep fills in their next form, marked and free to change; nothing else, and nobody else's."""

import re

from sqlalchemy import select

from portal.cli.installing import install
from portal.core.database import city_session
from portal.identity.resident_accounts import sign_in_account
from portal.profiles.models import ProfileItem
from tests.integration.residents.conftest import CITY
from tests.kit.answers import DOG, PERSON
from tests.kit.browser import Browser
from tests.unit.fields.test_joint_applicants import SOURCE

MARK = "前回の手続きから("
NAME = 'value="佐藤"'
PHONE = 'value="090-1234-5678"'


def applicant_page(browser: Browser) -> str:
    """The page of another procedure that asks who applies, before anything is sent."""
    return browser.get(browser.start("road-occupancy").rpartition("/")[0] + "/applicant").text


def send_dog(browser: Browser, email: str) -> str:
    """Register a dog; the address of the receipt."""
    assert browser.apply("dog-registration", DOG, email=email).status_code == 303
    sent = re.search(r'href="/me/cases/([\w-]+)"', browser.get("/me").text)
    assert sent
    return f"/done/{sent[1]}"


def keep(browser: Browser, receipt: str, *items: str) -> None:
    """Choose items of the application on its receipt."""
    browser.get(receipt)
    chosen = {"item": list(items)} if items else {"every": "1"}
    assert browser.post(f"/me/cases/{receipt.rpartition('/')[2]}/keep", chosen).status_code == 303


def kept_by(email: str) -> dict[str, object]:
    with city_session(CITY) as session:
        account_id = sign_in_account(session, email, "ja")
        rows = session.scalars(select(ProfileItem).where(ProfileItem.account_id == account_id)).all()
        return {row.item: row.answer for row in rows}


def test_nothing_is_kept_that_nobody_chose(browser: Browser) -> None:
    receipt = send_dog(browser, "unasked@example.jp")
    page = browser.get(receipt).text
    assert "次の手続きのために残しますか" in page
    assert not re.findall(r'name="item"[^>]* checked', page)
    assert NAME not in applicant_page(browser)
    assert kept_by("unasked@example.jp") == {}
    refused = browser.post(f"/me/cases/{receipt.rpartition('/')[2]}/keep")
    assert refused.status_code == 422
    assert "残す項目を、1つ以上選んでください。" in refused.text


def test_what_was_chosen_is_in_the_next_form_and_nothing_else(browser: Browser) -> None:
    receipt = send_dog(browser, "once@example.jp")
    keep(browser, receipt, "person.name", "person.phone")
    page = applicant_page(browser)
    assert NAME in page
    assert PHONE in page
    assert 'value="191-0016"' not in page
    assert page.count(MARK) == 2
    assert "変わったときは、書き直してください。" in page
    assert "すべて残すことに同意する" in browser.get(receipt).text
    keep(browser, receipt)
    assert applicant_page(browser).count(MARK) == 3
    assert "次の手続きのために残してあります。" in browser.get(receipt).text


def test_what_is_typed_wins_and_what_is_emptied_stays_empty(browser: Browser) -> None:
    keep(browser, send_dog(browser, "changed@example.jp"))
    address = browser.start("dog-registration")
    browser.post(f"{address}/autosave", {**_name("鈴木"), "phone": "090-1234-5678", "dog_name": ""})
    page = browser.get(address).text
    assert 'value="鈴木"' in page
    assert page.count(MARK) == 1  # the telephone number alone is as it was: what the page did not hold was emptied
    assert 'value="191-0016"' not in page
    assert kept_by("changed@example.jp")["person.name"] == PERSON["name"]


def test_a_page_that_was_sent_is_the_residents_own_word(browser: Browser) -> None:
    keep(browser, send_dog(browser, "sent@example.jp"))
    address = browser.start("dog-registration")
    assert MARK in browser.get(address).text
    flat = {"kana.family": "サトウ", "kana.given": "ミサキ", "phone": "090-1234-5678"}
    place = {f"address.{part}": text for part, text in PERSON["address"].items()}
    assert browser.post(address, _name("佐藤") | flat | place).status_code == 303
    assert MARK not in browser.get(address).text


def test_nobody_else_is_given_them(browser: Browser, other_browser: Browser) -> None:
    receipt = send_dog(browser, "mine-alone@example.jp")
    keep(browser, receipt)
    case = receipt.rpartition("/")[2]
    assert NAME not in applicant_page(other_browser)
    assert other_browser.get("/me/profile").status_code == 303
    other_browser.sign_in("somebody-else@example.jp")
    assert NAME not in applicant_page(other_browser)
    assert other_browser.get(f"/me/cases/{case}/keep").status_code == 404
    assert other_browser.get("/me/profile/person.name").status_code == 404
    assert other_browser.post("/me/profile/person.name/remove").status_code == 303
    assert "佐藤" not in other_browser.get("/me/profile").text
    assert "person.name" in kept_by("mine-alone@example.jp")
    browser.post("/sign-out")
    assert NAME not in applicant_page(browser)


def test_the_profile_is_edited_with_the_checks_of_a_form(browser: Browser) -> None:
    keep(browser, send_dog(browser, "edits@example.jp"))
    page = browser.get("/me/profile").text
    assert "佐藤 美咲" in page
    assert "から残しました。" in page
    faulty = browser.submit("/me/profile/person.phone", answer="12")
    assert faulty.status_code == 422
    assert 'value="12"' in faulty.text
    assert browser.submit("/me/profile/person.phone", answer="042-123-4567").status_code == 303
    assert "あなたが直しました。" in browser.get("/me/profile").text
    assert 'value="042-123-4567"' in applicant_page(browser)


def test_withdrawn_consent_deletes_and_the_history_tells_of_it(browser: Browser) -> None:
    keep(browser, send_dog(browser, "leaves@example.jp"))
    applicant_page(browser)
    assert "消しますか" in browser.get("/me/profile/person.name/remove").text
    assert browser.post("/me/profile/person.name/remove").status_code == 303
    assert "person.name" not in kept_by("leaves@example.jp")
    assert "person.phone" in kept_by("leaves@example.jp")
    browser.get("/me/profile-removal")
    assert browser.post("/me/profile-removal").status_code == 303
    assert kept_by("leaves@example.jp") == {}
    page = browser.get("/me/profile").text
    assert "まだ、残した内容はありません" in page
    for line in ("次の手続きのために残しました：", "申請に入れました：", "同意を取り消して、消しました："):
        assert line in page
    assert NAME not in applicant_page(browser)


def test_the_profile_goes_with_the_account() -> None:
    from sqlalchemy import delete

    from portal.identity.models import Account
    from portal.procedures import offers
    from portal.profiles import NewItem, Origin, keep_items

    with city_session(CITY) as session:
        account_id = sign_in_account(session, "gone@example.jp", "ja")
        origin = Origin(offers(session)[0].version_id, "dog-registration", "日-1129-00001")
        keep_items(session, account_id, [NewItem("person.phone", "phone", "+819012345678", False, "phone", origin)])
        session.execute(delete(Account).where(Account.id == account_id))
        assert session.scalars(select(ProfileItem).where(ProfileItem.account_id == account_id)).all() == []


def _name(family: str) -> dict[str, str]:
    return {"name.family": family, "name.given": "美咲"}


def test_of_several_applicants_the_first_is_who_is_signed_in(browser: Browser) -> None:
    asks_for_two = SOURCE.replace("max: 6", "min: 2\n        max: 6").replace(
        "label: {ja: 申請者}}", "item: applicant}"
    )
    with city_session(CITY) as session:
        install(session, asks_for_two, None)
    keep(browser, send_dog(browser, "together@example.jp"))
    address = browser.start("shared-land")
    page = browser.get(address).text
    assert re.search(r'name="owners\.0\.owner\.name\.family"[^>]* value="佐藤"', page)
    assert browser.post(address, {}).status_code == 422, "the others are still asked for"

"""Once only: who is signed in finds what they entered before, marked and free to change; nobody else does."""

from tests.kit.answers import DOG, PERSON
from tests.kit.browser import Browser

MARK = "前の申請から入れました。"
NAME = 'value="佐藤"'


def applicant_page(browser: Browser) -> str:
    """The page of another procedure that asks who applies, before anything is sent."""
    return browser.get(browser.start("road-occupancy").rpartition("/")[0] + "/applicant").text


def test_the_next_form_holds_what_was_entered_before(browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="once@example.jp")
    page = applicant_page(browser)
    for text in (NAME, 'value="191-0016"', 'value="090-1234-5678"'):
        assert text in page
    assert page.count(MARK) == 3
    assert "ムギ" not in page


def test_what_is_changed_counts_from_then_on(browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="changed@example.jp")
    address = browser.start("dog-registration")
    browser.post(f"{address}/autosave", {**_name("鈴木"), "phone": "090-1234-5678"})
    page = browser.get(address).text
    assert 'value="鈴木"' in page
    assert page.count(MARK) == 1  # the telephone number alone is as it was: what the page did not hold was emptied
    browser.apply("dog-registration", DOG | {"name": {"family": "鈴木", "given": "美咲"}})
    assert 'value="鈴木"' in applicant_page(browser)


def test_a_page_that_was_sent_is_the_residents_own_word(browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="sent@example.jp")
    address = browser.start("dog-registration")
    assert MARK in browser.get(address).text
    flat = {"kana.family": "サトウ", "kana.given": "ミサキ", "phone": "090-1234-5678"}
    place = {f"address.{part}": text for part, text in PERSON["address"].items()}
    assert browser.post(address, _name("佐藤") | flat | place).status_code == 303
    assert MARK not in browser.get(address).text


def test_nobody_else_is_given_them(browser: Browser, other_browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="mine-alone@example.jp")
    assert NAME not in applicant_page(other_browser)
    other_browser.sign_in("somebody-else@example.jp")
    assert NAME not in applicant_page(other_browser)
    browser.post("/sign-out")
    assert NAME not in applicant_page(browser)


def _name(family: str) -> dict[str, str]:
    return {"name.family": family, "name.given": "美咲"}

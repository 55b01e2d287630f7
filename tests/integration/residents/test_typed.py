"""What was typed is never lost: not by autosaving, faults, rows, conditions or another device. Invalid values do not count."""

import re
from html.parser import HTMLParser
from threading import Thread
from typing import Any

from flask import Flask
from sqlalchemy import select

from forms import load
from portal.cases.models import Case, Draft
from portal.core.database import city_session
from tests.integration.residents.conftest import CITY
from tests.kit.answers import DOG, posted
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.letters import mailed_to

CHILD = {
    "child_name.family": "佐藤",
    "child_name.given": "陽",
    "child_kana.family": "サトウ",
    "child_kana.given": "ハル",
    "child_birthday": "2020-05-03",
    "relation": "own",
    "lives_together": "yes",
}
DOG_FORM = load(catalogue()["dog-registration"])


class Page(HTMLParser):
    """The ids of a page, the places its links within itself lead to, and what its inputs hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.inputs: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if attributes.get("id"):
            self.ids.add(str(attributes["id"]))
        if tag == "a" and (attributes.get("href") or "").startswith("#"):
            self.targets.add(str(attributes["href"])[1:])
        if tag == "input" and attributes.get("name"):
            if attributes.get("type") in {"radio", "checkbox"} and "checked" not in attributes:
                return
            self.inputs[str(attributes["name"])] = attributes.get("value") or ""


def children(*rows: dict[str, str]) -> dict[str, str]:
    return {f"children.{number}.{name}": text for number, row in enumerate(rows) for name, text in row.items()}


def children_page(browser: Browser) -> str:
    return browser.start("child-allowance").rpartition("/")[0] + "/children_step"


def newest_draft() -> Draft:
    with city_session(CITY) as session:
        return session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()


def test_an_unfinished_child_does_not_wipe_the_finished_ones(browser: Browser) -> None:
    address = children_page(browser)
    form = children(CHILD, CHILD | {"child_name.given": "葵"}, {"child_name.family": "佐"})
    saved = browser.post(f"{address}/autosave", form)
    assert "自動で保存しました" in saved.json["saved"]
    page = browser.get(address).text
    assert form.items() <= Page(page).inputs.items()
    assert 'class="error"' not in page
    assert newest_draft().answers == {}
    assert "佐" not in str(newest_draft().typed)


def test_without_a_script_the_same_is_kept_by_later_and_by_adding_a_row(browser: Browser) -> None:
    address = children_page(browser)
    form = children(CHILD, {"child_name.family": "佐"})
    for button in (
        {"continue-later": "1"},
        {"add-row": "children"},
        {"add-row": "children", "children.1.relation": "own"},
    ):
        browser.post(address, form | button)
        assert form.items() <= Page(browser.get(address).text).inputs.items()
    less = browser.post(address, form | {"remove-row": "children.0"})
    assert Page(less.text).inputs["children.0.child_name.family"] == "佐"
    assert Page(browser.get(address).text).inputs["children.0.child_name.family"] == "佐"


def test_a_second_child_elsewhere_is_asked_for_the_address_and_can_give_it(browser: Browser) -> None:
    address = children_page(browser)
    apart = CHILD | {"child_name.given": "葵", "lives_together": "no"}
    live = browser.post(f"{address}/live", children(CHILD, apart), HX_Request="true")
    assert 'id="frame-children" hx-swap-oob="true"' in live.text
    assert 'id="children.1.child_address"' in live.text
    assert 'id="children.0.child_address"' not in live.text
    refused = browser.post(address, children(CHILD, apart))
    assert refused.status_code == 422
    page = Page(refused.text)
    assert page.targets & {name for name in page.ids if name.startswith("children.1.child_address")}
    assert page.targets <= page.ids | {"main"}
    where = {"prefecture": "長野県", "city": "松本市", "town": "丸の内", "block": "3-7"}
    whole = apart | {f"child_address.{part}": text for part, text in where.items()}
    assert browser.post(address, children(CHILD, whole)).status_code == 303


def test_the_first_row_of_an_empty_page_asks_nothing_that_has_a_condition(browser: Browser) -> None:
    assert "children.0.child_address" not in browser.get(children_page(browser)).text


def test_an_answer_that_is_being_changed_neither_comes_back_nor_counts(browser: Browser) -> None:
    start = browser.start("dog-registration")
    review = browser.fill(start, DOG_FORM, DOG | {"microchip": "392140000123456"})
    looks = start.rpartition("/")[0] + "/looks"
    form = posted(DOG_FORM, "looks", DOG) | {"microchip": "39214\x07"}
    browser.get(looks)
    assert browser.post(f"{looks}/autosave", form).status_code == 200
    assert "392140000123456" not in browser.get(looks).text
    assert browser.get(start.replace("/apply/d/", "/drafts/").rpartition("/")[0]).location == looks
    page = browser.get(review)
    assert f'href="{looks}?to-review=1#microchip"' in page.text
    browser.sign_in("unsettled@example.jp")
    browser.get(review)
    refused = browser.post(review, {"agreed": "1"})
    assert refused.status_code == 422
    with city_session(CITY) as session:
        draft_id = newest_draft().id
        assert session.scalar(select(Case).where(Case.draft_id == draft_id)) is None
    browser.get(looks)
    assert browser.post(looks, form | {"microchip": "392140000123456"}).status_code == 303
    browser.get(review)
    assert browser.agree(review).status_code in {303, 307}
    assert newest_draft().typed is None


def test_a_hidden_question_comes_back_with_its_text_and_is_not_sent(browser: Browser) -> None:
    address = browser.start("dog-registration").rpartition("/")[0] + "/vaccination"
    browser.post(
        f"{address}/autosave",
        {"vaccinated": "yes", "vaccinated_on": "いつだったか", "shown-questions": "vaccinated_on"},
    )
    hidden = browser.post(
        f"{address}/live", {"vaccinated": "no", "vaccinated_on": "いつだったか", "shown-questions": "vaccinated_on"}
    )
    assert Page(hidden.text).inputs["vaccinated_on"] == "いつだったか"
    assert browser.post(address, Page(hidden.text).inputs | {"vaccinated": "no"}).status_code == 303
    assert newest_draft().answers == {"vaccinated": False}
    again = browser.post(f"{address}/live", Page(browser.get(address).text).inputs | {"vaccinated": "yes"})
    assert Page(again.text).inputs["vaccinated_on"] == "いつだったか"
    assert 'id="vaccinated_on"' in again.text


def test_what_was_typed_is_there_on_another_device(browser: Browser, other_browser: Browser) -> None:
    address = browser.start("dog-registration")
    browser.post(f"{address}/autosave", {"phone": "090-12", "name.family": "山田"})
    browser.post(address.rpartition("/")[0] + "/later", {"email": "typed@example.jp"})
    link = re.search(
        r"http://hino\.localhost(?::\d+)?(/resume/\S+)", mailed_to(CITY, "typed@example.jp", "resume_link")
    )
    assert link
    other_browser.get(link[1])
    other_browser.post(link[1])
    inputs = Page(other_browser.get(address).text).inputs
    assert (inputs["phone"], inputs["name.family"]) == ("090-12", "山田")


def test_two_tabs_that_save_at_once_do_not_lose_each_others_pages(app: Flask, browser: Browser) -> None:
    base = browser.start("dog-registration").rpartition("/")[0]
    tabs = {
        "owner": {"phone": "090-12", "name.family": "山田", "name.given": "花子"},
        "dog": {"dog_name": "ムギ", "dog_birthday": "2月30日"},
        "vaccination": {"vaccinated": "yes", "vaccinated_on": "先週"},
    }
    browser.get(f"{base}/owner")
    cookie = browser.client.get_cookie("madoguchi", domain="hino.localhost")
    assert cookie is not None
    statuses: list[int] = []

    def save(step: str, form: dict[str, Any]) -> None:
        tab = Browser(app)
        for stored in browser.client._cookies.values():
            tab.client.set_cookie(stored.key, stored.value, domain="hino.localhost")
        tab.token = browser.token
        statuses.extend(tab.post(f"{base}/{step}/autosave", form).status_code for _ in range(4))

    threads = [Thread(target=save, args=tab) for tab in tabs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 12
    for step, form in tabs.items():
        inputs = Page(browser.get(f"{base}/{step}").text).inputs
        assert form.items() <= inputs.items(), step


def test_a_page_on_which_nothing_was_typed_does_not_say_that_it_was_saved(browser: Browser) -> None:
    address = browser.start("dog-registration")
    assert "に自動で保存しました" not in browser.get(address).text
    browser.post(f"{address}/autosave", {"phone": "0"})
    assert "に自動で保存しました" in browser.get(address).text


def test_every_fault_of_every_page_leads_to_something_on_it(browser: Browser) -> None:
    odd = {"name.family": "\x07", "phone": "1", "address.postal_code": "1", "birthday": "x", "email": "x"}
    for key, source in catalogue().items():
        base = browser.start(key).rpartition("/")[0]
        for step in load(source).steps:
            page = browser.get(f"{base}/{step.id}")
            if page.status_code == 404:
                continue
            names = set(re.findall(r'name="([^"]+)"', page.text)) - {
                "csrf_token",
                "shown-questions",
                "continue-later",
                "add-row",
                "remove-row",
            }
            for form in ({}, dict.fromkeys((name for name in names if not name.endswith(".upload")), "x"), odd):
                answer = browser.post(f"{base}/{step.id}", form)
                if answer.status_code == 422:
                    refused = Page(answer.text)
                    assert refused.targets, (key, step.id)
                    assert refused.targets <= refused.ids, (key, step.id, refused.targets - refused.ids)

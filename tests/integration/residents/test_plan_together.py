"""From the plan to one sending: what is chosen there, filled in once, sent from two windows at once, and paid in one go or later."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from portal.cases.bundle_models import Bundle
from portal.cases.bundles import members_of, start_bundle
from portal.cases.drafts import save_answers
from portal.cases.models import Case
from portal.cli.installing import install
from portal.core.database import city_session
from portal.identity.resident_accounts import sign_in_account
from portal.procedures import close_procedure, queries, reopen_procedure
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_plan import PLAN, QUESTION, answer
from tests.kit.browser import Browser, agreement

CHOICE = re.compile(r'name="procedure" value="([^"]+)"[^>]*?( checked)?>')
PRESS = re.compile(r'name="press" value="([^"]+)"')
EMAIL = "plan-together@example.jp"
PROCEDURE = """
procedure: {key}
kind: notification
title: {{ja: {title}}}
department: {department}
steps:
  - id: who
    title: {{ja: 届け出る方}}
    fields:
      - {{id: name, type: person_name, item: person.name}}
fee:
  - {{id: fee, label: {{ja: 手数料}}, amount: '{fee}', when: {when}}}
workflow: {{preset: permit}}
"""
PAID = {
    "test-now": PROCEDURE.format(
        key="test-now", title="試験用の先払い", department="environment", fee=400, when="submission"
    ),
    "test-soon": PROCEDURE.format(
        key="test-soon", title="試験用の前払い", department="citizens", fee=300, when="submission"
    ),
    "test-later": PROCEDURE.format(
        key="test-later", title="試験用の後払い", department="citizens", fee=900, when="approved"
    ),
}


@pytest.fixture
def planned(browser: Browser) -> Browser:
    """Somebody who moves in with a dog, at their plan."""
    browser.get("/life/moving")
    browser.post("/plan/begin/moving", {})
    answer(
        browser,
        move_kind="in",
        moved_on="2026-04-01",
        has_dog="yes",
        household_has_children="yes",
        is_public_servant="no",
    )
    return browser


def choices(page: str) -> dict[str, bool]:
    """What can be applied for together, and whether it is chosen."""
    return {key: bool(checked) for key, checked in CHOICE.findall(page)}


def test_what_is_needed_is_chosen_and_what_has_no_form_cannot_be(planned: Browser) -> None:
    page = planned.get(PLAN).text
    offered = choices(page)
    assert {"moving-in", "dog-registration", "child-allowance"} <= offered.keys()
    assert all(offered.values())
    assert "former-city-moving-out" not in offered, "another city keeps it"


def test_what_was_answered_for_the_plan_is_filled_in(planned: Browser) -> None:
    planned.get(PLAN)
    begun = planned.post("/plan/apply", {"procedure": ["moving-in", "dog-registration", "no-such", "road-damage"]})
    assert begun.status_code == 303
    with city_session(CITY) as session:
        newest = select(Bundle).order_by(Bundle.id.desc()).limit(1)
        members = members_of(session, session.scalars(newest).one())
        assert {member.key for member in members} == {"moving-in", "dog-registration"}
        moving_in = next(member.draft for member in members if member.key == "moving-in")
        assert moving_in.answers["moved_on"] == "2026-04-01"
        assert "moved_on" in moving_in.carried
    assert planned.get(planned.get(begun.location).location).status_code == 200
    assert "2件をまとめて申請" in planned.get("/me").text


def bundles_begun() -> int:
    with city_session(CITY) as session:
        return session.scalar(select(func.count()).select_from(Bundle)) or 0


def test_pressing_twice_begins_once_and_the_plan_leads_to_what_was_begun(planned: Browser) -> None:
    form = {"procedure": ["moving-in", "child-allowance"], "press": PRESS.findall(planned.get(PLAN).text)[0]}
    before = bundles_begun()
    windows = [planned.copy() for _number in range(2)]  # the browser's key comes with the first answer: neither has it
    with ThreadPoolExecutor(2) as threads:
        pressed = list(threads.map(lambda window: window.post("/plan/apply", form), windows))
    assert [each.status_code for each in pressed] == [303, 303]
    assert bundles_begun() == before + 1
    for window, led in zip(windows, pressed, strict=True):
        assert window.get(led.location).status_code == 303, "either key opens it"
    page = windows[0].get(PLAN).text
    [address] = re.findall(r'href="(/bundles/[^"]+)"', page)
    again = windows[0].post("/plan/apply", form | {"press": PRESS.findall(page)[0]})
    assert again.location == address, "the same choice on the page that was opened again"
    assert bundles_begun() == before + 1
    other = windows[0].post("/plan/apply", {"procedure": ["moving-in"], "press": PRESS.findall(page)[0]})
    assert other.status_code == 303
    assert bundles_begun() == before + 2, "another choice is another application"


def test_choosing_nothing_says_what_to_do_and_keeps_the_choice(planned: Browser) -> None:
    planned.get(PLAN)
    answered = planned.post("/plan/apply", {"procedure": ["elsewhere"]})
    assert answered.status_code == 422
    assert "1つ以上選んでください" in answered.text
    assert not any(choices(answered.text).values())


def test_without_a_plan_nothing_is_begun(browser: Browser) -> None:
    assert browser.get(QUESTION).status_code == 404
    browser.get("/sign-in")
    assert browser.post("/plan/apply", {"procedure": ["moving-in"]}).status_code == 404


@pytest.fixture
def filled(browser: Browser, open_city: str) -> str:
    """A bundle of somebody who is signed in, ready to be sent: two fees at once, one at the decision."""
    browser.sign_in(EMAIL)
    with city_session(CITY) as session:
        for source in PAID.values():
            install(session, source, None)
        account_id = sign_in_account(session, EMAIL, "ja")
        offers = [queries.offer(session, key) for key in PAID]
        bundle = start_bundle(session, offers, account_id=account_id, language="ja")
        for member in members_of(session, bundle):
            save_answers(session, member.draft, member.definition, {"name": {"family": "佐藤", "given": "美咲"}})
            member.draft.done_steps = ["who"]
        return bundle.public_id


def sent_cases(bundle: str) -> int:
    with city_session(CITY) as session:
        which = select(func.count()).select_from(Case).join(Bundle, Bundle.id == Case.bundle_id)
        return session.scalar(which.where(Bundle.public_id == bundle)) or 0


def test_two_windows_that_send_at_once_send_once(browser: Browser, filled: str) -> None:
    review = f"/apply/d/{filled}/review"
    form = agreement(browser.get(review).text)
    assert form
    windows = [browser.copy() for _number in range(2)]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda window: window.post(review, form), windows))
    assert [each.status_code for each in answers] == [303, 303]
    assert sent_cases(filled) == 3


def test_a_procedure_that_was_closed_meanwhile_is_named_and_left_out_and_the_rest_is_sent(
    browser: Browser, filled: str
) -> None:
    review = f"/apply/d/{filled}/review"
    form = agreement(browser.get(review).text)
    with city_session(CITY) as session:
        close_procedure(session, queries.procedure(session, "test-soon"))
    refused = browser.post(review, form)
    assert refused.status_code in (409, 422)
    assert "試験用の前払い" in refused.text
    assert sent_cases(filled) == 0, "nothing is sent"
    page = browser.get(f"/bundles/{filled}")
    assert page.status_code == 200
    [leave_out] = re.findall(
        rf'action="(/bundles/{filled}/procedures/[^"]+/leave-out)"[^>]*>(?:(?!</form>).)*試験用の前払い',
        page.text,
        re.S,
    )
    assert browser.post(leave_out, {}).status_code == 303
    assert browser.post(review, agreement(browser.get(review).text)).status_code == 303
    assert sent_cases(filled) == len(PAID) - 1
    with city_session(CITY) as session:
        reopen_procedure(session, queries.procedure(session, "test-soon"))


def test_a_payment_that_cannot_begin_leaves_everything_sent_and_payable(browser: Browser, filled: str) -> None:
    review = f"/apply/d/{filled}/review"
    answered = browser.post(review, agreement(browser.get(review).text))
    assert answered.status_code == 303
    page = browser.get(f"/bundles/{filled}/done").text
    assert "700円を支払うと" in page
    assert "手続きはなくなりません" in page
    assert "900" not in page, "what is due at the decision is asked for then"
    basket = browser.get("/me/basket").text
    assert "400円" in basket
    assert "300円" in basket


def test_who_applies_is_the_first_of_the_household_and_its_head(planned: Browser) -> None:
    form = {"procedure": ["moving-in", "child-allowance"]}
    who = planned.get(planned.post("/plan/apply", form).location).location
    applicant = {"person_name.family": "佐藤", "person_name.given": "美咲", "person_kana.family": "サトウ"}
    rest = {"person_kana.given": "ミサキ", "person_birthday": "1988-07-15", "person_phone": "090-1234-5678"}
    assert planned.post(who, applicant | rest).status_code == 303
    page = planned.get(who.replace("/who", "/household")).text
    filled = dict(re.findall(r'name="(household_\S+)"\s+value="([^"]+)"', re.sub(r"\s+", " ", page)))
    assert filled["household_members.0.mover_name.given"] == filled["household_head.given"] == "美咲"
    assert filled["household_members.0.mover_birthday"] == "1988年7月15日"
    assert "「氏名」から入れました" in page

"""Applying through the pages, from the first question to the receipt."""

import re

import pytest
from sqlalchemy import func, select

from forms import load
from portal.cases.models import Case, Draft
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from tests.integration.residents.conftest import CITY
from tests.kit.answers import DOG, PERSON, example_of, posted
from tests.kit.browser import Browser, agreement
from tests.kit.catalogue import catalogue


def cases_of(procedure: str) -> list[Case]:
    with city_session(CITY) as session:
        query = select(Case).where(Case.procedure_key == procedure).order_by(Case.id)
        return list(session.scalars(query))


@pytest.mark.parametrize("procedure", sorted(catalogue()))
def test_every_demo_procedure_is_applied_for_with_its_own_example(browser: Browser, procedure: str) -> None:
    from datetime import datetime, time

    day, answers = example_of(catalogue()[procedure])
    before = len(cases_of(procedure))
    with frozen(datetime.combine(day, time(10), TOKYO)):
        answer = browser.apply(procedure, answers, email=f"{procedure}@example.jp")
        assert answer.status_code == 303, answer.text
        assert len(cases_of(procedure)) == before + 1
        case = cases_of(procedure)[-1]
        if answer.location.startswith("/pay/"):
            assert case.fee["due"]["submission"] > 0
        receipt = browser.get(f"/done/{case.public_id}")
    assert receipt.status_code == 200
    assert case.number in receipt.text
    assert ('class="qr"' in receipt.text) is (case.contact_email is not None)  # what it leads to opens elsewhere
    by_the_office = load(catalogue()[procedure]).assurance == "verified"
    for page in (browser.get(f"/procedures/{procedure}"), receipt):
        assert ("市の職員が本人確認を" in page.text) is by_the_office


def test_a_report_needs_no_name_and_the_receipt_belongs_to_this_browser_alone(
    browser: Browser, other_browser: Browser
) -> None:
    _day, answers = example_of(catalogue()["road-damage"])
    answer = browser.apply("road-damage", answers)
    assert answer.status_code == 303
    assert answer.location.startswith("/done/")
    assert browser.get(answer.location).status_code == 200
    assert other_browser.get(answer.location).location.startswith("/sign-in?next=")
    page = browser.get("/me")
    assert cases_of("road-damage")[-1].number in page.text


def test_faults_are_shown_in_a_summary_and_at_the_question_and_nothing_typed_is_lost(browser: Browser) -> None:
    address = browser.start("dog-registration")
    form = posted(load(catalogue()["dog-registration"]), "owner", PERSON) | {"phone": "09012E4", "name.family": ""}
    page = browser.post(address, form)
    assert page.status_code == 422
    assert "<title>エラー：" in page.text
    assert 'value="09012E4"' in page.text
    assert 'value="美咲"' in page.text
    assert page.text.count('href="#phone"') == 1
    assert 'href="#name.family"' in page.text
    assert 'id="phone-error"' in page.text
    # what was sound is kept even so, and stands there the next time
    assert 'value="サトウ"' in browser.get(address).text


def test_a_page_sent_without_a_script_asks_what_follows_before_it_complains(browser: Browser) -> None:
    address = browser.start("dog-registration").rpartition("/")[0]
    definition = load(catalogue()["dog-registration"])
    browser.fill(f"{address}/owner", definition, DOG)
    first = browser.post(f"{address}/vaccination", {"vaccinated": "yes"})
    assert first.status_code == 200
    assert "質問が増えました" in first.text
    assert 'name="vaccinated_on"' in first.text
    assert "data-error-summary" not in first.text
    again = browser.post(
        f"{address}/vaccination", {"vaccinated": "yes", "shown-questions": ["vaccinated_on", "certificate"]}
    )
    assert again.status_code == 422
    assert 'href="#vaccinated_on"' in again.text


def test_rows_are_added_and_taken_away_without_a_script(browser: Browser) -> None:
    definition = load(catalogue()["bulky-waste"])
    step = next(step for step in definition.steps if any(field.type == "group" for field in step.fields))
    group = next(field for field in step.fields if field.type == "group")
    address = browser.start("bulky-waste").rpartition("/")[0] + f"/{step.id}"
    first = group.fields[0].id
    added = browser.post(address, {f"{group.id}.0.{first}": "", "add-row": group.id})
    assert added.status_code == 200
    assert f'id="{group.id}.1"' in added.text
    removed = browser.post(
        address, {f"{group.id}.0.{first}": "", f"{group.id}.1.{first}": "", "remove-row": f"{group.id}.0"}
    )
    assert f'id="{group.id}.1"' not in removed.text


def test_a_double_click_and_a_replayed_form_make_one_case(browser: Browser) -> None:
    answer = browser.apply("dog-registration", DOG, email="twice@example.jp")
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()
        before = session.scalar(select(func.count()).select_from(Case))
    replayed = browser.post(f"/apply/d/{draft.public_id}/review", {"agreed": "1"})
    late = browser.post(f"/apply/d/{draft.public_id}/owner", {"phone": "03-0000-0000"})
    assert replayed.location == answer.location
    assert late.status_code == 303
    with city_session(CITY) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == before


def test_the_button_says_the_amount_and_sending_needs_the_tick(browser: Browser) -> None:
    browser.sign_in("tick@example.jp")
    review = browser.fill(browser.start("dog-registration"), load(catalogue()["dog-registration"]), DOG)
    page = browser.get(review)
    assert "3,000円を支払って申請を送る" in page.text
    refused = browser.post(review)
    assert refused.status_code == 422
    assert "チェックを入れてください" in refused.text


def test_what_was_not_seen_at_the_review_is_not_sent(browser: Browser) -> None:
    browser.sign_in("two-windows@example.jp")
    review = browser.fill(browser.start("dog-registration"), load(catalogue()["dog-registration"]), DOG)
    agreed = agreement(browser.get(review).text)
    other = re.sub(r"[^/]+$", "dog", review)
    changed = posted(load(catalogue()["dog-registration"]), "dog", DOG | {"dog_name": "クロ"})
    assert browser.post(other, changed).status_code == 303
    refused = browser.post(review, agreed)
    assert refused.status_code == 409
    assert "クロ" in refused.text
    assert "もう一度確かめてから、送ってください。" in refused.text
    assert browser.post(review, agreement(refused.text)).status_code in {303, 307}


def test_an_address_is_proved_on_the_way_and_nothing_is_lost(browser: Browser) -> None:
    review = browser.fill(browser.start("dog-registration"), load(catalogue()["dog-registration"]), DOG)
    page = browser.get(review)
    assert "メールアドレスを確認する" in page.text
    away = browser.post(review, {"agreed": "1"})
    assert away.status_code == 303
    assert away.location.startswith("/sign-in?next=/apply/d/")
    browser.sign_in("proved@example.jp")
    assert "ムギ" in browser.get(review).text
    assert browser.agree(review).status_code == 303


def test_what_is_not_answered_yet_is_listed_at_the_review(browser: Browser) -> None:
    address = browser.start("dog-registration")
    review = browser.get(re.sub(r"[^/]+$", "review", address))
    assert review.status_code == 200
    assert f'href="{address}?to-review=1#name"' in review.text
    assert 'name="agreed"' not in review.text
    assert browser.agree(re.sub(r"[^/]+$", "review", address)).status_code in {303, 422}


def test_a_moment_of_life_begins_with_what_is_made_for_it(browser: Browser) -> None:
    page = browser.get("/life/disaster").text
    assert page.index("罹災証明書の交付申請") < page.index("粗大ごみ収集の申込")


def test_the_enter_key_does_what_the_button_at_the_end_does_and_nobody_hears_of_a_second_one(browser: Browser) -> None:
    first = browser.start("dog-registration")
    last = f"{first.rpartition('/')[0]}/vaccination"
    for address, words in ((first, "保存して次へ"), (last, "保存して確認へ")):
        page = browser.get(address).text
        buttons = re.findall(r"<button([^>]*)>(?:<span>)?([^<]+)", page[page.index('id="step-form"') :])
        attributes, label = buttons[0]
        assert (label, [text for _attributes, text in buttons].count(words)) == (words, 2)
        assert 'aria-hidden="true"' in attributes
        assert 'tabindex="-1"' in attributes
        assert "name=" not in attributes

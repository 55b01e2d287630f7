"""Several procedures filled in as one form: each thing asked once, kept with each that asks it, sent or refused as a whole."""

import io
import re
from typing import Any

import pytest
from sqlalchemy import select

from forms import load
from forms.bundling import compose
from portal.cases.answers import open_answers
from portal.cases.bundle_models import Bundle
from portal.cases.bundles import cases_of_bundle, start_bundle
from portal.cases.bundles import submission as bundle_submission
from portal.cases.models import Case, Draft
from portal.cli.installing import install
from portal.core.database import city_session
from portal.core.errors import Invalid
from portal.files.models import StoredFile
from portal.identity.resident_accounts import sign_in_account
from portal.procedures import actions as publishing
from portal.procedures import queries
from portal.procedures.models import Procedure
from portal.residents.compositions import MAX_COMPOSITIONS, composition_of
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser, agreement
from tests.kit.letters import mailed_to
from tests.kit.pictures import photo

EMAIL = "one-form@example.jp"
NAME = {"family": "佐藤", "given": "美咲"}
WHO = {"person_name.family": "佐藤", "person_name.given": "美咲", "person_phone": "090-1234-5678"}

NURSERY = """
procedure: test-nursery
kind: notification
title: {ja: 試験用の保育}
department: child-support
steps:
  - id: applicant
    title: {ja: 申し込む方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: phone, type: phone, item: person.phone}
  - id: children_step
    title: {ja: お子さん}
    fields:
      - id: children
        type: group
        item: household.children
        fields:
          - {id: child, type: person_name, item: child.name}
          - {id: hours, type: integer, label: {ja: 1日の時間}, min: 1, max: 11}
      - {id: book, type: photo, item: papers.bank_book}
workflow: {preset: permit}
"""
GRANT = """
procedure: test-grant
kind: notification
title: {ja: 試験用の手当}
department: citizens
steps:
  - id: all
    title: {ja: 手当のこと}
    fields:
      - {id: full_name, type: person_name, item: person.name}
      - id: kids
        type: group
        item: household.children
        fields:
          - {id: kid, type: person_name, item: child.name}
          - {id: born, type: birthday, item: child.birthday}
      - {id: bank_book, type: photo, item: papers.bank_book}
      - {id: income, type: integer, label: {ja: 去年の所得}, min: 0, unit: {ja: 円}}
fee:
  - {id: fee, label: {ja: 手数料}, amount: '700'}
workflow: {preset: permit}
"""
KEYS = ("test-nursery", "test-grant")
CHILD: dict[str, Any] = {
    "household_children.0.child_name.family": "佐藤",
    "household_children.0.child_name.given": "陽",
    "household_children.0.test_nursery__hours": "8",
    "household_children.0.child_birthday": "2022-05-05",
}


@pytest.fixture(scope="module", autouse=True)
def procedures(open_city: str) -> None:
    with city_session(CITY) as session:
        for text in (NURSERY, GRANT):
            install(session, text, None)


@pytest.fixture
def bundle(browser: Browser) -> str:
    """A bundle of somebody who is signed in; its public id."""
    browser.sign_in(EMAIL)
    with city_session(CITY) as session:
        account_id = sign_in_account(session, EMAIL, "ja")
        offers = [queries.offer(session, key) for key in KEYS]
        return start_bundle(session, offers, account_id=account_id, language="ja").public_id


def page(bundle: str, step: str) -> str:
    return f"/apply/d/{bundle}/{step}"


def fill_in(browser: Browser, bundle: str, **changed: Any) -> None:
    """Every page, from the first to the review."""
    pages: dict[str, dict[str, Any]] = {
        "who": WHO,
        "children": CHILD,
        "test_nursery__children_step": {"papers_bank_book.upload": [(io.BytesIO(photo("PNG")), "通帳.png")]},
        "test_grant__all": {"test_grant__income": "1000"},
    }
    address = browser.get(f"/drafts/{bundle}").location
    for step, form in pages.items():
        assert address == page(bundle, step)
        browser.get(address)
        answer = browser.post(address, form | {name: text for name, text in changed.items() if name in form})
        assert answer.status_code == 303, answer.text
        address = answer.location
    assert address == page(bundle, "review")


def test_a_page_of_one_procedure_leads_to_where_it_is_left_out(browser: Browser, bundle: str) -> None:
    link = re.compile(rf'href="(/bundles/{bundle})#(procedure-\d+)">この手続きを外す')
    assert not link.search(browser.get(page(bundle, "who")).text), "both ask for it"
    led = link.search(browser.get(page(bundle, "test_grant__all")).text)
    assert led
    section = browser.get(led[1]).text.partition(f'id="{led[2]}"')[2].partition("</section>")[0]
    assert "試験用の手当" in section
    assert "/leave-out" in section


def cases_of(bundle: str) -> dict[str, Case]:
    with city_session(CITY) as session:
        sent = session.scalars(select(Bundle).where(Bundle.public_id == bundle)).one()
        return {case.procedure_key: case for case in cases_of_bundle(session, sent.id)}


def answers_of(case: Case) -> dict[str, Any]:
    return open_answers(CITY, case.answers)


def test_each_thing_is_asked_once_and_each_procedure_gets_what_it_asks(browser: Browser, bundle: str) -> None:
    fill_in(browser, bundle)
    review = browser.get(page(bundle, "review")).text
    assert review.count("美咲</dd>") == 3, "once to look over, and in the share of each"
    assert "試験用の保育" in review
    assert "試験用の手当" in review
    assert "700円を支払って届出を送る" in review
    sent = browser.post(page(bundle, "review"), agreement(review))
    assert sent.status_code in (303, 307)
    cases = cases_of(bundle)
    nursery, grant = answers_of(cases["test-nursery"]), answers_of(cases["test-grant"])
    child = {"family": "佐藤", "given": "陽"}
    assert nursery.keys() == {"name", "phone", "children", "book"}
    assert nursery["children"] == [{"child": child, "hours": 8}]
    assert grant.keys() == {"full_name", "kids", "bank_book", "income"}
    assert grant["kids"] == [{"kid": child, "born": "2022-05-05"}]
    assert (nursery["name"], grant["full_name"]) == (NAME, NAME)
    again = browser.post(page(bundle, "review"), agreement(review))
    assert again.status_code in (303, 307)
    assert len(cases_of(bundle)) == 2, "sent twice is sent once"


def test_changing_one_answer_leads_straight_back_to_the_review(browser: Browser, bundle: str) -> None:
    fill_in(browser, bundle)
    review = browser.get(page(bundle, "review")).text
    change = re.search(rf'href="({page(bundle, "children")}[^"#]*)#household_children"', review)
    assert change is not None
    opened = browser.get(change[1]).text
    assert f'<a class="back" href="{page(bundle, "review")}">' in opened
    kept = dict(re.findall(r'type="hidden" name="(to-review)" value="(\d)"', opened))
    refused = browser.post(page(bundle, "children"), CHILD | kept | {"household_children.0.test_nursery__hours": "30"})
    assert refused.status_code == 422
    assert 'name="to-review"' in refused.text, "what must be corrected first does not lose the way back"
    saved = browser.post(page(bundle, "children"), CHILD | kept | {"household_children.0.test_nursery__hours": "9"})
    assert saved.location == page(bundle, "review")
    assert browser.post(page(bundle, "who"), WHO).location == page(bundle, "children"), "the form itself goes on"


def test_a_file_that_two_ask_for_is_given_once_and_lies_with_both(browser: Browser, bundle: str) -> None:
    fill_in(browser, bundle)
    shown = browser.get(page(bundle, "test_nursery__children_step")).text
    assert shown.count("通帳.png") >= 1
    address = re.search(rf"/apply/d/{bundle}/files/([\w-]+)", shown)
    assert address is not None
    assert browser.get(address[0]).status_code == 200
    browser.post(page(bundle, "review"), agreement(browser.get(page(bundle, "review")).text))
    with city_session(CITY) as session:
        for key, case in cases_of(bundle).items():
            stored = session.scalars(select(StoredFile).where(StoredFile.case_id == case.id)).all()
            assert [file.field for file in stored] == ["book" if key == "test-nursery" else "bank_book"]
            assert [file["id"] for file in answers_of(case)[stored[0].field]] == [stored[0].public_id]


def test_a_file_is_added_and_taken_out_as_it_is_chosen(browser: Browser, bundle: str) -> None:
    step = page(bundle, "test_nursery__children_step")
    browser.get(step)
    added = browser.post(f"{step}/files/papers_bank_book", {"upload": (io.BytesIO(photo("PNG")), "通帳.png")})
    assert "通帳.png" in added.get_json()["list"]
    file_id = re.findall(rf"/apply/d/{bundle}/files/([\w-]+)", added.get_json()["list"])[0]
    removed = browser.post(f"{step}/files/papers_bank_book/remove", {"file": file_id})
    assert "通帳.png" not in removed.get_json()["list"]


def test_nothing_is_sent_while_one_procedure_lacks_something(browser: Browser, bundle: str) -> None:
    fill_in(browser, bundle)
    agreed = agreement(browser.get(page(bundle, "review")).text)
    income = page(bundle, "test_grant__all")
    browser.get(income)
    browser.post(f"{income}/autosave", {"test_grant__income": "たくさん"})
    answer = browser.post(page(bundle, "review"), agreed)
    assert answer.status_code == 422
    assert f"{income}?to-review=1#test_grant__income" in answer.text
    assert cases_of(bundle) == {}
    assert "たくさん" in browser.get(income).text, "what was typed is still there"


def test_what_is_refused_halfway_leaves_nothing_behind(
    browser: Browser, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_in(browser, bundle)
    agreed = agreement(browser.get(page(bundle, "review")).text)

    def refuse(*_given: Any) -> None:
        raise Invalid("いまは送れません。")

    monkeypatch.setattr(bundle_submission, "open_others", refuse)
    answer = browser.post(page(bundle, "review"), agreed)
    assert answer.status_code == 422
    assert "いまは送れません。" in answer.text
    assert cases_of(bundle) == {}
    monkeypatch.undo()
    assert browser.post(page(bundle, "review"), agreed).status_code in (303, 307)
    assert len(cases_of(bundle)) == 2


def test_a_procedure_that_was_closed_meanwhile_is_named_and_the_rest_goes_without_it(
    browser: Browser, bundle: str
) -> None:
    fill_in(browser, bundle)
    agreed = agreement(browser.get(page(bundle, "review")).text)
    with city_session(CITY) as session:
        closed = session.scalars(select(Procedure).where(Procedure.key == "test-grant")).one()
        publishing.close_procedure(session, closed)
    try:
        answer = browser.post(page(bundle, "review"), agreed)
        assert answer.status_code == 409
        assert "「試験用の手当」は、受付を終わりました。まとめての申請から外すと" in answer.text
        assert cases_of(bundle) == {}
        assert "090-1234-5678" in browser.get(page(bundle, "who")).text, "nothing that was typed is lost"
        browser.get(f"/bundles/{bundle}")
        browser.post(f"/bundles/{bundle}/procedures/{draft_of(bundle, 'test-grant')}/leave-out")
        review = browser.get(page(bundle, "review"))
        assert browser.post(page(bundle, "review"), agreement(review.text)).status_code in (303, 307)
        assert cases_of(bundle).keys() == {"test-nursery"}
    finally:
        with city_session(CITY) as session:
            closed = session.scalars(select(Procedure).where(Procedure.key == "test-grant")).one()
            publishing.reopen_procedure(session, closed)


def draft_of(bundle: str, key: str) -> str:
    """The id of the draft of one procedure of a bundle."""
    with city_session(CITY) as session:
        drafts = select(Draft.public_id).join(Bundle, Bundle.id == Draft.bundle_id)
        return session.scalars(drafts.where(Bundle.public_id == bundle, Draft.procedure_key == key)).one()


def test_what_was_seen_must_be_what_is_sent(browser: Browser, bundle: str) -> None:
    fill_in(browser, bundle)
    agreed = agreement(browser.get(page(bundle, "review")).text)
    browser.get(page(bundle, "who"))
    browser.post(page(bundle, "who"), WHO | {"person_phone": "042-585-1111"})
    answer = browser.post(page(bundle, "review"), agreed)
    assert answer.status_code == 409
    assert "もう一度確かめてから" in answer.text
    assert cases_of(bundle) == {}


def test_two_windows_keep_what_each_was_told(browser: Browser, bundle: str) -> None:
    browser.get(page(bundle, "who"))
    other = browser.copy()
    other.get(page(bundle, "children"))
    browser.post(page(bundle, "who"), WHO)
    other.post(page(bundle, "children"), CHILD)
    assert "090-1234-5678" in browser.get(page(bundle, "who")).text
    children = browser.get(page(bundle, "children")).text
    assert "陽" in children
    assert "090-1234-5678" not in children


def test_rows_half_filled_in_stay_as_they_were_typed(browser: Browser, bundle: str) -> None:
    browser.get(page(bundle, "children"))
    half = {"household_children.0.child_name.family": "佐", "household_children.1.test_nursery__hours": "99"}
    answer = browser.post(page(bundle, "children"), half)
    assert answer.status_code == 422
    again = browser.get(page(bundle, "children")).text
    assert 'name="household_children.0.child_name.family" value="佐"' in re.sub(r"\s+", " ", again) or "佐" in again
    assert 'value="99"' in again


def test_leaving_one_procedure_out_loses_nothing_of_the_other(browser: Browser, bundle: str) -> None:
    browser.get(page(bundle, "who"))
    browser.post(page(bundle, "who"), WHO)
    browser.get(page(bundle, "children"))
    browser.post(f"{page(bundle, 'children')}/autosave", {"household_children.0.child_name.family": "佐"})
    browser.get(f"/bundles/{bundle}")
    browser.post(f"/bundles/{bundle}/procedures/{draft_of(bundle, 'test-nursery')}/leave-out")
    alone = browser.get(page(bundle, "all")).text
    assert "美咲" in alone
    assert 'name="kids.0.kid.family"' in alone
    assert 'value="佐"' in alone


def test_a_mailed_link_opens_it_on_another_device(browser: Browser, other_browser: Browser, bundle: str) -> None:
    browser.get(page(bundle, "who"))
    browser.post(page(bundle, "who"), WHO)
    browser.submit(page(bundle, "later"), email=EMAIL)
    link = re.findall(r"/resume/[\w-]+", mailed_to(CITY, EMAIL, "resume_link"))[0]
    opened = other_browser.submit(link)
    assert opened.status_code == 303
    assert "090-1234-5678" in other_browser.get(page(bundle, "who")).text


def test_nobody_else_can_open_it(other_browser: Browser, bundle: str) -> None:
    assert other_browser.get(page(bundle, "who")).status_code in (303, 404)
    assert other_browser.get(f"/drafts/{bundle}").status_code in (303, 404)


def test_compositions_are_kept_for_the_definitions_they_are_made_of() -> None:
    made = [load(NURSERY), load(GRANT)]
    assert composition_of(made) is composition_of(made)
    assert composition_of(made[:1]) is made[0]
    others = [load(GRANT.replace("試験用の手当", f"手当{number}")) for number in range(MAX_COMPOSITIONS)]
    first = composition_of(made)
    for other in others:
        composition_of([made[0], other])
    assert composition_of(made) is not first
    assert [step.id for step in composition_of(made).steps] == [step.id for step in compose(made).steps]

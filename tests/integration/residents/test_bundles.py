"""What was sent together: one receipt with every number, one page to follow all, taking some or all of it back."""

import re
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.cases import drafts
from portal.cases.browser_cases import remember_in_browser
from portal.cases.bundle_models import Bundle
from portal.cases.bundles import cases_of_bundle, members_of, start_bundle
from portal.cases.bundles.submission import submit_bundle
from portal.cases.bundles.waiting import settle_waiting
from portal.cases.models import Case, Draft
from portal.cases.moves import apply_transition
from portal.cases.tracking import check_code
from portal.cli.installing import install
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.browser_draft_key import cookie_name, digest
from portal.identity.resident_accounts import sign_in_account
from portal.procedures import queries
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser
from tests.kit.letters import mailed_to

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
      - {{id: email, type: email, item: person.email}}
{more}workflow: {{preset: permit}}
"""
FEE = "fee:\n  - {id: fee, label: {ja: 手数料}, amount: '700'}\n"
MOVED_ON = "      - {id: moved_on, type: date, label: {ja: 引っ越した日}}\n"
DEADLINE = "  special_deadlines: [{days: 15, after: moved_on, when: moving}]\n"
LIMITED = (
    PROCEDURE.format(key="test-limited", title="試験用の講座", department="citizens", more="")
    + """capacity:
  - id: seats
    label: {ja: 席}
    limit: '1'
    waiting_days: 5
"""
)
KEYS = ("test-arriving", "test-tree", "test-allowance")
EMAIL = "together@example.jp"


@pytest.fixture(scope="module", autouse=True)
def procedures(open_city: str) -> None:
    with city_session(CITY) as session:
        for key, title, department, more in (
            (KEYS[0], "試験用の転入", "citizens", MOVED_ON),
            (KEYS[1], "試験用の植樹", "environment", FEE),
            (KEYS[2], "試験用の手当", "child-support", f"routing:\n  after: [{KEYS[0]}]\n{DEADLINE}"),
        ):
            install(session, PROCEDURE.format(key=key, title=title, department=department, more=more), None)


def send(email: str | None = EMAIL, browser: bytes | None = None) -> str:
    """A bundle that was sent: of an account, or from a browser; its public id."""
    with city_session(CITY) as session:
        account_id = sign_in_account(session, email, "ja") if email else None
        offers = [queries.offer(session, key) for key in KEYS]
        bundle = start_bundle(session, offers, account_id=account_id, language="ja", browser=browser)
        answers = {"name": {"family": "佐藤", "given": "美咲"}, "email": EMAIL}
        for member in members_of(session, bundle):
            moved = {"moved_on": "2026-11-20"} if member.key == KEYS[0] else {}
            drafts.save_answers(session, member.draft, member.definition, answers | moved)
        for case in submit_bundle(session, bundle):
            if browser is not None:
                remember_in_browser(session, case, browser)
        return bundle.public_id


@pytest.fixture
def sent(browser: Browser) -> str:
    browser.sign_in(EMAIL)
    return send()


@pytest.fixture
def key_of_browser(other_browser: Browser) -> bytes:
    """What the database knows a browser by that did not sign in."""
    token = secrets.token_urlsafe(32)
    other_browser.client.set_cookie(cookie_name(), token, domain=other_browser.host)
    return digest(token)


def cases_of(public_id: str) -> list[Case]:
    with city_session(CITY) as session:
        return list(session.scalars(select(Case).where(Case.bundle_id == _id(public_id)).order_by(Case.id)))


def _id(public_id: str) -> int:
    with city_session(CITY) as session:
        return session.scalars(select(Bundle.id).where(Bundle.public_id == public_id)).one()


def test_one_receipt_has_every_number_what_is_due_and_what_waits(browser: Browser, sent: str) -> None:
    page = browser.get(f"/bundles/{sent}/done").text
    assert all(case.number in page for case in cases_of(sent))
    assert "3件の手続きを送りました" in page
    assert "2件が届きました。1件は、先にする手続きが済むと" in page
    assert "700円を支払うと" in page
    assert "順番を待っている手続き" in page
    assert "「試験用の転入」が済むと" in page
    assert "この手続きの期限：12月7日(月)" in page, "15 days from the move, which the other procedure asks"
    assert "確認番号" not in page, "whoever signed in needs none"


def test_one_page_follows_all_and_my_page_leads_there(browser: Browser, sent: str) -> None:
    mine = browser.get("/me").text
    assert mine.count(f'href="/me/bundles/{sent}"') == 3
    page = browser.get(f"/me/bundles/{sent}").text
    for title in ("試験用の転入", "試験用の植樹", "試験用の手当"):
        assert title in page
    assert "700円を支払う" in page


def test_what_waited_appears_with_its_number_once_it_is_opened(browser: Browser, sent: str) -> None:
    first = cases_of(sent)[0]
    with city_session(CITY) as session:
        for move, role in (("accept", "clerk"), ("approve", "decider")):
            apply_transition(session, first.id, move, Actor("staff", None), roles=(role,))
        settle_waiting(session, _id(sent))
    page = browser.get(f"/me/bundles/{sent}").text
    assert "順番待ち" not in page
    assert cases_of(sent)[2].number in page
    assert cases_of(sent)[2].number in mailed_to(CITY, EMAIL, "waiting_opened")


def test_nobody_else_sees_it(other_browser: Browser, sent: str) -> None:
    for path in (f"/bundles/{sent}/done", f"/me/bundles/{sent}", f"/me/bundles/{sent}/withdraw"):
        assert other_browser.get(path).status_code == 303, "to the sign-in page, whether it exists or not"
    other_browser.sign_in("stranger@example.jp")
    for path in (f"/bundles/{sent}/done", f"/me/bundles/{sent}", f"/me/bundles/{sent}/withdraw", f"/bundles/{sent}"):
        assert other_browser.get(path).status_code == 404
    assert other_browser.post(f"/me/bundles/{sent}/withdraw", {"chosen": []}).status_code == 404
    elsewhere = other_browser.at("mitaka").get(f"/bundles/{sent}")
    assert elsewhere.status_code in (400, 404)


def test_without_an_account_it_is_followed_in_its_browser_and_by_one_check_code(
    other_browser: Browser, key_of_browser: bytes
) -> None:
    sent = send(email=None, browser=key_of_browser)
    page = other_browser.get(f"/bundles/{sent}/done").text
    [code] = re.findall(r'<dd class="ticket__number">(\d{4}-\d{4})</dd>', page)
    assert "試験用の植樹" in other_browser.get(f"/me/bundles/{sent}").text
    for case in cases_of(sent):
        other_browser.get("/status")
        answer = other_browser.post("/status", {"number": case.number, "proof": code})
        assert answer.status_code == 303
        page = other_browser.get(answer.location).text
        assert all(other.number in page for other in cases_of(sent)), "the code of the bundle shows all of it"


def test_the_address_shows_all_that_was_sent_and_the_code_of_one_case_that_case(
    other_browser: Browser, key_of_browser: bytes
) -> None:
    first, second = cases_of(send(email=None, browser=key_of_browser))
    for proof, seen in ((EMAIL, True), (check_code(first), False)):
        other_browser.get("/status")
        answer = other_browser.post("/status", {"number": first.number, "proof": proof})
        page = other_browser.get(answer.location).text
        assert first.number in page
        assert (second.number in page) is seen


def test_on_another_device_it_is_claimed_as_a_whole_with_its_check_code(
    browser: Browser, key_of_browser: bytes
) -> None:
    sent = send(email=None, browser=key_of_browser)
    browser.sign_in(EMAIL)
    claim = browser.get(f"/me/bundles/{sent}")
    assert claim.status_code == 303
    assert claim.location.endswith("/claim")
    browser.get(claim.location)
    assert browser.post(claim.location, {"code": "1234"}).status_code == 422
    wrong = browser.post(claim.location, {"code": "0000-0000"})
    assert wrong.status_code == 422
    assert "確認番号がちがいます" in wrong.text
    with city_session(CITY) as session:
        code = check_code(session.scalars(select(Bundle).where(Bundle.public_id == sent)).one())
    assert browser.post(claim.location, {"code": code}).status_code == 303
    assert "試験用の植樹" in browser.get(f"/me/bundles/{sent}").text
    with city_session(CITY) as session:
        waiting = session.scalars(
            select(Draft.account_id).where(Draft.bundle_state == "waiting", Draft.bundle_id == _id(sent))
        )
        assert None not in waiting.all()


@pytest.fixture
def asking(browser: Browser, sent: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The page that asks what to withdraw, and what its form holds by title."""
    path = f"/me/bundles/{sent}/withdraw"
    page = browser.get(path).text
    boxes = re.findall(r'name="chosen" value="([^"]+)" checked> <span class="grow"><b>([^<]+)', page)
    [seen] = re.findall(r'name="seen" value="([^"]*)"', page)
    yield path, {title: value for value, title in boxes} | {"seen": seen}


def states(public_id: str) -> dict[str, str]:
    return {case.procedure_key: case.state for case in cases_of(public_id)}


def test_all_of_it_is_withdrawn_at_once(browser: Browser, sent: str, asking: tuple[str, dict[str, str]]) -> None:
    path, boxes = asking
    seen = boxes.pop("seen")
    assert len(boxes) == 3, "what waits can be chosen too"
    assert (
        browser.post(path, {"chosen": list(boxes.values()), "seen": seen, "note": "引越しをやめました"}).status_code
        == 303
    )
    assert set(states(sent).values()) == {"withdrawn"}
    assert "順番待ち" not in browser.get(f"/me/bundles/{sent}").text
    assert browser.get(path).status_code == 409


def test_one_of_it_is_withdrawn_and_the_others_go_on(
    browser: Browser, sent: str, asking: tuple[str, dict[str, str]]
) -> None:
    path, boxes = asking
    form = {"seen": boxes["seen"], "note": ""}
    assert browser.post(path, form).status_code == 422
    assert browser.post(path, form | {"chosen": [boxes["試験用の植樹"]]}).status_code == 303
    assert states(sent) == {"test-arriving": "received", "test-tree": "withdrawn"}


def test_what_an_office_changed_meanwhile_is_shown_before_it_is_withdrawn(
    browser: Browser, sent: str, asking: tuple[str, dict[str, str]]
) -> None:
    path, boxes = asking
    with city_session(CITY) as session:
        apply_transition(session, cases_of(sent)[0].id, "accept", Actor("staff", None), roles=("clerk",))
    answer = browser.post(path, {"seen": boxes["seen"], "chosen": [boxes["試験用の植樹"]], "note": "理由です"})
    assert answer.status_code == 409
    assert "理由です" in answer.text
    assert answer.text.count(" checked>") == 1
    assert "withdrawn" not in states(sent).values()


def test_what_waits_is_not_opened_as_a_draft(browser: Browser, sent: str) -> None:
    with city_session(CITY) as session:
        draft = session.scalars(
            select(Draft).where(Draft.bundle_id == _id(sent), Draft.bundle_state == "waiting")
        ).one()
    assert browser.get(f"/drafts/{draft.public_id}").status_code == 409
    assert browser.post(f"/apply/d/{draft.public_id}/review").status_code == 409


def test_a_bundle_being_written_stands_on_my_page_and_is_changed_or_put_away(browser: Browser) -> None:
    browser.sign_in(EMAIL)
    with city_session(CITY) as session:
        account_id = sign_in_account(session, EMAIL, "ja")
        offers = [queries.offer(session, key) for key in KEYS]
        bundle = start_bundle(session, offers, account_id=account_id, language="ja")
        public_id = bundle.public_id
        tree = next(member.draft.public_id for member in members_of(session, bundle) if member.key == "test-tree")
    assert "3件をまとめて申請" in browser.get("/me").text
    assert browser.get(f"/drafts/{tree}").location == f"/apply/d/{public_id}/who", "one of them leads to all"
    assert browser.post(f"/drafts/{tree}/discard").status_code == 409, "and is not put away by itself"
    assert "試験用の植樹" in browser.get(f"/bundles/{public_id}").text
    assert browser.post(f"/bundles/{public_id}/procedures/{tree}/leave-out").status_code == 303
    assert "試験用の植樹" not in browser.get(f"/bundles/{public_id}").text
    assert browser.post(f"/bundles/{public_id}/discard").location == "/me"
    assert browser.get(f"/bundles/{public_id}").status_code == 404
    assert "まとめて申請" not in browser.get("/me").text
    with city_session(CITY) as session:
        assert cases_of_bundle(session, bundle.id) == []


def test_what_is_left_of_a_bundle_keeps_its_pages_that_were_sent(browser: Browser) -> None:
    browser.sign_in(EMAIL)
    with city_session(CITY) as session:
        account_id = sign_in_account(session, EMAIL, "ja")
        offers = [queries.offer(session, key) for key in KEYS]
        bundle = start_bundle(session, offers, account_id=account_id, language="ja").public_id
    who = f"/apply/d/{bundle}/who"
    browser.get(who)
    answers = {"person_name.family": "佐藤", "person_name.given": "美咲", "person_email": EMAIL}
    moved = f"/apply/d/{bundle}/test_arriving__who"
    assert browser.post(who, answers).location == moved
    assert browser.post(moved, {"test_arriving__moved_on": "2026-11-20"}).location == f"/apply/d/{bundle}/review"
    for key in KEYS[1:]:
        assert browser.post(f"/bundles/{bundle}/procedures/{draft_of(bundle, key)}/leave-out").status_code == 303
        assert browser.get(f"/drafts/{bundle}").location == f"/apply/d/{bundle}/review", "nothing is asked again"


def test_one_of_a_bundle_is_sent_by_itself_with_what_was_written(browser: Browser) -> None:
    browser.sign_in(EMAIL)
    with city_session(CITY) as session:
        install(session, LIMITED, None)
        account_id = sign_in_account(session, EMAIL, "ja")
        offers = [queries.offer(session, key) for key in (KEYS[1], "test-limited")]
        office = start_bundle(session, [offers[1]], account_id=account_id, language="ja")
        bundle = start_bundle(session, offers, account_id=account_id, language="ja").public_id
        answers = {"name": {"family": "佐藤", "given": "美咲"}, "email": EMAIL}
        for member in members_of(session, office):
            drafts.save_answers(session, member.draft, member.definition, answers)
        submit_bundle(session, office)  # takes the only place
    who = f"/apply/d/{bundle}/who"
    browser.get(who)
    browser.post(who, {"person_name.family": "佐藤", "person_name.given": "美咲", "person_email": EMAIL})
    page = browser.get(f"/apply/d/{bundle}/review").text
    assert "まとめての申請では、キャンセル待ちはできません" in page
    draft = draft_of(bundle, "test-limited")
    [address] = re.findall(r'formaction="([^"]+)"', page)
    assert address == f"/bundles/{bundle}/procedures/{draft}/alone"
    assert browser.post(address).location == f"/drafts/{draft}"
    alone = browser.get(f"/drafts/{draft}").location
    assert alone == f"/apply/d/{draft}/review"
    assert "キャンセル待ちに加わる" in browser.get(alone).text
    assert browser.post(f"/apply/d/{draft}/waiting").status_code == 303
    assert "キャンセル待ちの1番目です" in browser.get(alone).text
    rest = browser.get(f"/apply/d/{bundle}/review").text
    assert "試験用の植樹" in rest
    assert "試験用の講座" not in rest


def draft_of(bundle: str, key: str) -> str:
    with city_session(CITY) as session:
        which = (Draft.bundle_id == _id(bundle), Draft.procedure_key == key)
        return session.scalars(select(Draft.public_id).where(*which)).one()

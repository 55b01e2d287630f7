"""A draft stays open in its browser for the whole period it states: beyond the visit, beyond signing out, and whatever is sent late."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from portal.cases.browser_models import BrowserDraft
from portal.cases.models import Draft
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.sessions import WebSession
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_typed import Page
from tests.kit.browser import Browser


def end_visits() -> None:
    """Two hours and more go by."""
    with city_session(CITY) as session:
        session.execute(update(WebSession).values(seen_at=func.now() - func.make_interval(0, 0, 0, 0, 3)))


def at_drafts(address: str) -> str:
    return f"/drafts/{address.split('/')[3]}"


def test_a_draft_opens_after_its_visit_and_is_listed_on_my_page(browser: Browser) -> None:
    address = browser.start("dog-registration")
    browser.post(f"{address}/autosave", {"phone": "090-12"})
    end_visits()
    assert Page(browser.get(address).text).inputs["phone"] == "090-12"
    assert at_drafts(address) in browser.get("/me").text
    assert browser.get(at_drafts(address)).location == address


def test_a_page_sent_late_is_kept_and_comes_back_with_a_token_that_counts(browser: Browser) -> None:
    address = browser.start("dog-registration")
    end_visits()
    late = browser.post(address, {"phone": "090-12", "name.family": "山田"})
    assert late.status_code == 400
    assert "入力した内容は保存しました" in late.text
    inputs = Page(late.text).inputs
    assert (inputs["phone"], inputs["name.family"]) == ("090-12", "山田")
    assert "入力した内容は保存しました" not in browser.post(address, inputs).text
    assert Page(browser.get(address).text).inputs["name.family"] == "山田"


def test_what_saves_itself_late_is_kept_and_brings_a_new_token(browser: Browser) -> None:
    address = browser.start("dog-registration")
    end_visits()
    saved = browser.post(f"{address}/autosave", {"phone": "090-12"})
    assert "自動で保存しました" in saved.json["saved"]
    browser.token = saved.headers["X-CSRF-Token"]
    in_time = browser.post(f"{address}/autosave", {"phone": "090-123"})
    assert in_time.status_code == 200
    assert "X-CSRF-Token" not in in_time.headers


def test_a_late_page_of_another_site_or_browser_is_refused(browser: Browser, other_browser: Browser) -> None:
    address = browser.start("dog-registration")
    end_visits()
    for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert browser.post(address, {"phone": "1"}, **headers).status_code == 400
    other_browser.start("dog-registration")
    other_browser.token = "forged"
    assert other_browser.post(address, {"phone": "1"}).status_code == 400
    assert "phone" not in {name for name, text in Page(browser.get(address).text).inputs.items() if text}


def test_more_drafts_than_a_visit_remembers_stay(browser: Browser) -> None:
    first = browser.start("road-damage")
    browser.post(f"{first}/autosave", {"details": "穴があります"})
    with city_session(CITY) as session:
        version = session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()
        browser_draft = session.scalars(select(BrowserDraft).where(BrowserDraft.draft_id == version.id)).one()
        for number in range(25):
            more = Draft(
                public_id=f"more-{number}-{version.id}",
                procedure_key=version.procedure_key,
                version_id=version.version_id,
                answers={},
                facts={},
                done_steps=[],
                language="ja",
                created_at=now() - timedelta(minutes=1),
                saved_at=now(),
                expires_at=version.expires_at,
            )
            session.add(more)
            session.flush()
            session.add(BrowserDraft(browser=browser_draft.browser, draft_id=more.id))
        session.flush()
    end_visits()
    assert at_drafts(first) in browser.get("/me").text
    with city_session(CITY) as session:
        session.execute(delete(Draft).where(Draft.public_id.like("more-%")))


def test_what_is_written_signed_in_asks_to_sign_in_again_and_shows_nobody_else(browser: Browser) -> None:
    browser.sign_in("key-owner@example.jp")
    address = browser.start("dog-registration")
    browser.post(f"{address}/autosave", {"phone": "090-12"})
    end_visits()
    assert browser.get(address).location.startswith("/sign-in?next=")
    late = browser.post(address, {"phone": "090-123"})
    assert (late.status_code, late.location.partition("?")[0]) == (303, "/sign-in")
    assert at_drafts(address) not in browser.get("/me").text
    browser.sign_in("key-stranger@example.jp")
    assert browser.get(address).status_code == 404
    assert at_drafts(address) not in browser.get("/me").text
    browser.sign_in("key-owner@example.jp")
    assert Page(browser.get(address).text).inputs["phone"] == "090-123"
    browser.post("/sign-out")
    assert browser.get(address).status_code == 404


def test_signing_in_as_somebody_else_in_the_same_visit_takes_nothing_along(browser: Browser) -> None:
    browser.sign_in("first-here@example.jp")
    address = browser.start("dog-registration")
    browser.sign_in("second-here@example.jp")
    assert browser.get(address).status_code == 404
    assert at_drafts(address) not in browser.get("/me").text


def test_signing_out_leaves_what_nobody_signed_in_for(browser: Browser) -> None:
    address = browser.start("dog-registration")
    browser.post("/sign-out")
    assert browser.get(address).status_code == 200


def test_a_shared_device_can_forget_a_draft_and_a_discarded_one_is_gone(browser: Browser) -> None:
    address = browser.start("dog-registration")
    assert "この端末の記録を消す" in browser.get(address.rpartition("/")[0] + "/later").text
    assert browser.post(f"{at_drafts(address)}/forget").status_code == 303
    assert browser.get(address).status_code == 404
    other = browser.start("dog-registration")
    assert browser.post(f"{at_drafts(other)}/discard").status_code == 303
    assert browser.get(other).status_code == 404


def test_the_key_is_the_browsers_alone_and_lives_as_long_as_drafts(browser: Browser) -> None:
    browser.get("/procedures/dog-registration")
    started = browser.post("/apply/dog-registration")
    cookie = next(header for header in started.headers.getlist("Set-Cookie") if header.startswith("madoguchi-drafts="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={30 * 24 * 3600}" in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    with city_session(CITY) as session:
        assert value.encode() not in session.scalars(select(BrowserDraft.browser)).all()

"""After sending: arrived, taken up and decided are told apart, nothing is promised that will not come, and what was done is confirmed."""

import re

import pytest
from sqlalchemy import select

from common.open_days import add_open_days
from portal.cases import moves
from portal.cases.drafts import answers_of
from portal.cases.models import Draft
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.events import SYSTEM, Actor
from portal.documents.models import Document
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.answers import DOG, damage, example_of, occupancy
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.letters import letters

OFFICE = Actor("staff", None, "高橋")
PUBLIC_BODY = {"applicant_is_public_body": True}


def move(case_id: int, name: str, note: str = "", conditions: tuple[str, ...] = ()) -> None:
    with city_session(CITY) as session:
        inputs = moves.MoveInputs(note=note, internal_note="確かめました。", conditions=conditions)
        moves.apply_transition(session, case_id, name, OFFICE, roles=("clerk", "decider"), inputs=inputs)


def letter(case_id: int, kind: str) -> tuple[str, str]:
    written = letters(CITY, kind, case_id)[-1]
    return written.subject, written.body


def flow_of(page: str) -> list[str]:
    """The titles of the steps on a receipt."""
    return re.findall(r"<li[^>]*><b>([^<]+)</b>", page.partition('<ol class="log">')[2].partition("</ol>")[0])


def test_a_report_is_no_application_and_promises_no_mail_to_nobody(browser: Browser) -> None:
    sent = browser.apply("road-damage", damage(CITY, "穴が1つあります") | {"danger": True})
    receipt = browser.get(sent.location).text
    assert "連絡が届きました。" in receipt
    assert "申請が" not in receipt
    assert "メール" not in receipt
    assert flow_of(receipt) == ["連絡が届きました", "市役所が受け付けます", "市の職員が対応します", "対応完了"]
    assert "市役所に電話してください" in receipt


def test_the_receipt_names_the_address_and_what_the_code_is_for(browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="receipt.after@example.jp")
    case = newest_case()
    receipt = browser.get(f"/done/{case.public_id}").text
    assert "申請が届きました。" in receipt
    assert "receipt.after@example.jp" in receipt
    assert "スマートフォンなどで読み取ると" in receipt
    assert "3,000円を支払うと、市役所が受け付けます。" in receipt
    assert letter(case.id, "case_received")[0].startswith("申請が届きました")
    assert "受け付けました" not in letter(case.id, "case_received")[1]


def test_what_was_taken_up_permitted_and_paid_is_said_each_time(browser: Browser) -> None:
    procedure = browser.get("/procedures/road-occupancy").text
    assert "審査のあとに支払います" in procedure
    assert "料金を支払うと、許可されます。" in procedure, "the permit takes effect once it is paid, not before"
    browser.apply("road-occupancy", occupancy(70), email="permit.after@example.jp")
    case = newest_case()
    address = f"/me/cases/{case.public_id}"
    move(case.id, "accept")
    subject, body = letter(case.id, "case_accepted")
    assert subject.startswith("受け付けました")
    assert "市の職員が審査しています" in body
    page = browser.get(address).text
    assert "受け付けました" in page
    assert "現地確認" in page
    move(case.id, "skip_site_check")
    assert "現地確認" not in browser.get(address).text, "a site check that nobody made is not told as made"
    move(case.id, "approve", conditions=("夜は照明をつけること。",))
    assert "現地確認" not in browser.get(address).text
    assert "審査が終わりました" in letter(case.id, "payment_request")[1]
    unpaid = browser.get(address).text
    assert "料金を支払うと、許可されます。" in unpaid
    assert "許可されました" not in unpaid, "the permit is valid only once it is paid"
    assert "市の確認が終わり、料金のお支払いをお願いしました" in unpaid
    with city_session(CITY) as session:
        moves.apply_transition(session, case.id, "pay", SYSTEM, roles=("system",))
    subject, body = letter(case.id, "decision_approved")
    assert subject.startswith("許可されました")
    assert "期間：" in body
    page = browser.get(address).text
    assert "<b>許可されました</b>" in page.partition('<ol class="log">')[2], "the history tells it when it took effect"
    assert re.search(r"許可されました</b></p>\s*<p>\d+年.*から.*まで</p>", page)
    objection = page.partition('id="objection"')[2].partition("</section>")[0]
    assert objection.index("<details") < objection.index("審査請求"), (
        "folded on the page of who got what they applied for"
    )
    assert page.index('id="issued"') < page.index('id="objection"')


def test_who_is_refused_reads_how_to_ask_for_a_review(browser: Browser) -> None:
    """行政不服審査法 82条: whom to ask, and by when. The letter promises it, and the page has it."""
    browser.apply("road-occupancy", occupancy(160), email="refused.after@example.jp")
    case = newest_case()
    address = f"/me/cases/{case.public_id}"
    move(case.id, "accept")
    assert "審査請求" not in browser.get(address).text
    move(case.id, "skip_site_check")
    move(case.id, "refuse", "通路の幅が足りません。")
    _subject, body = letter(case.id, "decision_refused")
    assert "審査請求" in body
    page = browser.get(address).text
    order = [
        "この結果の理由",
        "通路の幅が足りません。",
        "これからできること",
        "この決定に不服があるとき",
        "審査請求",
    ]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert "許可されませんでした" in page.partition('<ol class="log">')[2]
    assert "認められませんでした" not in page
    assert "<details" not in page.partition('id="objection"')[2].partition("</section>")[0]
    assert "3か月以内に、日野市長に審査請求をすることができます" in page
    assert "6か月以内に" in page


def test_who_agreed_to_do_without_a_survey_is_not_promised_one(browser: Browser) -> None:
    _day, answers = example_of(catalogue()["disaster-certificate"])
    minor = answers | {"cause": "earthquake", "parts": ["roof"], "self_assessment": True}
    minor = {key: value for key, value in minor.items() if key not in ("flooded", "flood_depth")}
    browser.apply("disaster-certificate", minor, email="survey.after@example.jp")
    case = newest_case()
    steps = flow_of(browser.get(f"/done/{case.public_id}").text)
    assert "現地確認" not in steps
    assert steps[-1] == "交付"
    move(case.id, "accept")
    move(case.id, "issue")
    assert newest_case().state == "issued"


def test_a_correction_is_confirmed_on_the_page_and_its_mail_says_what_is_asked_for(browser: Browser) -> None:
    browser.apply("road-occupancy", occupancy(71), email="fix.after@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("purpose",))
    body = letter(case.id, "correction_request")[1]
    assert "・占用の目的" in body
    assert "図面の幅を書いてください。" in body
    address = f"/me/cases/{case.public_id}"
    browser.get(f"{address}/correction")
    sent = browser.submit(f"{address}/correction", purpose="外壁の塗り替え。幅は1.5 mです。")
    assert sent.status_code == 303
    assert "直した内容が届きました。" in browser.get(address).text
    move(case.id, "skip_site_check")
    assert "直した内容が届きました。" not in browser.get(address).text


def test_messages_and_papers_of_all_applications_stand_on_pages_of_their_own(
    browser: Browser, other_browser: Browser
) -> None:
    browser.apply("road-occupancy", occupancy(72), email="lists.after@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("purpose",))
    with city_session(CITY) as session:
        assert session.get(Document, 0) is None
    messages = browser.get("/me/messages").text
    assert "図面の幅を書いてください。" in messages
    assert "まだ読んでいません" in messages
    browser.get(f"/me/cases/{case.public_id}")
    assert "まだ読んでいません" not in browser.get("/me/messages").text
    assert "まだ書類はありません" in browser.get("/me/documents").text
    other_browser.sign_in("stranger.after@example.jp")
    assert "図面の幅" not in other_browser.get("/me/messages").text


def test_who_is_signed_in_is_seen_on_every_page(browser: Browser) -> None:
    assert "サインアウト" not in browser.get("/").text
    browser.sign_in("seen.after@example.jp")
    for address in ("/", "/me", browser.start("dog-registration")):
        page = browser.get(address).text
        assert "seen.after@example.jp さん" in page
        assert "サインアウト" in page


def test_beginning_again_takes_the_place_of_a_draft_or_stands_beside_it_as_one_says(browser: Browser) -> None:
    first = browser.start("dog-registration")
    assert browser.start("dog-registration") == first  # nothing was written: no second draft
    browser.post(f"{first}/autosave", {"name.family": "佐藤"})
    assert 'name="replaces"' in browser.get("/procedures/dog-registration").text
    beside = browser.post("/apply/dog-registration").location
    assert beside != first
    browser.post(f"{beside}/autosave", {"name.family": "鈴木"})
    again = browser.post("/apply/dog-registration", {"replaces": beside.split("/")[3]}).location
    assert again not in (first, beside)
    assert browser.get(beside).status_code == 404
    assert browser.get("/me").text.count("下書きを消す") == 1


def test_of_somebody_else_no_draft_is_given_up(browser: Browser, other_browser: Browser) -> None:
    theirs = browser.start("dog-registration")
    browser.post(f"{theirs}/autosave", {"name.family": "佐藤"})
    other_browser.get("/procedures/dog-registration")
    other_browser.post("/apply/dog-registration", {"replaces": theirs.split("/")[3]})
    assert 'value="佐藤"' in browser.get(theirs).text


def test_a_refusal_teaches_how_to_object_on_every_page_its_mail_leads_to(
    browser: Browser, other_browser: Browser
) -> None:
    browser.apply("road-occupancy", occupancy(73), email="refused.after@example.jp")
    case = newest_case()
    move(case.id, "accept")
    move(case.id, "skip_site_check")
    move(case.id, "refuse", note="通路の幅が足りません。")
    assert "審査請求ができます" in letter(case.id, "decision_refused")[1]
    other_browser.get("/status")
    other_browser.post("/status", {"number": case.number, "proof": "refused.after@example.jp"})
    for page in (browser.get(f"/me/cases/{case.public_id}").text, other_browser.get("/status/case").text):
        assert "審査請求書" in page
        assert "出すところ：〒" in page
        assert "翌日から3か月以内に、日野市長に審査請求をすることができます。" in page
        assert "翌日から6か月以内に、日野市を被告として" in page


def test_what_no_law_lets_one_object_to_promises_nothing_and_names_whom_to_ask(browser: Browser) -> None:
    _day, answers = example_of(catalogue()["disaster-certificate"])
    browser.apply("disaster-certificate", answers, email="asked.after@example.jp")
    case = newest_case()
    move(case.id, "accept")
    move(case.id, "refuse", note="被害が見つかりませんでした。")
    assert "審査請求" not in letter(case.id, "decision_refused")[1]
    page = browser.get(f"/me/cases/{case.public_id}").text
    assert "審査請求" not in page
    reason, able = page.index("この結果の理由"), page.index("これからできること")
    assert reason < page.index("被害が見つかりませんでした。") < able
    assert "不服があるとき" not in page
    again = f"/me/cases/{case.public_id}/again"
    assert again in page
    begun = browser.post(again, {})
    assert begun.status_code in (302, 303)
    with city_session(CITY) as session:
        newest = session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()
        assert newest.public_id in begun.location
        assert answers_of(session, newest)["name"] == answers["name"], "as before"
    english = browser.get(f"/me/cases/{case.public_id}?lang=en").text
    assert "may have written it in Japanese" in english
    browser.get("/me?lang=ja")


def test_only_what_was_refused_is_begun_again(browser: Browser) -> None:
    browser.apply("dog-registration", DOG, email="again.after@example.jp")
    again = f"/me/cases/{newest_case().public_id}/again"
    assert again not in browser.get(again.removesuffix("/again")).text
    assert browser.post(again, {}).status_code == 409


def test_who_is_to_come_to_the_counter_reads_when_where_and_with_what_on_every_page_and_in_the_letter(
    browser: Browser,
) -> None:
    _day, answers = example_of(catalogue()["moving-in"])
    comes = add_open_days(today(), 2)
    answers |= {"moved_on": str(today()), "visit_on": str(comes), "visit_at": "10:30"}
    sent = browser.apply("moving-in", answers, email="visit.after@example.jp")
    case = newest_case()
    move(case.id, "accept")
    address = f"/me/cases/{case.public_id}"
    for text in (*(browser.get(page).text for page in (sent.location, address)), letter(case.id, "case_accepted")[1]):
        assert f"{comes.month}月{comes.day}日" in text.partition("持っていくもの")[0]
        assert "10時30分" in text
        assert "引っ越した方全員のマイナンバーカード" in text
        assert "この手続きの期限" in text, "by which day the law wants them to come"
    browser.apply("disaster-certificate", example_of(catalogue()["disaster-certificate"])[1])
    mine = browser.get("/me").text
    assert mine.index(case.number) < mine.index(newest_case().number), "what waits for the applicant stands first"
    move(case.id, "complete")
    assert "市役所に来るとき" not in browser.get(address).text


def test_a_certificate_says_how_it_comes_what_was_found_and_how_to_ask_again(browser: Browser) -> None:
    _day, answers = example_of(catalogue()["disaster-certificate"])
    browser.apply("disaster-certificate", answers, email="grade.after@example.jp")
    case = newest_case()
    address = f"/me/cases/{case.public_id}"
    move(case.id, "accept")
    accepted = browser.get(address).text
    assert "発行の準備中" not in accepted, "nothing is prepared before the survey"
    move(case.id, "begin_survey")
    with city_session(CITY) as session:
        form = {"grade": "half", "surveyed_on": str(today())}
        moves.apply_transition(
            session, case.id, "finish_survey", OFFICE, roles=("inspector",), inputs=moves.MoveInputs(form_answers=form)
        )
    move(case.id, "issue")
    page = browser.get(address).text
    assert "被害の程度の判定：半壊" in page
    assert "申請のときに書いた住所に郵送します" in page
    assert "住家の被害認定の再調査の申請" in page
    assert "郵送します" in letter(case.id, "decision_approved")[1]


@pytest.mark.parametrize(
    ("self_assessment", "degree"), [(True, "一部損壊（準半壊に至らない）"), (False, "証明書に書いてあるとおり")]
)
def test_a_certificate_without_a_survey_names_the_degree_that_was_agreed_on(
    browser: Browser, self_assessment: bool, degree: str
) -> None:
    _day, answers = example_of(catalogue()["disaster-certificate"])
    answers = answers | {"cause": "earthquake", "parts": ["roof"], "self_assessment": self_assessment}
    answers = {key: value for key, value in answers.items() if key not in ("flooded", "flood_depth")}
    browser.apply("disaster-certificate", answers, email="agreed.after@example.jp")
    case = newest_case()
    move(case.id, "accept")
    if not self_assessment:
        move(case.id, "skip_survey")
    move(case.id, "issue")
    assert f"被害の程度の判定：{degree}" in browser.get(f"/me/cases/{case.public_id}").text

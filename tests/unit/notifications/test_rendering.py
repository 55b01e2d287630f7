"""Every mail can be written in every language, says where to look, and keeps やさしい日本語 readable."""

from datetime import date

import pytest

from forms.evaluation.chosen_days import ChosenDay
from portal.core.tenancy import City
from portal.core.text import LANGUAGES
from portal.notifications.kinds import KINDS
from portal.notifications.rendering import render

HINO = City(
    "hino",
    "日野市",
    "ヒノシ",
    "Hino City",
    "132128",
    "日",
    "hino.localhost",
    "hino",
    "191-8686",
    "神明1番地",
    "042-000-0000",
    (139.3951, 35.6713),
    6677,
)
TOLD = {
    "code": "012345",
    "path": "/my/abc",
    "title": "犬の登録",
    "number": "日-1124-00001",
    "amount": 3550,
    "kept": 500,
    "lines": [("日-1124-00001", "犬の登録", 3000), ("日-1124-00002", "道路の占用", 550)],
    "money": "支払(しはら)った3,000円は、お返(かえ)しします。",
    "whole": False,
    "name": "新井 光",
    "by": "佐藤 環",
    "act": "申請",
    "office": {"title": "道路課", "phone": "042-111-2222"},
    "documents": ["道路占用許可書"],
    "objection": True,
    "reviewed_again": True,
    "partly": True,
    "announcement": "許可(きょか)されました",
    "next_step": "ページで 確(たし)かめて ください。",
    "conditions": ["通路を1.5メートル以上あけること。", "終わったら元に戻すこと。"],
    "starts": date(2026, 12, 12),
    "ends": date(2027, 1, 11),
    "valid_until": None,
    "labels": ["保安図"],
    "words": "通路の幅を書き足してください。",
    "stores": [{"name": "ローソン", "payment_code": "123456", "confirmation_number": "0425232111"}],
    "time": "23:59",
    "pay_by": date(2026, 12, 15),
    "loses_places": True,
    "ran_out": True,
    "until": date(2026, 12, 12),
    "applicant": "佐藤",
    "agreed": True,
    "edited": True,
    "days": [
        ChosenDay(
            date(2026, 12, 10), "粗大ごみの収集", "2026年12月10日(木) 朝8時まで", "番号を書いた紙を貼ってください。"
        )
    ],
    "places": ["講座の定員(陶芸) 2人(2026/12/12)"],
    "received": [("日-1124-00001", "犬の登録")],
    "waiting": ["児童手当"],
    "first": ["転入届"],
    "titles": ["犬の登録"],
    "reason": "被災されたため。",
    "visits": [
        {
            "title": "転入届",
            "when": "2026年12月10日(木) 14時30分",
            "office": "市民課",
            "place": "1階 7番窓口",
            "bring": ["在留カード"],
            "until": date(2026, 12, 8),
            "words": "火葬の前に出してください。",
        }
    ],
    "before": 3000,
    "missing": 550,
    "back": 0,
    "surveyed": True,
    "label": "掘削した長さ",
    "figure": "12.7 m",
    "later": True,
    "returned": False,
    "by_office": False,
    "account": {
        "bank_name": "テスト銀行",
        "bank_code": "0000",
        "branch_name": "テスト支店",
        "branch_code": "000",
        "kind": "ordinary",
        "number": "1234567",
        "holder": "ヒノシ",
    },
}


def mail(kind: str, language: str, **changed: object) -> tuple[str, str]:
    content = render(kind, language, HINO, {key: TOLD[key] for key in KINDS[kind]} | changed)
    return content.subject, content.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_in_every_language(language: str) -> None:
    for kind in KINDS:
        assert_complete(kind, *mail(kind, language))


def assert_complete(kind: str, subject: str, body: str) -> None:
    assert 5 < len(subject) < 80
    assert "\n" not in subject
    if kind not in {
        "consent_code",
        "payer_confirmation",
    }:  # typed into the page that asked for it; of somebody else's fee
        assert "http://hino.localhost:8000/my/abc" in body
    assert "042-000-0000" in body
    assert "{" not in subject + body
    if "number" in KINDS[kind]:
        assert "日-1124-00001" in subject
        assert "日-1124-00001" in body
    if "amount" in KINDS[kind]:
        assert "3,550" in body
    if "kept" in KINDS[kind]:
        assert "500" in body
    if "code" in KINDS[kind]:
        assert "012345" in body


@pytest.mark.parametrize(
    ("language", "deadline"),
    [
        ("ja", "2026年12月12日(土)までに"),
        ("ja-easy", "2026年(ねん)12月(がつ)12日(にち)(土(ど))までに"),
        ("en", "by Sat, 12 Dec 2026"),
        ("zh", "2026年12月12日（周六）前"),
        ("ko", "2026년 12월 12일(토)까지"),
    ],
)
def test_a_deadline_is_named_only_when_there_is_one(language: str, deadline: str) -> None:
    assert deadline in mail("payment_request", language)[1]
    assert deadline not in mail("payment_request", language, until=None)[1]
    assert "None" not in mail("payment_request", language, until=None)[1]


def test_a_permission_says_from_when_to_when() -> None:
    subject, body = mail("decision_approved", "ja", announcement="許可されました")
    assert subject == "許可されました(受付番号 日-1124-00001)"
    assert "期間：2026年12月12日(土)から2027年1月11日(月)まで" in body
    assert "None" not in mail("decision_approved", "en", starts=None, ends=None)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_to_come_reads_when_where_and_with_what(language: str) -> None:
    for told in (
        "2026年12月10日(木) 14時30分",
        "7番(ばん)の 窓口(まどぐち)" if language == "ja-easy" else "1階 7番窓口",
        "在留カード",
    ):
        for kind in ("case_accepted", "case_received", "bundle_received", "waiting_opened"):
            assert told in mail(kind, language)[1]
            assert told not in mail(kind, language, visits=[])[1]


@pytest.mark.parametrize(
    ("language", "last_day"),
    [
        ("ja", "この手続きの期限：2026年12月8日(火)"),
        ("en", "Come by: Tue, 8 Dec 2026"),
        ("ko", "이 절차의 기한: 2026년 12월 8일"),
    ],
)
def test_who_must_come_by_a_day_reads_it(language: str, last_day: str) -> None:
    for kind in ("case_accepted", "case_received", "bundle_received", "waiting_opened"):
        assert last_day in mail(kind, language)[1]


def test_what_came_free_and_what_was_chosen_are_named() -> None:
    body = mail("place_free", "ja")[1]
    assert "空きが出ました。\n・講座の定員(陶芸) 2人(2026/12/12)\n\n" in body
    assert "粗大ごみの収集：2026年12月10日(木) 朝8時まで" in mail("waiting_opened", "ja")[1]
    assert "\n\n\n" not in mail("waiting_opened", "ja", days=[])[1]


def test_a_request_to_correct_quotes_what_is_asked_for() -> None:
    body = mail("correction_request", "ja")[1]
    assert "・保安図" in body
    assert "通路の幅を書き足してください。" in body
    assert "\n\n\n" not in mail("correction_request", "ja", labels=[], words="")[1]


@pytest.mark.parametrize(
    ("language", "store"),
    [("ja", "ローソン"), ("ja-easy", "ローソン"), ("en", "Lawson"), ("zh", "罗森（Lawson）"), ("ko", "로손")],
)
def test_a_mail_for_the_convenience_store_has_all_that_is_needed_there(language: str, store: str) -> None:
    body = mail("voucher_instructions", language)[1]
    for needed in ("3,550", "23:59", store, "123456", "0425232111"):
        assert needed in body


@pytest.mark.parametrize("kind", ["voucher_instructions", "transfer_instructions"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_day_of_a_fee_stands_beside_the_end_of_the_number(kind: str, language: str) -> None:
    losing, staying, without = (
        mail(kind, language, **told)[1]
        for told in ({}, {"loses_places": False}, {"pay_by": None, "loses_places": False})
    )
    assert "12" in losing
    assert "15" in losing
    assert len(losing) > len(staying) > len(without), (
        "what happens after it, the day, and nothing where there is no other day"
    )


def test_a_refusal_says_that_it_may_be_reviewed_where_the_law_gives_a_review() -> None:
    for language in LANGUAGES:
        told, not_told = (mail("decision_refused", language, objection=each)[1] for each in (True, False))
        assert "審査請求" in told, language
        assert "審査請求" not in not_told, language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_of_several_procedures_names_the_days_that_were_chosen(language: str) -> None:
    body = mail("bundle_received", language)[1]
    assert "2026年12月10日(木) 朝8時まで" in body
    assert "番号を書いた紙を貼ってください。" in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_about_a_case_names_the_office_and_how_to_call_it(language: str) -> None:
    for kind, keys in KINDS.items():
        if "office" in keys:
            body = mail(kind, language)[1]
            assert "道路課" in body, kind
            assert "042-111-2222" in body, kind


def test_a_mail_calls_what_was_sent_by_the_word_of_its_procedure() -> None:
    """A notification is no application: only the procedure knows."""
    for kind, keys in KINDS.items():
        told = {"act": "届出"} if "act" in keys else {}
        assert "申請" not in "".join(mail(kind, "ja", **told)), kind


def test_one_payment_for_several_names_each_of_them() -> None:
    subject, body = mail("payments_received", "ja")
    assert subject == "お支払いを確認しました(2件、3,550円)"
    assert "犬の登録 3,000円(受付番号 日-1124-00001)\n道路の占用 550円(受付番号 日-1124-00002)\n" in body


def test_that_it_arrived_is_not_that_it_was_taken_up() -> None:
    assert mail("case_received", "ja", amount=0)[0] == "申請が届きました(受付番号 日-1124-00001)"
    assert "受け付けました" not in mail("case_received", "ja", amount=0)[1]
    assert "3,550円を支払うと、市役所が受け付けます" in mail("case_received", "ja")[1]


def test_no_mail_that_it_arrived_says_that_it_is_not_paid() -> None:
    """A card is charged in the same moment: the mail may be read after that."""
    for kind in ("case_received", "bundle_received"):
        assert "まだ支払われて" not in mail(kind, "ja")[1]
        assert "もう支払った方" in mail(kind, "ja")[1]


def test_an_unknown_language_reads_as_japanese() -> None:
    assert mail("case_received", "../../etc") == mail("case_received", "ja")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["decision_approved", "payment_request"])
def test_a_decision_with_conditions_lists_them(kind: str, language: str) -> None:
    body = mail(kind, language)[1]
    assert "\n1. 通路を1.5メートル以上あけること。\n2. 終わったら元に戻すこと。\n" in body
    assert "\n\n\n" not in body
    without = mail(kind, language, conditions=[])[1]
    assert "1. " not in without
    assert "\n\n\n" not in without

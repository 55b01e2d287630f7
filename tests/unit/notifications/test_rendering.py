"""Every mail can be written in every language, says where to look, and keeps やさしい日本語 readable."""

from datetime import date

import pytest

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
    "until": date(2026, 12, 12),
    "applicant": "佐藤",
    "agreed": True,
    "edited": True,
    "received": [("日-1124-00001", "犬の登録")],
    "waiting": ["児童手当"],
    "first": ["転入届"],
    "titles": ["犬の登録"],
    "reason": "被災されたため。",
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
        ("ja-easy", "2026年12月12日(土)までに"),
        ("en", "by Sat 12 Dec 2026"),
        ("zh", "2026年12月12日（周六）前"),
        ("ko", "2026년 12월 12일(토)까지"),
    ],
)
def test_a_deadline_is_named_only_when_there_is_one(language: str, deadline: str) -> None:
    assert deadline in mail("payment_request", language)[1]
    assert deadline not in mail("payment_request", language, until=None)[1]
    assert "None" not in mail("payment_request", language, until=None)[1]


def test_an_unknown_language_reads_as_japanese() -> None:
    assert mail("case_received", "../../etc") == mail("case_received", "ja")

"""A document that a decision issues as PDF/A: what stands on it, in the one font of papers, before it is signed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from portal.documents.decision_paper import DecisionPaper
from portal.documents.renderer import render_decision

# WeasyPrint leaves its own colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

PAPER = DecisionPaper(
    rule="permit",
    edition=1,
    template="permit",
    title="道路占用許可書",
    city="立川市",
    city_address="東京都立川市泉町1156-9",
    city_phone="042-523-2111",
    department="道路課",
    procedure="道路占用許可申請",
    case_number="立-1124-04827",
    applied_on=date(2026, 11, 20),
    issued_on=date(2026, 12, 1),
    addressee="髙﨑 塚𠮷",
    addressee_address="東京都立川市曙町2丁目17番3号",
    signatory="立川市長",
    text="次のとおり許可します。",
    rows=(("占用物件", "足場"), ("料金", "74,100円")),
    conditions=("通路を1.5メートル以上あけること。",),
    legal_basis=("道路法 第32条",),
    remedies=("この決定に不服があるときは、審査請求をすることができます。",),
    signed=True,
    valid_until=date(2027, 1, 20),
)


def made(paper: DecisionPaper, *, own: bool | None = True) -> bytes:
    address, moment = "https://tachikawa.example/verify/F-2026-000001/ABCD-EFGH-JKLM", datetime(2026, 12, 1, tzinfo=UTC)
    return render_decision(paper, "F-2026-000001", moment, address=address, check_code="ABCD-EFGH-JKLM", own=own)


def words(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pdf:
        return "".join(page.get_textpage().get_text_bounded() for page in pdf).replace("\r\n", "")


def test_it_says_what_is_permitted_to_whom_until_when_and_how_it_is_checked() -> None:
    content = made(PAPER)
    text = words(content)
    for part in (
        "F-2026-000001",
        "立川市長",
        "髙﨑 塚𠮷 様",
        "足場",
        "令和9年1月20日まで",
        "通路を1.5メートル以上あけること。",
        "道路法 第32条",
    ):
        assert part in text
    assert "審査請求" in text
    assert "ABCD-EFGH-JKLM" in text
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"


def test_it_says_whose_certificate_signed_it() -> None:
    assert "公的な認証局のものではありません" in words(made(PAPER))
    of_city = words(made(PAPER, own=False))
    assert "電子署名をしています" in of_city
    assert "公的な認証局" not in of_city
    assert "電子署名" not in words(made(replace(PAPER, signed=False), own=None))


def test_it_is_kept_as_values_and_read_back() -> None:
    assert DecisionPaper.from_stored(PAPER.as_stored()) == PAPER

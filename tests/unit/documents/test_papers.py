"""Papers as PDF: what they say in the reader's language, in one embedded font that has the kanji of names, the same bytes each time."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest

from portal.documents.paper import KINDS, Line, Paper
from portal.documents.renderer import render
from portal.payments import slip_reference

# WeasyPrint leaves its own colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

MOMENT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
PAPER = Paper(
    kind="payment_details",
    language="ja",
    city="立川市",
    city_address="東京都立川市泉町1156-9",
    city_phone="042-523-2111",
    department="道路課",
    procedure="道路占用の許可",
    case_number="立-1124-04827",
    lines=(
        Line("占用料", 3000, "3か月分", paid_on=date(2026, 11, 28), method="クレジットカード"),
        Line("手数料", 550, paid_on=date(2026, 11, 28), refunded=50),
    ),
    payer="髙﨑 塚𠮷",
)
SLIP = {"reference": slip_reference(12), "address": "https://tachikawa.example/pay/abcdefghijklmnop"}


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def embedded_fonts(pdf: pikepdf.Pdf) -> set[str]:
    descriptors = (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary))
    names = {str(item.FontName) for item in descriptors if item.get("/Type") == "/FontDescriptor"}
    return {name.partition("+")[2] for name in names}


def characters(pdf: pikepdf.Pdf) -> set[str]:
    """What the fonts of a document can be read back as: their maps to Unicode."""
    maps = [item.ToUnicode for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item]
    lines = "\n".join(each.read_bytes().decode() for each in maps)
    return {bytes.fromhex(text).decode("utf-16-be") for text in re.findall(r"^<\w+> <(\w+)>$", lines, re.M)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_one_page_in_one_font(kind: str) -> None:
    paper = replace(PAPER, kind=kind, **(SLIP if kind == "payment_slip" else {}))
    content = render(paper, "B-2026-000012", MOMENT)
    pdf = opened(content)
    assert len(pdf.pages) == 1
    assert embedded_fonts(pdf) == {"Paper"}
    assert str(pdf.docinfo["/Title"]) == f"{KINDS[kind]} B-2026-000012"
    assert str(pdf.Root["/Lang"]) == "ja"
    with pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"


def test_names_keep_their_kanji_and_the_same_paper_has_the_same_bytes() -> None:
    content = render(PAPER, "A-2026-000001", MOMENT)
    assert set("髙﨑塚𠮷") <= characters(opened(content))
    assert render(PAPER, "A-2026-000001", MOMENT) == content


def test_a_paper_is_written_in_the_readers_language() -> None:
    content = render(replace(PAPER, language="en"), "A-2026-000001", MOMENT)
    pdf = opened(content)
    assert str(pdf.docinfo["/Title"]).startswith("Record of payment")
    assert str(pdf.Root["/Lang"]) == "en"


def test_a_paper_is_kept_as_values_and_read_back() -> None:
    assert Paper.from_stored(PAPER.as_stored()) == PAPER
    assert (PAPER.total, PAPER.refunded, PAPER.left) == (3550, 50, 3500)


def test_the_number_of_a_slip_finds_a_wrong_or_swapped_digit() -> None:
    digits = slip_reference(4827).replace(" ", "")
    assert int(digits) % 97 == 1
    for place in range(len(digits) - 1):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        assert swapped == digits or int(swapped) % 97 != 1

"""Files of banks, as they come: the layout of 全銀協, and CSVs with headings of every kind."""

from datetime import date

import pytest

from portal.ledger.bank_files import UnreadableBankFile
from portal.ledger.bank_statements import StatementLine, read_statement


def zengin(*lines: tuple[str, str, int, str], encoding: str = "cp932", ends: str = "\r\n") -> bytes:
    """A file with lines of (day, side, yen, who)."""
    head = f"1030{'080512'}{'080511'}{'080512'}0001{'ﾐｽﾞﾎ':15}123{'ﾀﾁｶﾜ':15}   1{'0001234567':10}{'ﾀﾁｶﾜｼ':40}11{0:014}{'':71}"
    data = [
        f"2{number:08}{day}{day}{side}11{yen:012}{0:012}{'':12}0{'':7}   {'':10}{who:48}{'':15}{'':15}{'ﾌﾘｺﾐ':20}{'':20} "
        for number, (day, side, yen, who) in enumerate(lines, 1)
    ]
    came = [yen for _day, side, yen, _who in lines if side == "1"]
    went = [yen for _day, side, yen, _who in lines if side == "2"]
    tail = f"8{len(came):06}{sum(came):013}{len(went):06}{sum(went):013}1{0:014}{len(lines):07}{'':139}"
    end = f"9{len(lines) + 3:010}{1:05}{'':184}"
    records = [head, *data, tail, end]
    assert {len(record) for record in records} == {200}
    return "".join(record + ends for record in records).encode(encoding)


LINES = [("080511", "1", 12_000, "ｽﾄﾗｲﾌﾟ"), ("080512", "2", 5_000, "ｿｳｷﾝ")]


@pytest.mark.parametrize(("encoding", "ends"), [("cp932", "\r\n"), ("cp932", ""), ("utf-8", "\n")])
def test_the_layout_of_banks_is_read(encoding: str, ends: str) -> None:
    statement = read_statement(zengin(*LINES, encoding=encoding, ends=ends), this_year=2026)
    assert (statement.layout, statement.account) == ("zengin", "0001-123-0001234567")
    assert statement.lines == [
        StatementLine(date(2026, 5, 11), 12_000, "ｽﾄﾗｲﾌﾟ ﾌﾘｺﾐ", "00000001"),
        StatementLine(date(2026, 5, 12), -5_000, "ｿｳｷﾝ ﾌﾘｺﾐ", "00000002"),
    ]


def test_a_bank_that_counts_western_years_is_understood() -> None:
    statement = read_statement(zengin(("260511", "1", 1, "ｱ")), this_year=2026)
    assert statement.lines[0].day == date(2026, 5, 11)


@pytest.mark.parametrize(
    "broken",
    [
        zengin(*LINES)[:-404],
        zengin(*LINES).replace(b"000000012000", b"000000012001", 1),
        zengin(("089911", "1", 1, "ｱ")),
        zengin(("080511", "3", 1, "ｱ")),
    ],
    ids=["cut off", "another amount", "no such day", "no such side"],
)
def test_a_broken_file_says_what_is_wrong(broken: bytes) -> None:
    with pytest.raises(UnreadableBankFile):
        read_statement(broken, this_year=2026)


CSVS = [
    '取引日,摘要,お支払金額,お預り金額,差引残高\r\n2026/05/11,ｽﾄﾗｲﾌﾟ,,"12,000","99,000"\r\n2026/5/12,送金,5000,,94000\r\n',
    '普通預金 1234567\r\n\r\n日付,内容,入金(円),出金(円)\r\n令和8年5月11日,ｽﾄﾗｲﾌﾟ,"12,000円",\r\nR8.5.12,送金,,5000\r\n',
    "年月日,金額,摘要\r\n20260511,+12000,ｽﾄﾗｲﾌﾟ\r\n20260512,-5000,送金\r\n".replace("+", ""),
    "日付,入金,出金,摘要\r\n2026-05-10,,,繰越\r\n2026-05-11,12000,0,ｽﾄﾗｲﾌﾟ\r\n2026-05-12,0,5000,送金\r\n",
]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("text", CSVS)
def test_usual_headings_are_recognised(text: str, encoding: str) -> None:
    statement = read_statement(text.encode(encoding), this_year=2026)
    assert [(line.day, line.amount) for line in statement.lines] == [
        (date(2026, 5, 11), 12_000),
        (date(2026, 5, 12), -5_000),
    ]
    assert statement.lines[1].description == "送金"


def test_other_headings_are_asked_for_and_taken() -> None:
    content = "計上,プラス,メモ\r\n2026/5/11,300,窓口\r\n".encode()
    with pytest.raises(UnreadableBankFile) as error:
        read_statement(content, this_year=2026)
    assert error.value.headings == ["計上", "プラス", "メモ"]
    columns = {"day": "計上", "deposit": "プラス", "description": "メモ", "withdrawal": ""}
    assert read_statement(content, columns, this_year=2026).lines == [StatementLine(date(2026, 5, 11), 300, "窓口")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("日付,入金\r\n2026/5/11,abc\r\n".encode(), "2行目：金額「abc」"),
        ("日付,入金\r\n2026/13/11,300\r\n".encode(), "2行目：日付「2026/13/11」"),
        (b"\x81", "文字コード"),
        (b"", "日付と金額の列"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableBankFile, match=words):
        read_statement(content, this_year=2026)

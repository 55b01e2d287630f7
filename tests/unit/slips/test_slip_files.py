"""Files of banks about paid slips: CSV and the 120 bytes of 預金口座振替, read to the yen or refused with the line that is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.bank_files import UnreadableBankFile
from portal.payments import order_of_slip, slip_reference
from portal.slips.files import FileLine, read_file

TODAY = date(2026, 11, 29)


def text(value: object, size: int) -> bytes:
    return str(value).encode("cp932").ljust(size)


def digits(value: int, size: int) -> bytes:
    return f"{value:0{size}d}".encode()


def zengin(lines: list[tuple[str, int, str]], *, day: str = "1127", off: int = 0) -> bytes:
    """The result file of a direct debit: (customer number, yen, result code) for each line; `off` falsifies the sum."""
    header = b"1" + b"910" + digits(1234567890, 10) + text("ﾋﾉｼ", 40) + day.encode() + digits(1, 4)
    records = [header.ljust(120)]
    for number, amount, code in lines:
        record = b"2" + digits(1, 4) + text("ﾐｽﾞﾎ", 15) + digits(123, 3) + text("ﾋﾉ", 15) + b"    1" + digits(7654321, 7)
        record += text("ｻﾄｳ ﾐｻｷ", 30) + digits(amount, 10) + b"0" + text(number, 20) + code.encode()
        records.append(record.ljust(120))
    paid = [amount for _number, amount, code in lines if code == "0"]
    failed = [amount for _number, amount, code in lines if code != "0"]
    counts = (len(lines), 6), (sum(amount for _n, amount, _c in lines) + off, 12), (len(paid), 6), (sum(paid), 12)
    trailer = b"8" + b"".join(digits(*count) for count in counts) + digits(len(failed), 6) + digits(sum(failed), 12)
    return b"\r\n".join([*records, trailer.ljust(120), b"9".ljust(120)])


def test_a_csv_is_read_by_its_usual_headings() -> None:
    content = '収納データ\r\n納付番号,収納日,収納金額(円),収納機関\r\n0000 0000 1234,2026/11/27,"3,450",みずほ 日野\r\n,,,\r\n'
    data = read_file(content.encode("cp932"), today=TODAY)
    assert data.layout == "csv"
    assert list(data.lines) == [FileLine("0000 0000 1234", date(2026, 11, 27), 3_450, "みずほ 日野")]
    era = "納付書番号,納付日,金額\nA,令和8年11月27日,３４５０円\n"
    assert read_file(era.encode(), today=TODAY).lines[0] == FileLine("A", date(2026, 11, 27), 3_450)


def test_headings_can_be_named_and_are_said_when_they_are_not_known() -> None:
    content = b"No,When,Yen\r\n1,2026-11-27,500\r\n"
    with pytest.raises(UnreadableBankFile) as fault:
        read_file(content, today=TODAY)
    assert fault.value.headings == ["No", "When", "Yen"]
    named = {"reference": "No", "day": "When", "amount": "Yen"}
    assert read_file(content, named, today=TODAY).lines[0].amount == 500


@pytest.mark.parametrize(
    "row", ["A,2026/13/01,1", "A,,1", "A,2026/11/27,0", "A,2026/11/27,", "A,2026/11/27,-5", "A,2026/11/27,1e3", "A"]
)
def test_a_wrong_line_is_named(row: str) -> None:
    with pytest.raises(UnreadableBankFile, match="2行目"):
        read_file(f"納付番号,納付日,金額\n{row}\n".encode(), today=TODAY)


def test_a_direct_debits_result_says_what_was_not_paid() -> None:
    number = slip_reference(1234).replace(" ", "")
    data = read_file(zengin([(number, 3_450, "0"), ("X", 500, "1")]), today=TODAY)
    assert data.layout == "zengin"
    assert list(data.lines) == [
        FileLine(number, date(2026, 11, 27), 3_450, "0001-123"),
        FileLine("X", date(2026, 11, 27), 500, "0001-123", failure="資金不足"),
    ]
    assert read_file(zengin([("X", 1, "0")], day="0105"), today=TODAY).lines[0].day == date(2027, 1, 5)


@pytest.mark.parametrize(
    "content",
    [zengin([("X", 500, "0")], off=1), zengin([("X", 500, "7")]), zengin([("X", 500, "0")], day="9999"), zengin([])[:-30], b"\x81\xff\xfe"],
)  # fmt: skip
def test_a_broken_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableBankFile):
        read_file(content, today=TODAY)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for prefix in (b"", b"1910", "納付番号,納付日,金額\n".encode()):
        try:
            read_file(prefix + content, today=TODAY)
        except UnreadableBankFile as fault:
            assert str(fault)


@given(st.integers(1, 10**9))
def test_one_wrong_digit_of_a_slips_number_is_noticed(order_id: int) -> None:
    number = slip_reference(order_id).replace(" ", "")
    assert order_of_slip(number) == order_id
    wrong = str((int(number[3]) + 1) % 10)
    assert order_of_slip(number[:3] + wrong + number[4:]) is None

"""The file of transfers, byte by byte as banks read it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.payouts.zengin import Consignor, NotTransferable, Transfer, half_width, transfer_file

CITY = Consignor("1234567890", "ヒノシカイケイカンリシャ", "0001", "ミズホ", "123", "ヒノ", "ordinary", "7654321")
DAY = date(2026, 12, 25)


def transfer(amount: int = 332_000, holder: str = "サトウ ケンタ", reference: int = 42) -> Transfer:
    return Transfer("0005", "三菱UFJ銀行", "001", "本店", "savings", "1234567", holder, amount, reference)


def test_every_field_stands_where_the_bank_looks_for_it() -> None:
    content = transfer_file(CITY, DAY, [transfer(), transfer(5000, "ｶ)ミホン", 43)])
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert [len(line) for line in lines] == [120] * 5
    header, first, second, trailer, end = (line.decode("cp932") for line in lines)
    assert header[:14] == "12101234567890"
    assert header[14:54].rstrip() == "ﾋﾉｼｶｲｹｲｶﾝﾘｼﾔ"
    assert (header[54:58], header[58:62], header[77:80]) == ("1225", "0001", "123")
    assert header[95:103] == "17654321"
    assert (first[0], first[1:5], first[20:23], first[38:42]) == ("2", "0005", "001", "0000")
    assert (first[42], first[43:50]) == ("4", "1234567")
    assert first[50:80].rstrip() == "ｻﾄｳ ｹﾝﾀ"
    assert (first[80:90], first[90], first[91:101]) == ("0000332000", "0", "0000000042")
    assert (first[111], first[112:]) == ("7", " " * 8)
    assert second[50:80].rstrip() == "ｶ)ﾐﾎﾝ"
    assert trailer == "8" + "000002" + "000000337000" + " " * 101
    assert end == "9" + " " * 119


@pytest.mark.parametrize(
    ("text", "kana"),
    [
        ("サトウ ケンタ", "ｻﾄｳ ｹﾝﾀ"),
        ("がっきょく　ヴァ", "ｶﾞﾂｷﾖｸ ｳﾞｱ"),
        ("カ）ミホン・ショウジー", "ｶ)ﾐﾎﾝ.ｼﾖｳｼﾞ-"),
        ("ヲ ヱ ヰ", "ｵ ｴ ｲ"),
        ("abc ＡＢＣ 12", "ABC ABC 12"),
        ("三菱UFJ銀行", "UFJ"),
    ],
)
def test_names_are_written_as_in_bank_books(text: str, kana: str) -> None:
    assert half_width(text) == kana


@given(st.lists(st.tuples(st.text(max_size=40), st.integers(1, 9_999_999_999)), max_size=5))
def test_whatever_the_names_are_records_have_their_length_or_the_transfer_is_refused(
    transfers: list[tuple[str, int]],
) -> None:
    try:
        content = transfer_file(CITY, DAY, [transfer(amount, holder, 1) for holder, amount in transfers])
    except NotTransferable:
        assert any(not half_width(holder).strip() for holder, _amount in transfers)
    else:
        records = content.split(b"\r\n")[:-1]
        assert [len(record) for record in records] == [120] * (len(transfers) + 3)
        assert int(records[-2][7:19]) == sum(amount for _holder, amount in transfers)


@pytest.mark.parametrize("amount", [0, -5, 10**10])
def test_no_amount_is_cut_to_fit(amount: int) -> None:
    with pytest.raises(NotTransferable):
        transfer_file(CITY, DAY, [transfer(amount)])

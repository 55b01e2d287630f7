"""Statements of card companies: any layout read to the yen or refused with the line that is wrong, and each line matched once."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.bank_files import UnreadableBankFile
from portal.tills.card_files import CardLine, headings_of, read_card_file, slip_key
from portal.tills.card_matching import Recorded, match_lines, missing_from

DAY = date(2026, 11, 20)
USUAL = "伝票番号,ブランド,利用日,売上金額,手数料,差引金額\n"


def read(rows: str, head: str = USUAL, **columns: str) -> list[CardLine]:
    return read_card_file((head + rows).encode("cp932"), columns or None)


def entry(number: int, amount: int = 3_550, slip: str = "42", **more: Any) -> Recorded:
    given: dict[str, Any] = {"brand": "jcb", "day": DAY} | more
    return Recorded(number, frozenset({slip}), amount=amount, **given)


def line(gross: int = 3_550, slip: str = "00042", day: date = DAY, brand: str = "jcb") -> CardLine:
    return CardLine(slip, day, gross, 0, brand)


def outcomes(lines: list[CardLine], recorded: list[Recorded]) -> list[tuple[str, int | None]]:
    return [(match.outcome, match.entry.entry_id if match.entry else None) for match in match_lines(lines, recorded)]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_usual_headings_are_read_and_the_total_is_left_out(encoding: str) -> None:
    content = f'加盟店:日野市\n{USUAL}00042,ＪＣＢ,2026/11/20,"3,550円",115,"3,435"\n合計,,,"3,550",115,"3,435"\n'
    assert read_card_file(content.encode(encoding)) == [CardLine("00042", DAY, 3_550, 115, "jcb")]


def test_another_layout_is_read_by_what_its_headings_mean() -> None:
    content = "処理通番,カード,ご利用,総額,お振込,お振込日\n7-8,VISAカード,令和8年11月20日,1000,970,20261130\n".encode()
    with pytest.raises(UnreadableBankFile) as unknown:
        read_card_file(content)
    assert "処理通番" in unknown.value.headings
    named = {
        "slip_number": "処理通番",
        "brand": "カード",
        "day": "ご利用",
        "gross": "総額",
        "net": "お振込",
        "paid_on": "お振込日",
    }
    assert read_card_file(content, named) == [CardLine("7-8", DAY, 1_000, 30, "visa", date(2026, 11, 30))]
    assert headings_of(content)[:2] == ["処理通番", "カード"]
    assert read("1,visa,2026/11/20,100,3,97\n", **named)[0].fee == 3  # the company changed its layout to a usual one


@pytest.mark.parametrize(
    ("row", "gross", "fee"),
    [
        ("1,,2026/11/20,-500,-10,-490", -500, -10),
        ("1,,2026/11/20,△500,10,△490", -500, -10),
        ("1,,2026/11/20,500,10,490,返品", -500, -10),
        ("1,,2026/11/20,500,▲10,490,売上", 500, 10),
        ("1,,2026/11/20,-500,,-500", -500, 0),
    ],
)
def test_returns_and_fees_are_read_however_they_are_signed(row: str, gross: int, fee: int) -> None:
    [read_line] = read(row + "\n", "伝票番号,ブランド,利用日,売上金額,手数料,差引金額,取引区分\n")
    assert (read_line.gross, read_line.fee, read_line.net) == (gross, fee, gross - fee)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (",JCB,2026/11/20,100,1,99\n", "2行目：伝票番号がありません。"),
        ("1,JCB,いつか,100,1,99\n", "2行目：日付「いつか」を読めません。"),
        ("1,JCB,2026/11/20,百円,1,99\n", "2行目：金額「百円」を読めません。"),
        ("1,JCB,2026/11/20,0,0,0\n", "2行目：売上金額が0円か、大きすぎます。"),
        ("1,JCB,2026/11/20,9999999999,0,\n", "2行目：売上金額が0円か、大きすぎます。"),
        ("1,JCB,2026/11/20,100,1,98\n", "2行目：売上金額から手数料を引いた金額が、差引金額と合いません。"),
        ("1,JCB,2026/11/20,100,,\n", "2行目：手数料も差引金額もありません。"),
        ("1,JCB,2026/11/20,100,101,\n", "2行目：手数料が、売上金額より大きいか、マイナスです。"),
        ("", "このファイルには、カードの利用が1行もありません。"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(rows: str, words: str) -> None:
    with pytest.raises(UnreadableBankFile) as refused:
        read(rows)
    assert str(refused.value) == words


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_card_file(content)
    except UnreadableBankFile as fault:
        assert str(fault)


def test_numbers_are_the_same_however_they_are_written() -> None:
    assert slip_key("０００４２") == slip_key("42") == slip_key("00-042")
    assert (slip_key("a-1"), slip_key("0000"), slip_key("-")) == ("A1", "0", "")


def test_each_line_takes_the_nearest_payment_once() -> None:
    recorded = [
        entry(1, brand="visa"),
        entry(2),
        entry(3, day=DAY - timedelta(days=2)),
        entry(4, day=DAY - timedelta(days=30)),
    ]
    lines = [line(), line(), line(brand="visa"), line()]
    assert outcomes(lines, recorded) == [("matches", 2), ("matches", 3), ("matches", 1), ("twice", None)]


@pytest.mark.parametrize(
    ("lines", "recorded", "outcome"),
    [
        ([line(3_500)], [entry(1)], ("amount", 1)),
        ([line()], [], ("unknown", None)),
        ([line(-3_550)], [entry(1)], ("unknown", None)),
        ([line()], [entry(1, is_settled=True)], ("settled", 1)),
        ([line()], [entry(1, is_reversed=True)], ("reversed", 1)),
        ([line(day=DAY + timedelta(days=8))], [entry(1)], ("unknown", None)),
    ],
)
def test_what_differs_is_called_by_its_name(
    lines: list[CardLine], recorded: list[Recorded], outcome: tuple[str, int | None]
) -> None:
    assert outcomes(lines, recorded) == [outcome]


def test_what_both_sides_took_back_comes_to_nothing() -> None:
    both = match_lines([line(), line(-3_550)], [entry(1, is_reversed=True)])
    assert [(match.outcome, match.difference) for match in both] == [("canceled", 0)] * 2
    again = match_lines([line(), line(), line(-3_550)], [entry(1, is_reversed=True)])
    assert sum(match.difference for match in again) == 3_550


def test_a_line_that_agrees_goes_before_one_that_only_has_the_number() -> None:
    assert outcomes([line(100), line()], [entry(1)]) == [("unknown", None), ("matches", 1)]


def test_missing_are_unpaid_entries_of_these_days_and_brands() -> None:
    recorded = [
        *(entry(1), entry(2, is_settled=True), entry(3, is_reversed=True), entry(4, brand="visa")),
        *(entry(5, day=DAY + timedelta(days=1)), entry(6)),
    ]
    missing = missing_from([line()], recorded, frozenset({1}))
    assert [each.entry_id for each in missing] == [6]
    every_brand = missing_from([line(brand="")], recorded, frozenset({1}))
    assert [each.entry_id for each in every_brand] == [4, 6]


@given(
    st.lists(st.tuples(st.sampled_from([100, 200, -100]), st.sampled_from("12")), max_size=8),
    st.lists(st.tuples(st.sampled_from([100, 200, -100]), st.sampled_from("12"), st.integers(0, 2)), max_size=8),
)
def test_no_entry_is_paid_twice_and_the_differences_are_the_whole_difference(
    lines: list[tuple[int, str]], recorded: list[tuple[int, str, int]]
) -> None:
    entries = [
        entry(number, amount, slip, is_settled=state == 1, is_reversed=state == 2)
        for number, (amount, slip, state) in enumerate(recorded)
    ]
    matches = match_lines([line(gross, slip) for gross, slip in lines], entries)
    paid = [match.pays for match in matches if match.pays is not None]
    assert len(paid) == len(set(paid))
    assert all(not (entries[number].is_settled or entries[number].is_reversed) for number in paid)
    ours = sum(entries[number].amount for number in paid)
    assert sum(match.difference for match in matches) == sum(gross for gross, _slip in lines) - ours

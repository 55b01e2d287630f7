"""Notices that list towns and numbers, and the addresses that they mean."""

import pytest

from geo.address_ranges import parse_ranges
from geo.addresses import parse_address


def covered(text: str, address: str) -> bool | None:
    ranges, unread = parse_ranges(text)
    assert not unread
    answers = [part.covers(parse_address(address)) for part in ranges]
    return True if True in answers else None if None in answers else False


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (
            "富士見町1,2,4,5丁目の全部、富士見町3丁目1～9,17,18",
            ["富士見町5丁目2-1", "富士見町3-17-2"],
            ["富士見町3-10-1"],
        ),
        ("柴崎町4丁目7～、曙町1丁目1～10", ["柴崎町四丁目７番地", "曙町1-10"], ["柴崎町4-6", "曙町2-10"]),
        ("羽衣町の全部", ["立川市羽衣町1-2-3"], ["緑町3233"]),
        ("栄町6丁目2,3,5,6、泉町899", ["泉町899番地", "泉町899-1"], ["泉町898", "栄町6-4"]),
        ("幸町1～3丁目の全部", ["幸町2丁目"], ["幸町4丁目"]),
        ("西砂町6丁目1番地の4～14,6番地", ["西砂町6丁目1番地の4", "西砂町6-6-99"], ["西砂町6-1-15", "西砂町6-2"]),
        (
            "西砂町6丁目（1番地の4～14,6番地を除く）",
            ["西砂町6-1-15", "西砂町6-2"],
            ["西砂町6丁目1番地の4", "西砂町6-6"],
        ),
        (
            "砂川町7丁目1～24,25番地の1～9,25番地の34,36",
            ["砂川町7-24-9", "砂川町7-25-36"],
            ["砂川町7-25-35", "砂川町7-36"],
        ),
        ("砂川町7丁目25番地の10～33,35,26番地～", ["砂川町7-25-35", "砂川町7-40"], ["砂川町7-25-34", "砂川町7-24"]),
        ("緑町の全部、泉町（841,899を除く）", ["緑町10", "泉町1156-9"], ["泉町841-2"]),
        ("曙町1丁目1番～10番", ["曙町1-10-3"], ["曙町1-11"]),
        ("一番町2丁目1番地から13番地", ["一番町二丁目13番地"], ["一番町2-14"]),
    ],
)
def test_a_notice_lists_addresses(text: str, inside: list[str], outside: list[str]) -> None:
    assert [covered(text, address) for address in inside] == [True] * len(inside)
    assert [covered(text, address) for address in outside] == [False] * len(outside)


def test_an_address_with_too_few_numbers_decides_nothing() -> None:
    assert covered("曙町1丁目1～10", "曙町1丁目") is None
    assert covered("砂川町7丁目25番地の1～9", "砂川町7-25") is None
    assert covered("曙町1丁目1～10", "曙町2丁目") is False


def test_entries_that_cannot_be_read_are_named() -> None:
    assert parse_ranges("羽衣町の全部、曙町1丁目西側")[1] == ("曙町1丁目西側",)
    assert parse_ranges("")[0] == ()

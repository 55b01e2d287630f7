"""Addresses are read as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses import Address, parse_address


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("曙町2-17", "曙町二丁目"),
        ("曙町２丁目１７番地", "曙町二丁目"),
        ("曙町二丁目17", "曙町二丁目"),
        ("東京都立川市曙町2丁目", "曙町二丁目"),
        ("立川市", "立川市"),
        ("日野市大字日野", "日野"),
        ("ｱｹﾎﾞﾉﾁｮｳ", "あけぼのちょう"),
        ("アケボノ　チョウ", "あけぼのちょう"),
        ("\x00 ", ""),
        ("四日市市諏訪町101", "諏訪町"),
        ("廿日市市下平良1-11", "下平良一丁目"),
        ("千葉県市川市八幡1", "八幡一丁目"),
        ("市川市市川1-1", "市川一丁目"),
        ("町田市森野2-2-22", "森野二丁目"),
        ("東村山市本町1-2-3", "本町一丁目"),
        ("大和郡山市北郡山町248-4", "北郡山町"),
        ("東京都世田谷区三軒茶屋2-1", "三軒茶屋二丁目"),
        ("三軒茶屋", "三軒茶屋"),
        ("名古屋市中村区名駅1-1", "名駅一丁目"),
        ("東京都西多摩郡瑞穂町箱根ケ崎2335", "箱根ケ崎"),
        ("西多摩郡瑞穂町箱根ヶ崎2335番地", "箱根ケ崎"),
        ("余市郡余市町朝日町126", "朝日町"),
        ("北18条西10丁目", "北十八条西十丁目"),
        ("札幌市北区北18条西10丁目1-2", "北十八条西十丁目"),
        ("五日市1-2", "五日市一丁目"),
        ("一番町2-3", "一番町二丁目"),
        ("霞が関2-1-2", "霞ケ関二丁目"),
        ("立川市泉町1156-9", "泉町"),
        ("曙町12丁目", "曙町十二丁目"),
    ],
)
def test_spellings_meet(written: str, meant: str) -> None:
    assert parse_address(written).name == meant


@pytest.mark.parametrize(
    "written",
    [
        "泉町1156-9",
        "泉町1156番地の9",
        "泉町1156番地9",
        "泉町1156の9",
        "泉町１１５６－９",
        "泉町1156ー9",
        "泉町千百五十六番地の九",
        "立川市泉町1156番9号",
    ],
)
def test_a_number_of_a_town_without_chome(written: str) -> None:
    assert parse_address(written) == Address("泉町", None, (1156, 9))


@pytest.mark.parametrize(
    "written",
    ["神明一丁目12番地の1", "神明1-12-1", "神明１丁目１２－１", "日野市神明1ー12ー1 日野市役所", "神明一の十二の一"],
)
def test_a_number_with_chome(written: str) -> None:
    assert parse_address(written) == Address("神明", 1, (12, 1))


@given(st.text())
def test_any_text_is_taken(query: str) -> None:
    assert "\x00" not in parse_address(query).name

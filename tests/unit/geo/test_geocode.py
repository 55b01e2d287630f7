"""Place names are compared as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geocode import normalise


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
    ],
)
def test_spellings_meet(written: str, meant: str) -> None:
    assert normalise(written) == meant


@given(st.text())
def test_any_text_is_taken(query: str) -> None:
    assert "\x00" not in normalise(query)

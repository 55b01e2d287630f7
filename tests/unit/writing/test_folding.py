"""One way to fold what people type: spellings of the same thing fold to the same text, and answers keep the spelling."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from writing import folding
from writing.folding import ANSWER, CODE, GUARD, PLACE, SEARCH
from writing.invisible import visible
from writing.numerals import arabic, kanji_of, number_of
from writing.variants import variants

ODD = st.sampled_from(
    "あがガｶﾞケヶー-‐−〜 　\u3099\u309b\u200b\u200c\u200d\ufe0f\ufe00\U000e0100\U000e0061葛髙邉𠮷の之一二十百丁目番地"
    "éđßİıǅ김Ωσς①㍻㈱👨👩🏽🏴\u202e\u2028\u00ad\ufeff12ﬀ"
)
TEXTS = st.text() | st.text(alphabet=ODD)
READERS = {
    "answer": ANSWER,
    "code": CODE,
    "address": folding.ADDRESS_LINE,
    "search": SEARCH,
    "place": PLACE,
    "guard": GUARD,
}


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None)
@given(text=TEXTS)
def test_folding_is_idempotent(name: str, text: str) -> None:
    read = READERS[name]
    assert read(read(text)) == read(text)


@pytest.mark.parametrize(
    "mark",
    [
        "\u200b",
        "\u200e",
        "\u202d",
        "\u2066",
        "\u2068",
        "\ufeff",
        "\u00ad",
        "\u2060",
        "\u061c",
        "\ufe0f",
        "\U000e0100",
        "\u200d",
        "\u3164",
    ],
)
def test_invisible_characters_are_removed(mark: str) -> None:
    assert visible(f"{mark}taro{mark}@example.jp{mark}") == "taro@example.jp"
    assert ANSWER(f"ﾔﾏ{mark}ﾀﾞ") == "ヤマダ"


@pytest.mark.parametrize(
    "text",
    [
        "葛\U000e0100城",
        "渡邉\U000e0100",
        "\u8fbb\ufe00",
        "👨‍👩‍👧",
        "❤️",
        "👩🏽‍💻",
        "🏴\U000e0067\U000e0062\U000e007f",
        "می‌خواهم",
        "クシャトリヤ क्‍ष",
    ],
)
def test_visible_characters_are_kept(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("name", ["髙﨑", "\ufa19谷", "葛\U000e0100城", "𠮷野", "邉", "市ヶ谷", "Nguyễn", "김민수"])
def test_an_answer_keeps_the_name_as_written(name: str) -> None:
    assert ANSWER(name) == name


@pytest.mark.parametrize(
    ("name", "sought"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("葛\U000e0100城", "葛城"),
        ("渡邉\U000e0100", "渡辺"),
        ("渡邊", "渡辺"),
        ("𠮷田", "吉田"),
        ("齋藤", "斎藤"),
        ("濵田", "浜田"),
        ("廣瀨", "広瀬"),
        ("嶋﨑", "島崎"),
        ("櫻澤", "桜沢"),
        ("Nguyễn Văn An", "NGUYEN VAN AN"),
        ("Đặng", "dang"),
        ("Müller", "muller"),
        ("O'Brien-Smith", "obrien smith"),
        ("市ヶ谷", "市ケ谷"),
        ("市が谷", "市ガ谷"),
        ("霞が関", "霞ヶ関"),
        ("井の頭", "井之頭"),
        ("井ノ頭", "井の頭"),
        ("ｹﾝｻｸ", "けんさく"),
        ("か\u3099", "が"),
        ("ミカヅキ", "みかずき"),
        ("キヤノン", "キャノン"),
        ("김민수", "\u1100\u1175\u11b7민수"),
        ("ひばりヶ丘", "ひばりが丘"),
        ("ヴィクトル", "ビクトル"),
        ("ʻŌhiʻa", "‘ohi‘a"),
        ("籔内", "藪内"),
        ("张伟", "張偉"),
        ("苏州", "蘇州"),
    ],
)
def test_spellings_of_one_name_match(name: str, sought: str) -> None:
    assert SEARCH(name).replace("o brien", "obrien") == SEARCH(sought)


@pytest.mark.parametrize(
    ("first", "second"), [("佐藤", "斎藤"), ("ザトウ", "サトウ"), ("一番町", "二番町"), ("김", "강")]
)
def test_different_names_stay_distinct(first: str, second: str) -> None:
    assert SEARCH(first) != SEARCH(second)


@pytest.mark.parametrize(
    ("kanji", "number"),
    [
        ("二十三", 23),
        ("十", 10),
        ("二〇二六", 2026),
        ("千百五十六", 1156),
        ("二千二十六", 2026),
        ("三万五千", 35000),
        ("百一", 101),
        ("〇", 0),
    ],
)
def test_numbers_in_kanji(kanji: str, number: int) -> None:
    assert number_of(kanji) == number
    assert arabic(f"{kanji}円") == f"{number}円"


@pytest.mark.parametrize(
    ("number", "kanji"),
    [
        (10, "十"),
        (1_000, "千"),
        (1_111, "千百十一"),
        (10_000, "一万"),
        (10_300, "一万三百"),
        (10_000_000, "一千万"),
        (123_456_789, "一億二千三百四十五万六千七百八十九"),
        (1_000_000_000_000, "一兆"),
    ],
)
def test_numbers_are_written_in_kanji_as_they_are_read(number: int, kanji: str) -> None:
    assert kanji_of(number) == kanji


@given(st.integers(0, 10**16 - 1))
def test_a_number_in_kanji_is_read_back(number: int) -> None:
    assert number_of(kanji_of(number)) == number


def test_a_round_mark_is_nought_only_beside_a_digit() -> None:
    assert arabic("二○○六年") == "2006年"
    assert arabic("三◯円") == "30円"
    assert arabic("○○市") == "○○市"


def test_numbers_that_places_are_counted_by() -> None:
    assert folding.counted("一番町北十八条三軒茶屋") == "1番町北18条3軒茶屋"
    assert folding.counted("三条市中北万丁目") == "三条市中北万丁目"


def test_no_variant_maps_to_itself_or_to_another_variant() -> None:
    table = variants()
    assert len(table) > 300
    assert not {ord(base) for base in table.values()} & set(table)

"""Names of features as they are read: each kanji under its own reading, and none where text and reading do not agree."""

import pytest

from portal.core.text import using_language
from portal.maps.value_words import in_words, value_in_words


@pytest.mark.parametrize(
    ("text", "reading", "written"),
    [
        ("柴崎図書館", "シバサキトショカン", "柴崎図書館(しばさきとしょかん)"),
        ("けやき台小学校", "ケヤキダイショウガッコウ", "けやき台小学校(だいしょうがっこう)"),
        ("錦・羽衣地区", "ニシキ・ハゴロモチク", "錦(にしき)・羽衣地区(はごろもちく)"),
        ("曙町スポーツセンター", "アケボノチョウスポーツセンター", "曙町(あけぼのちょう)スポーツセンター"),
        ("スポーツの森", "サッカーノモリ", "スポーツの森"),
        ("柴崎図書館", "", "柴崎図書館"),
    ],
)
def test_a_reading_stands_behind_its_kanji(text: str, reading: str, written: str) -> None:
    with using_language("ja-easy"):
        assert value_in_words({"名称": text, "名称_カナ": reading}, "名称", {}) == written


def test_a_language_has_its_column_then_words_then_japanese() -> None:
    words = {"図書館": {"en": "Library", "ko": "도서관"}}
    with using_language("ko"):
        assert value_in_words({"名称": "図書館", "名称_韓国語": "시립 도서관"}, "名称", words) == "시립 도서관"
        assert value_in_words({"名称": "図書館", "名称_英字": "City Library"}, "名称", words) == "City Library"
        assert in_words("図書館", words) == "도서관"
        assert in_words("公民館", words) == "公民館"
    with using_language("en"):
        assert value_in_words({"指定避難所との重複": "1"}, "指定避難所との重複", {}) == "Yes"
        assert value_in_words({"名称": None}, "名称", {}) == ""

"""Every message is there in Japanese, やさしい日本語 and English, and can be filled."""

import re
import string

import pytest

from forms.text.localized import Text
from forms.text.messages import message, messages

_BARE_KANJI = re.compile(r"[\u4e00-\u9fff々]+(?!\()")
_READ = re.compile(r"[\u4e00-\u9fff々]+\([ぁ-ゖー]+\)")


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_languages_say_the_same() -> None:
    for code, text in messages().items():
        assert set(text.root) >= {"ja", "ja-easy", "en"}, code
        assert braces(text.ja) == braces(text.for_language("ja-easy")) == braces(text.for_language("en")), code


def test_every_kanji_of_easy_japanese_has_its_reading() -> None:
    easy = [text.for_language("ja-easy") for text in messages().values()]
    remainders = {text: re.sub(r"2026年11月23日|@", "", _READ.sub("", text)) for text in easy}
    assert [text for text, remainder in remainders.items() if _BARE_KANJI.search(remainder)] == []


def test_messages_say_how_to_fix_it() -> None:
    empty = re.compile("不正|エラーです|入力エラー|無効")
    assert [code for code, text in messages().items() if empty.search(text.ja)] == []


def test_a_message_is_filled_in_its_language() -> None:
    assert message("number_min", "ja", min=3) == "3以上の数にしてください。"
    assert message("number_min", "zh", min=3) == "请输入3以上的数。"
    assert message("number_min", "fr", min=3) == "3以上の数にしてください。"


def test_a_text_needs_japanese() -> None:
    with pytest.raises(ValueError, match="日本語"):
        Text.model_validate({"en": "Name"})
    assert Text.of("氏名", en="Name").for_language("en") == "Name"
    assert Text.of("氏名").for_language("ko") == "氏名"
    assert not Text.of("氏名").has("en")

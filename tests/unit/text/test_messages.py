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


@pytest.mark.parametrize("code", sorted(messages()))
def test_the_languages_say_the_same(code: str) -> None:
    text = messages()[code]
    assert set(text.root) >= {"ja", "ja-easy", "en"}
    assert braces(text.ja) == braces(text.for_language("ja-easy")) == braces(text.for_language("en"))


@pytest.mark.parametrize("code", sorted(messages()))
def test_every_kanji_of_easy_japanese_has_its_reading(code: str) -> None:
    easy = messages()[code].for_language("ja-easy")
    remainder = re.sub(r"2026年11月23日|@", "", _READ.sub("", easy))
    assert not _BARE_KANJI.search(remainder), easy


@pytest.mark.parametrize("code", sorted(messages()))
def test_messages_say_how_to_fix_it(code: str) -> None:
    assert not re.search("不正|エラーです|入力エラー|無効", messages()[code].ja)


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

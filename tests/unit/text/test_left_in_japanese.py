"""No Japanese is left in what others read: pages, messages, mails and definitions; and definitions keep the marks and words of a language."""

import re

import pytest

from tests.unit.text.definitions import of_definitions
from tests.unit.text.test_glossary import GIVEN_UP
from tests.unit.text.test_punctuation import FOREIGN_MARKS, NAMES_IN_JAPANESE, sentences_in

JAPANESE = {
    "en": re.compile(r"[\u3041-\u30fa\u4e00-\u9fff]"),
    "zh": re.compile(r"[\u3041-\u30fa]"),
    "ko": re.compile(r"[\u3041-\u30fa\u4e00-\u9fff]"),
}
TO_BE_WRITTEN = re.compile(r"([Ff]or example|例如?：?|예:).*|\(예: [^)]*\)|‘法人番号公表サイト’|“法人番号公表サイト”")
"""What is shown as an example is written so in Japan: a number plate, a name. So is a site's own name."""
EXPRESSION, QUOTED = re.compile(r"\{[^{}]*\}"), re.compile(r"'([^']*)'")
IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
"""A name as the counter says it, beside its translation."""


def definitions_in(language: str) -> list[str]:
    return [TO_BE_WRITTEN.sub("…", text) for _source, text in of_definitions(language)]


def _words_alone(text: str) -> str:
    """A text without the expressions in its braces, but with the words that these choose from."""
    return EXPRESSION.sub(lambda match: " ".join(QUOTED.findall(match[0])), text)


@pytest.mark.parametrize("language", list(JAPANESE))
def test_no_japanese_is_left(language: str) -> None:
    texts = [*(TO_BE_WRITTEN.sub("…", text) for text in sentences_in(language)), *definitions_in(language)]
    assert [text for text in texts if JAPANESE[language].search(IN_BRACKETS.sub("", text))] == []


@pytest.mark.parametrize("language", list(JAPANESE))
def test_marks_of_definitions_are_those_of_the_language(language: str) -> None:
    texts = [NAMES_IN_JAPANESE.sub("…", _words_alone(text)) for text in definitions_in(language)]
    assert [text for text in texts if FOREIGN_MARKS[language].search(text)] == []


@pytest.mark.parametrize("language", list(GIVEN_UP))
def test_words_that_were_given_up_do_not_come_back_in_definitions_and_mails(language: str) -> None:
    texts = {*(text for _source, text in of_definitions(language)), *sentences_in(language)}
    assert sorted(text for text in texts if GIVEN_UP[language].search(text)) == []

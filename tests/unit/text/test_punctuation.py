"""Marks stand as each language writes them: in pages, messages about answers, and mails."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import portal
from forms.text.messages import messages
from forms.text.plurals import forms_of
from portal.core.text import catalogue
from tests.unit.text.test_glossary import written

MAILS = Path(portal.__file__).parent / "templates" / "notifications"
HAN = r"[\u4e00-\u9fff]"
HANGUL = r"[\uac00-\ud7a3]"
KANA = r"[\u3041-\u30ff\u4e00-\u9fff]"
FOREIGN_MARKS = {
    "ja": re.compile(rf"{KANA}[,.?!;](?!\w)|{KANA}[)）」]?:|[，．]"),
    "en": re.compile(r"[\uff01-\uff5e、。「」・〜]"),
    "zh": re.compile(rf"(?<={HAN})[,.?!:;(]|[,.?!:;)](?={HAN})|[「」・〜]"),
    "ko": re.compile(rf"[\uff01-\uff5e、。「」“”・〜]|(?<!{HANGUL})'{HANGUL}"),
}
"""What another language writes. Korean quotes with ‘ ’, English and Chinese with “ ”."""
NAMES_IN_JAPANESE = re.compile(r"[(（‘][^()（）]*[\u3041-\u30ff][^()（）]*[)）’]|\d+年\d+月\d+日|[緯纬]度, [経经]度")
"""A Japanese name that stands in brackets because it is read so at the counter, a date as it stands on papers, or a pair of numbers."""


def sentences_in(language: str) -> Iterator[str]:
    if language == "ja":
        yield from catalogue("en")
        yield from (text.ja for text in messages().values())
    else:
        yield from (form for _source, form in written(language))
    for mail in sorted((MAILS / language).iterdir()):
        yield from (re.sub(r"\{[{%].*?[%}]\}", "…", line) for line in mail.read_text("utf-8").splitlines())


@pytest.mark.parametrize("language", list(FOREIGN_MARKS))
def test_marks_are_those_of_the_language(language: str) -> None:
    foreign = FOREIGN_MARKS[language]
    assert [
        sentence for sentence in sentences_in(language) if foreign.search(NAMES_IN_JAPANESE.sub("…", sentence))
    ] == []


@pytest.mark.parametrize("language", ["en", "zh", "ko"])
def test_what_was_opened_is_closed(language: str) -> None:
    pairs = {"en": "()“”", "zh": "（）“”", "ko": "()‘’"}[language]
    for sentence in sentences_in(language):
        assert sentence.count(pairs[0]) == sentence.count(pairs[1]), sentence
        if language != "en":
            assert sentence.count(pairs[2]) == sentence.count(pairs[3]), sentence


@pytest.mark.parametrize("language", ["en", "ja-easy", "zh", "ko"])
def test_a_sentence_ends_where_the_japanese_does(language: str) -> None:
    """A heading gets no full stop in translation, and a sentence keeps its own."""
    ends = re.compile(r"[。．.!?？！:…][”’）]? ?$")
    others = [
        (source, form)
        for source, translation in catalogue(language).items()
        for form in forms_of(translation)
        if source.endswith("。") and not ends.search(form)
    ]
    assert others == []


def test_sentences_that_stand_one_after_another_have_a_space_between_them() -> None:
    """English and Korean put a space between sentences; where a page joins two, the first brings it."""
    joined = {source for source, text in catalogue("en").items() if isinstance(text, str) and text.endswith(" ")}
    assert [source for source in joined if not str(catalogue("ko")[source]).endswith(" ")] == []

"""Residents read their own language: every sentence of the resident side is there in English and in やさしい日本語."""

import re
from functools import cache

import pytest

from common.status import STATUS_WORDS
from forms.text.plurals import forms_of
from portal.core import errors
from portal.core.events import event_kinds
from portal.core.text import catalogue
from portal.core.web import _BROKEN, _HTTP_WORDS
from tests.unit.residents.sentences import in_code, in_templates

_KANJI = re.compile(r"[\u3400-\u9fff]")
_UNREAD = re.compile(r"[\u3400-\u9fff]+(?![\u3400-\u9fff(])")


TOLD = {kind.resident for kind in event_kinds().values() if kind.resident}


@cache
def resident_sentences() -> set[str]:
    tables = {*TOLD, *STATUS_WORDS.values(), *_HTTP_WORDS.values(), _BROKEN, errors.NotFound().message}
    return in_templates() | in_code() | tables


@pytest.mark.parametrize("language", ["en", "ja-easy"])
def test_every_sentence_is_in_both_languages(language: str) -> None:
    translations = catalogue(language)
    plain_enough = {
        sentence for sentence in resident_sentences() if language == "ja-easy" and not _KANJI.search(sentence)
    }
    assert sorted(resident_sentences() - set(translations) - plain_enough) == []


def test_every_kanji_of_easy_japanese_carries_its_reading() -> None:
    without = {
        source: translation
        for source, translation in catalogue("ja-easy").items()
        if any(_UNREAD.search(form) for form in forms_of(translation))
    }
    assert without == {}

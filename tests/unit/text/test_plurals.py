"""Where a sentence counts something, its wording follows the number."""

import re

import pytest

from forms.text.messages import message, sentences
from forms.text.plurals import Sentence, form_for, forms_of
from portal.core.figures import figure
from portal.core.text import _, catalogue, listed, using_language

_COUNTED = re.compile(
    r"\{(\w+)\} (?:other |more |whole |working |decimal )*[a-z]{2,}s\b(?<!ss)(?<!is)(?<!was)(?<!has)(?<!asks)"
)
_OF_MANY = re.compile(
    r"\{done\} of|from \{|\{min\} to|at most \{length\}|up to \{most\}|(within|up to) \{count\} characters|\{days\} days(, so that| after)"
)
"""Numbers that are never one: limits of letters, and days that the installation sets."""


@pytest.mark.parametrize(
    ("n", "language", "text"),
    [
        (1, "en", "1 day left"),
        (2, "en", "2 days left"),
        (0, "en", "0 days left"),
        (1, "zh", "还有1天"),
        (1, "ja", "あと1日"),
    ],
)
def test_the_number_chooses_the_form(n: int, language: str, text: str) -> None:
    with using_language(language):
        assert _("あと{n}日", n=n) == text


def test_messages_of_questions_have_plurals_too() -> None:
    assert message("choices_max", "en", max=1) == "Please choose at most 1 option."
    assert message("choices_max", "en", max=3) == "Please choose at most 3 options."


def test_the_first_number_of_the_japanese_sentence_decides() -> None:
    sentence: Sentence = {"one": "one", "other": "other"}
    assert form_for(sentence, "{name}と{a}件、{b}件", {"b": 1, "a": 2, "name": "x"}, "en") == "other"
    assert form_for(sentence, "{name}", {"name": "x"}, "en") == "other"


@pytest.mark.parametrize("language", ["en", "ja-easy", "zh", "ko"])
def test_forms_are_those_of_the_language(language: str) -> None:
    every = [*catalogue(language).values(), *(texts[language] for texts in sentences().values() if language in texts)]
    forms = {"one", "other"} if language == "en" else {"other"}
    assert [sentence for sentence in every if not isinstance(sentence, str) and set(sentence) != forms] == []


def test_nothing_is_counted_in_english_without_its_plural() -> None:
    every = [*catalogue("en").values(), *(texts["en"] for texts in sentences().values())]
    plain = [sentence for sentence in every if isinstance(sentence, str)]
    assert [text for text in plain if _COUNTED.search(text) and not _OF_MANY.search(text)] == []
    assert [text for sentence in every for text in forms_of(sentence) if "(s)" in text] == []


def test_several_things_are_listed_as_the_language_does() -> None:
    with using_language("en"):
        assert listed(["A", "B", "C"]) == "A, B and C"
        assert listed(["A", "B"], "or") == "A or B"
    with using_language("ja"):
        assert listed(["A", "B", "C"]) == "A、B、C"
    assert listed([]) == ""


def test_the_unit_of_a_figure_is_small() -> None:
    assert figure("3,550円") == "3,550<small>円</small>"
    assert figure("about 5 working days") == "<small>about </small>5<small> working days</small>"
    assert figure("無料") == "無料"
    assert figure("<b>2") == "<small>&lt;b&gt;</small>2"

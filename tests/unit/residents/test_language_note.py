"""A page says once, in its reader's language, which parts of a procedure stay Japanese."""

from typing import Any

import pytest

from forms import Definition, load
from portal.core.text import using_language
from portal.residents.language_note import language_note, readable_in
from tests.unit.forms.making import field, text


def definition(**titles: str) -> Definition:
    question: dict[str, Any] = field("name", "text", label={"ja": "氏名"} | titles)
    made = load(text(question, title={"ja": "届出"} | titles, languages=["ja"]))
    return made.model_copy(
        update={"steps": tuple(step.model_copy(update={"title": made.title}) for step in made.steps)}
    )


def test_nothing_is_said_where_every_text_is_there() -> None:
    with using_language("ja"):
        assert language_note(definition()) == ""
    with using_language("en"):
        assert language_note(definition(en="Notice")) == ""


def test_a_procedure_in_japanese_alone_says_so() -> None:
    with using_language("en"):
        assert language_note(definition()) == "The text of this procedure is in Japanese only."


def test_the_parts_that_stay_japanese_are_named() -> None:
    part = definition(en="Notice")
    question = part.steps[0].fields[0].model_copy(update={"help": part.title.of("続柄も")})
    half = part.model_copy(update={"steps": (part.steps[0].model_copy(update={"fields": (question,)}),)})
    with using_language("en"):
        assert language_note(half) == "Parts of this procedure are in Japanese (Notice)."
        assert language_note(half, half.steps[0]) == "Some of the text on this page is in Japanese."
        assert language_note(part, part.steps[0]) == ""


@pytest.mark.parametrize(
    ("titles", "languages"), [({}, "日本語"), ({"en": "Notice", "ko": "신고"}, "日本語、English、한국어")]
)
def test_a_list_says_in_which_languages_a_procedure_is_complete(titles: dict[str, str], languages: str) -> None:
    with using_language("ja"):
        assert readable_in(definition(**titles)).striptags() == languages


def test_the_name_of_a_language_is_marked_as_of_that_language() -> None:
    with using_language("en"):
        names = readable_in(definition(zh="通知"))
    assert names == '<span lang="ja">日本語</span> and <span lang="zh-Hans">中文</span>'

"""Answers read the same for everybody: row by row in a group, with former answers, and only what the reader may see."""

from typing import Any

from forms import Definition, load
from portal.core.text import using_language
from portal.residents.answers import answer_text, sections
from tests.unit.forms.making import definition

DEFINITION: Definition = load("""
procedure: test-answers
kind: notification
title: {ja: 試験用の届出}
department: environment
standard_days: 3
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: reason, type: text, label: {ja: 理由}}
      - {id: memo, type: text, label: {ja: 備考}, required: false}
      - id: children
        type: group
        label: {ja: お子さん}
        required: false
        fields:
          - {id: nickname, type: text, label: {ja: 呼び名}}
          - {id: school, type: text, label: {ja: 学校}, required: false}
workflow: {preset: notification}
""")
ANSWERS: dict[str, Any] = {
    "reason": "引っ越し",
    "children": [{"nickname": "一郎", "school": "第一小"}, {"nickname": "花子"}],
}


def rows(visible: set[str], former: dict[str, list[tuple[str, str]]] | None = None) -> list[tuple[str, list[str]]]:
    with using_language("ja"):
        return [
            (row.term, row.lines) for part in sections(DEFINITION, ANSWERS, {}, visible, former) for row in part.rows
        ]


def test_each_row_of_a_group_has_a_line_of_its_own() -> None:
    assert rows({"children"}) == [
        ("お子さん 1", ["呼び名：一郎", "学校：第一小"]),
        ("お子さん 2", ["呼び名：花子"]),
    ]


def test_a_question_without_an_answer_says_so_and_others_are_left_out() -> None:
    assert rows({"reason", "memo"}) == [("理由", ["引っ越し"]), ("備考", ["未入力"])]
    assert rows(set()) == []


def test_what_is_chosen_and_not_written_says_that_nothing_is_chosen() -> None:
    choice = {"id": "kind", "type": "choice", "label": {"ja": "種類"}, "required": False}
    questionnaire = definition(
        choice | {"options": [{"id": "a", "label": {"ja": "甲"}}]},
        {"id": "sure", "type": "yes_no", "label": {"ja": "確か"}, "required": False},
    )
    for language, words in (("ja", "選んでいません"), ("ja-easy", "えらんで いません")):
        with using_language(language):
            assert {answer_text(questionnaire.fields[name], None) for name in ("kind", "sure")} == {words}


def test_former_answers_appear_once_below_the_last_row_of_their_question() -> None:
    former = {"children": [("11月1日", "一郎")]}
    with using_language("ja"):
        (section,) = sections(DEFINITION, ANSWERS, {}, {"reason", "children"}, former)
    assert [tuple(row.former) for row in section.rows] == [(), (), (("11月1日", "一郎"),)]


def test_a_former_answer_is_one_text() -> None:
    with using_language("ja"):
        assert answer_text(DEFINITION.fields["reason"], "改修") == "改修"
        assert answer_text(DEFINITION.fields["memo"], None) == "未入力"
        assert answer_text(DEFINITION.fields["children"], ANSWERS["children"]).splitlines() == [
            "お子さん 1", "呼び名：一郎", "学校：第一小", "お子さん 2", "呼び名：花子",
        ]  # fmt: skip

"""The lines of the summary above a form: each names its question once, and the box where the sentence leaves that open."""

import pytest

from forms import load
from forms.text.ways import WAYS, ways_of
from portal.residents.fault_labels import with_label
from tests.kit.catalogue import catalogue


@pytest.mark.parametrize(
    ("path", "sentence", "line"),
    [
        ("kana.family", "フリガナは、カタカナかひらがなで入力してください。", "フリガナ(セイ)：フリガナは、カタカナかひらがなで入力してください。"),
        ("kana.given", "フリガナは、カタカナかひらがなで入力してください。", "フリガナ(メイ)：フリガナは、カタカナかひらがなで入力してください。"),
        ("name.family", "姓を入力してください。", "氏名：姓を入力してください。"),
        ("address.block", "長すぎます。", "住所(丁目・番地・号)：長すぎます。"),
        ("microchip", "マイクロチップの番号は、15けたの数字で入力してください。", "マイクロチップの番号は、15けたの数字で入力してください。"),
        ("microchip", "入力してください。", "マイクロチップの番号：入力してください。"),
    ],
)  # fmt: skip
def test_each_line_names_its_question_once(path: str, sentence: str, line: str) -> None:
    assert with_label(load(catalogue()["dog-registration"]), path, sentence) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("applicant.organization_name", "法人・団体の名前：入力してください。"),
        ("agent.name.family", "代理人の氏名(姓)：入力してください。"),
        ("agent.address.block", "代理人の住所(丁目・番地・号)：入力してください。"),
    ],
)
def test_a_part_of_who_applies_is_named_with_its_box(path: str, line: str) -> None:
    definition = load(
        """
procedure: sign-notice
kind: notification
title: {ja: 看板の届出}
department: road-management
assurance: none
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: applicant, type: applicant, item: applicant}
      - {id: agent, type: proxy, item: proxy}
workflow: {preset: notification}
"""
    )
    assert with_label(definition, path, "入力してください。") == line


@pytest.mark.parametrize(
    ("language", "label", "sentence", "line"),
    [
        ("ja", "官公庁ですか", "選んでください。", "官公庁ですか：選んでください。"),
        ("en", "Is it a public body?", "Please choose an answer.", "Is it a public body? Please choose an answer."),
        ("zh", "是政府机关吗？", "请选择。", "是政府机关吗？请选择。"),
        ("ko", "관공서입니까?", "선택해 주세요.", "관공서입니까? 선택해 주세요."),
    ],
)
def test_a_question_mark_takes_no_colon(language: str, label: str, sentence: str, line: str) -> None:
    assert ways_of(language).labelled(label, sentence) == line


def test_a_label_and_what_is_said_of_it_are_joined_by_the_colon_of_the_language() -> None:
    joined = {language: ways.labelled("A", "b") for language, ways in WAYS.items()}
    assert joined == {"ja": "A：b", "ja-easy": "A：b", "en": "A: b", "zh": "A：b", "ko": "A: b"}

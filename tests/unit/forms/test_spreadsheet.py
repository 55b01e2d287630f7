"""Rows as a table: what spreadsheets copy and save is read, and nothing that anybody pastes breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import load
from forms.fields import GroupField
from forms.spreadsheet import UnreadableTable, columns_of, read_table, template

SOURCE = """
procedure: staff-list
kind: notification
title: {ja: 従業員}
department: road-management
steps:
  - id: staff
    title: {ja: 従業員}
    fields:
      - id: people
        type: group
        label: {ja: 従業員}
        max: 500
        fields:
          - {id: person, type: person_name, label: {ja: 氏名}}
          - {id: work, type: choice, label: {ja: 仕事}, options: [{id: desk, label: {ja: 事務}}, {id: site, label: {ja: 現場}}]}
          - {id: days, type: choices, label: {ja: 曜日}, options: [{id: mon, label: {ja: 月}}, {id: tue, label: {ja: 火}}]}
          - {id: full, type: yes_no, label: {ja: 常勤ですか}}
          - {id: proof, type: file, label: {ja: 証明書}, required: false}
workflow: {preset: notification}
"""
GROUP = load(SOURCE).fields["people"]
assert isinstance(GROUP, GroupField)
HEAD = "氏名 姓\t氏名 名\t仕事\t曜日\t常勤ですか\n"


def texts(table: str) -> list[object]:
    assert isinstance(GROUP, GroupField)
    return [row.texts for row in read_table(GROUP, table).rows]


def test_what_is_copied_or_saved_by_a_spreadsheet_is_read() -> None:
    expected = {"person.family": "佐藤", "person.given": "花", "work": "site", "days": ["mon", "tue"], "full": "yes"}
    assert texts(HEAD + "佐藤\t花\t現場\t月、火\tはい\n") == [expected]
    assert texts('\ufeff氏名 姓,氏名 名,仕事,曜日,常勤ですか\r\n佐藤,花,現場,"月,火",はい\r\n') == [expected]
    assert texts("full;person.family;work;person.given;days\nはい;佐藤;site;花;mon、tue\n") == [expected]


def test_the_template_has_the_columns_that_are_read() -> None:
    assert isinstance(GROUP, GroupField)
    assert template(GROUP, "ja") == "氏名 姓,氏名 名,仕事,曜日,常勤ですか\r\n"
    assert "proof" not in [column.name for column in columns_of(GROUP)]


def test_lines_are_counted_as_the_spreadsheet_counts_them() -> None:
    assert isinstance(GROUP, GroupField)
    table = read_table(GROUP, "仕事,備考\n事務,あ\n\n営業,い\n")
    assert [(row.line, row.texts) for row in table.rows] == [(2, {"work": "desk"}), (4, {"work": "営業"})]
    assert table.unknown == ["備考"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "table_empty"),
        ("佐藤,花\n", "table_titles"),
        ("仕事,仕事\n事務,事務\n", "table_twice"),
        ("仕事\n" + "事務\n" * 501, "rows_max"),
    ],
)
def test_what_is_no_table_says_why(text: str, code: str) -> None:
    assert isinstance(GROUP, GroupField)
    with pytest.raises(UnreadableTable) as refused:
        read_table(GROUP, text)
    assert refused.value.code == code


@given(st.text(max_size=200) | st.text(alphabet='仕事,\t;"\r\n事務', max_size=60).map(lambda text: HEAD + text))
def test_anything_that_is_pasted_is_a_table_or_refused(text: str) -> None:
    assert isinstance(GROUP, GroupField)
    try:
        table = read_table(GROUP, text)
    except UnreadableTable:
        return
    assert all(set(row.texts) <= {column.name for column in table.columns} for row in table.rows)

"""A department's editor at a terminal: faults by line, and what follows from a set of answers."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main

DEFINITION = """\
procedure: hall-booking
kind: booking
title: {ja: 集会室の利用申請}
summary: {ja: 集会室を使うときの申請です。}
department: community
steps:
  - id: use
    title: {ja: 使い方}
    fields:
      - {id: hours, type: integer, label: {ja: 時間}, min: 1, max: 12}
      - {id: heating, type: yes_no, label: {ja: 暖房を使いますか}}
      - {id: reason, type: text, label: {ja: 暖房を使う理由}, show_when: heating}
fee:
  - label: {ja: 使用料}
    amount: hours * 300
    when: submission
workflow:
  preset: notification
"""


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    file = tmp_path / "hall.yaml"
    file.write_text(DEFINITION, encoding="utf-8")
    return file


def madoguchi(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["procedure", *map(str, arguments)])


def answers(tmp_path: Path, **values: object) -> Path:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(values), encoding="utf-8")
    return file


def test_a_sound_definition_passes(definition: Path) -> None:
    assert madoguchi("check", definition).exit_code == 0


def test_a_fault_is_one_line_with_file_line_path_and_remedy(definition: Path) -> None:
    definition.write_text(DEFINITION.replace("hours * 300", "hour * 300"), encoding="utf-8")
    result = madoguchi("check", definition)
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if ": advice: " not in line]
    place, _, message = line.partition(": fee.0.amount: ")
    assert place == f"{definition}:15"
    assert "hour" in message


def test_missing_translations_are_folded_and_can_be_listed(definition: Path) -> None:
    folded = madoguchi("check", definition).output.splitlines()
    assert sum("の訳がない文が" in line for line in folded) == 2
    assert not any("暖房を使う理由" in line for line in folded)
    listed = madoguchi("check", "--translations", definition).output.splitlines()
    assert f"  {definition}:12: steps.0.fields.2.label: 暖房を使う理由" in listed


def test_several_files_are_all_checked(definition: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("procedure: [", encoding="utf-8")
    result = madoguchi("check", broken, definition, broken)
    assert result.exit_code == 1
    assert result.output.count(f"{broken}:") == 2


def test_advice_alone_fails_only_when_asked_to(definition: Path) -> None:
    assert ": advice: " in madoguchi("check", definition).output
    assert madoguchi("check", "--strict", definition).exit_code == 1


def test_try_reports_questions_fee_and_first_state(definition: Path, tmp_path: Path) -> None:
    result = madoguchi("try", definition, answers(tmp_path, hours=3, heating=False), "--json")
    assert result.exit_code == 0, result.output
    outcome = json.loads(result.output)
    assert outcome["visible"] == ["hours", "heating"]
    assert outcome["errors"] == {}
    assert outcome["total"] == 900
    assert outcome["first_state"]


def test_try_reports_what_to_fix(definition: Path, tmp_path: Path) -> None:
    result = madoguchi("try", definition, answers(tmp_path, hours=30, heating=True))
    assert result.exit_code == 0, result.output
    assert "errors\n  hours: " in result.output
    assert "  reason: " in result.output
    assert "none: it cannot be submitted yet" in result.output


def test_answers_that_are_not_an_object_are_refused_in_plain_words(definition: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text("[1, 2]", encoding="utf-8")
    result = madoguchi("try", definition, file)
    assert result.exit_code == 1
    assert result.output.strip() == f"Error: {file} must hold one object: question → answer"


def test_the_schema_is_json() -> None:
    assert json.loads(madoguchi("schema").output)["$schema"].startswith("https://json-schema.org/")


def test_a_walk_prints_who_got_through_and_which_way_conditions_went(definition: Path) -> None:
    result = madoguchi("walk", definition, "--on", "2026-11-23")
    assert result.exit_code == 0
    assert "could apply" in result.output
    assert "steps.0.fields.2.show_when" in result.output


def test_a_walk_ends_with_an_error_where_somebody_gets_stuck(definition: Path) -> None:
    text = definition.read_text("utf-8").replace("hours * 300", "hours * 300 - 400")
    definition.write_text(text, encoding="utf-8")
    result = madoguchi("walk", definition)
    assert result.exit_code == 1
    assert '{"hours": 1}' in result.output
    coverage = json.loads(madoguchi("walk", definition, "--json", "--residents", "20").output)
    assert coverage["residents"] <= 20
    assert [end["path"] for end in coverage["dead_ends"]] == ["fee.0.amount"]

"""Expressions and texts that YAML cuts because they stand without quotes: the line as it should be, and all other faults beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import DefinitionError, Diagnostic, check, load
from forms.definition.source import read, read_source
from tests.unit.forms.making import ROAD, unhurried

QUESTION = (
    "      - {id: other_object, type: text, label: {ja: 具体的に}, show_when: object == 'other', max_length: 100}"
)


def errors(text: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in check(text) if diagnostic.severity == "error"]


def line_of(text: str, fragment: str) -> int:
    return text[: text.index(fragment)].count("\n") + 1


@pytest.mark.parametrize(
    ("written", "corrected"),
    [
        ("object == 'other' ? public_body : false", "\"object == 'other' ? public_body : false\""),
        ("['a', 'b'].exists(x, x == object)", "\"['a', 'b'].exists(x, x == object)\""),
        ("!public_body", '"!public_body"'),
        ("!(object in ['sign', 'other'])", "\"!(object in ['sign', 'other'])\""),
        ("'other' == object", "\"'other' == object\""),
        ('"other" == object', "'\"other\" == object'"),
        ("min(1, 2) == 1", '"min(1, 2) == 1"'),
        ("max(1, 2) > 1 ? public_body : min(4, 5) == 4", '"max(1, 2) > 1 ? public_body : min(4, 5) == 4"'),
        ("object == 'a #1'", "\"object == 'a #1'\""),
    ],
)
def test_an_expression_without_quotes_in_flow_style_is_one_fault_with_the_line_as_it_should_be(
    written: str, corrected: str
) -> None:
    assert QUESTION in ROAD
    text = ROAD.replace("object == 'other', max", f"{written}, max")
    [fault] = errors(text)
    assert fault.line == line_of(text, written)
    assert "引用符" in fault.remedy
    assert f"show_when: {corrected}, max_length: 100" in fault.remedy


@pytest.mark.parametrize(
    "written",
    [
        "public_body ? 0 : 100",
        "'a' == object ? 0 : 100",
        "[1, 2].map(x, x * 2).size() * period.months",
        "@price * 2",
        "{'a': 1}['a']",
        "%x",
    ],
)
def test_an_expression_without_quotes_in_block_style_gets_the_line_as_it_should_be(written: str) -> None:
    text = ROAD.replace("area.unit_price * ceil(area.area_m2) * period.months / 12\n", f"{written}\n")
    (fault, *_others) = errors(text)
    assert fault.line == line_of(text, written)
    assert f'amount: "{written}"' in fault.remedy


@pytest.mark.parametrize(
    ("written", "corrected"),
    [
        ("{ja: 受付: 9時から}", '{ja: "受付: 9時から"}'),
        ("{ja: 氏名, 住所}", '{ja: "氏名, 住所"}'),
        ("{ja: 申請 #1}", '{ja: "申請 #1"}'),
        ("{ja: 占用の内容", "{ja: 占用の内容}"),
        ("{ja: [1]占用}", '{ja: "[1]占用"}'),
    ],
)
def test_a_text_without_quotes_gets_the_line_as_it_should_be(written: str, corrected: str) -> None:
    text = ROAD.replace("title: {ja: 占用の内容}", f"title: {written}")
    [fault] = errors(text)
    assert fault.line == line_of(text, written)
    assert f"title: {corrected}" in fault.remedy


def test_several_cut_texts_and_the_faults_of_all_other_parts_are_reported_at_once() -> None:
    text = (
        ROAD.replace("object == 'other', max", "min(1, 2) == 1 ? true : false, max")
        .replace("title: {ja: 申請する方}", "title: {ja: 氏名: 住所}")
        .replace("waived_when: public_body", "waived_when: !public_body")
        .replace("kind: permit", "kind: permitt")
        .replace("by: area.office", "by: area.ofice")
    )
    fragments = ["permitt", "氏名: 住所", "min(1, 2)", "!public_body", "area.ofice"]
    assert [fault.line for fault in errors(text)] == [line_of(text, fragment) for fragment in fragments]
    with pytest.raises(DefinitionError) as caught:
        load(text)
    assert len(caught.value.diagnostics) == len(fragments)


def test_a_key_that_stands_twice_does_not_hide_other_faults() -> None:
    text = ROAD.replace("kind: permit\n", "kind: permit\nkind: report\n").replace("by: area.office", "by: area.ofice")
    assert [fault.path for fault in errors(text)] == ["kind", "workflow.assign.by"]


def test_aliases_are_one_fault_each_and_hide_nothing() -> None:
    text = (
        ROAD.replace("legal_basis: [道路法 第32条]", "legal_basis: &laws [道路法 第32条]")
        .replace("        options: [", "        options: *laws\n        choices: [")
        .replace("by: area.office", "by: area.ofice")
    )
    lines = [line_of(text, fragment) for fragment in ("&laws", "*laws", "choices: [", "area.ofice")]
    assert [fault.line for fault in errors(text)] == lines


def test_a_cut_text_is_read_as_it_is_meant() -> None:
    reading = read("a: {show_when: f(x, y), id: b}\nc: d ? e : f\n")
    assert reading.source is not None
    assert reading.source.tree == {"a": {"show_when": "f(x, y)", "id": "b"}, "c": "d ? e : f"}
    assert [diagnostic.line for diagnostic in reading.diagnostics] == [1, 2]


@pytest.mark.parametrize(
    "text", ["a: {b: 1, c: }", "a: {b: x, c: null}", "a: ['x, y', z]", "a: {b: 'f(x', 'y)': null}", "a: {b, c}"]
)
def test_sound_flow_style_is_left_alone(text: str) -> None:
    assert read_source(text).tree


LINES = st.sampled_from(
    [
        "steps:",
        "  - id: a",
        "    show_when: a ? b : c",
        "  - {id: x, amount: f(a, b), label: {ja: a: b}}",
        "    'x",
        "{",
        "}, ]",
        "\ta: 1",
        "a: &b [*c",
        "? !x",
        "- - :",
        "fee: [{amount: !x, b}]",
        "# a",
        "...",
        "--- ",
        "a: |",
    ]
)


@unhurried
@given(
    st.lists(LINES, max_size=12).map("\n".join)
    | st.text(alphabet="ab:,{}[]'\"?!&*# \n-x(", max_size=120)
    | st.binary(max_size=200)
)
def test_any_text_gives_a_definition_or_diagnostics(text: str | bytes) -> None:
    for diagnostic in check(text):
        assert diagnostic.line >= 1
        assert diagnostic.message


@pytest.mark.slow
def test_a_huge_text_full_of_faults_is_explained_all_the_same() -> None:
    line = "  - {id: a, show_when: f(a, b) ? c : d, label: {ja: a: b}}\n"
    assert check("steps:\n" + line * 5000)

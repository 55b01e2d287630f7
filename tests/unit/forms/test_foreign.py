"""What people write who know other languages, and names that lead nowhere: the remedy is the form or the name that there is."""

import re

import pytest

from forms import DefinitionError, load
from forms.expressions.foreign import functions_in_groups
from forms.expressions.functions import FUNCTIONS
from tests.unit.forms.making import choice, choices, field, text

ELSEWHERE = [
    ("len(what) > 1", "size(質問)"),
    ("count(what) > 1", "size(質問)"),
    ("if(n > 1, true, false)", "条件 ? A : B"),
    ("IF(n > 1, 1, 2) == 1", "条件 ? A : B"),
    ("n > 1 and n < 3", "&&"),
    ("n > 1 OR n < 3", "||"),
    ("object IN ['a']", "x in ["),
    ("object is null", "answered(質問)"),
    ("n <> 1", "!="),
    ("n => 3", ">="),
    ("n ＞ 1", "半角"),
    ("n between 1 and 3", "x >= 1 && x <= 10"),
    ("what.includes('x')", "'a' in 質問"),
    ("what == 'x'", "'選択肢のID' in 質問"),
    ("isEmpty(n)", "!answered(質問)"),
    ("people.any(p, p.age > 1)", "行.exists(x, 条件)"),
    ("sum(people.age) > 1", "people.map(x, x.age)"),
    ("object == a", "== 'a'"),
    ("n > 1 || True", "true"),
    ("has(n)", "answered(質問)"),
    ("object == 'a' ? true", "「:」の先"),
    ("free(n)", "fiscal_year"),
    ("object.exists(x, x == 'a')", "行の集まり"),
]


@pytest.mark.parametrize(("written", "form"), ELSEWHERE)
def test_what_is_written_as_in_another_language_gets_the_form_it_has_here(written: str, form: str) -> None:
    people = field("people", "group", fields=[field("age", "integer")])
    questions = choice("object", "a", "b"), choices("what", "x"), field("n", "integer"), people
    with pytest.raises(DefinitionError) as caught:
        load(text(*questions, field("note", "text", show_when=written)))
    [diagnostic] = caught.value.diagnostics
    assert form in diagnostic.remedy
    assert not re.search(r"undeclared|expression of|reserved|overload", diagnostic.message)


def test_in_a_row_the_remedy_names_what_the_row_and_what_the_outside_has() -> None:
    rows = field("rows", "group", fields=[field("age", "integer"), field("why", "text", show_when="nowhere == 1")])
    with pytest.raises(DefinitionError) as caught:
        load(text(field("reason", "text"), rows))
    [diagnostic] = caught.value.diagnostics
    assert "この行の質問(age、why)と、行の外の質問(reason)" in diagnostic.remedy


def test_every_function_stands_in_the_list_of_functions() -> None:
    assert {name for name in FUNCTIONS if not re.search(rf"\b{name}\b", functions_in_groups())} == set()

"""An expression that was checked before is not checked again, and what it comes out as is never taken from other names."""

from collections import OrderedDict
from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest

from forms.expressions import known_trees, language
from forms.expressions.errors import ExpressionError
from forms.expressions.known_trees import key_of
from forms.expressions.language import Language, Names, row_scope, scope


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that CEL's checker gets from here on."""
    texts: list[str] = []
    make = language._checker

    def watched(names: Names) -> Mock:
        checker = make(names)

        def compile_text(text: str, **more: Any) -> Any:
            if not more:
                texts.append(text)
            return checker.compile(text, **more)

        return Mock(compile=compile_text)

    monkeypatch.setattr(language, "_checker", watched)
    monkeypatch.setattr(known_trees, "_trees", OrderedDict())
    return texts


def test_the_same_text_over_the_same_names_is_checked_once(checks: list[str]) -> None:
    text = "a_known + 4711"
    for others in ({}, {"b": "string"}, {"a": "bool", "known": "int"}):
        compiled = Language(Names({"a_known": "int", **others})).compile(text, "number")
        assert compiled.value(scope({"a_known": 1})) == 4712
        assert compiled.names == {"a_known"}
    assert checks == [text]


@pytest.mark.parametrize(("kind", "value", "result"), [("int", 2, 4), ("string", "二", "二二"), ("int", 3, 6)])
def test_a_text_over_names_of_other_types_is_another(kind: str, value: object, result: object) -> None:
    compiled = Language(Names({"c_known.part": kind})).compile("c_known.part + c_known.part", "any")
    assert (compiled.result, compiled.value(scope({"c_known.part": value}))) == (kind, result)


def test_a_name_that_is_no_longer_there_is_a_fault() -> None:
    assert Language(Names({"d_known": "int"})).compile("d_known > 1", "bool")
    for _ in range(2):
        with pytest.raises(ExpressionError) as error:
            Language(Names({"d_knowm": "int"})).compile("d_known > 1", "bool")
        assert error.value.unknown == "d_known"
        with pytest.raises(ExpressionError):
            Language(Names({"d_known": "string"})).compile("d_known > 1", "bool")


def test_what_an_expression_must_come_out_as_is_checked_each_time() -> None:
    names = Names({"e_known": "int"})
    assert Language(names).compile("e_known + 1", "number")
    with pytest.raises(ExpressionError):
        Language(names).compile("e_known + 1", "date")


def test_what_calls_a_function_of_its_definition_is_checked_each_time() -> None:
    assert key_of("price(a) + 1", {"a": "int"}, (), {"price"}) is None
    assert key_of("a + 1", {"a": "int", "b": "int"}, (), {"price"}) == ("a + 1", (("a", "int"),))


def test_rows_are_checked_as_they_are_now() -> None:
    def children(kind: str) -> Language:
        return Language(Names({"g_known": "rows"}, {"g_known": {"at": kind}}))

    text = "g_known.exists(c, c.at == c.at)"
    for kind, value in (("int", 1), ("timestamp", date(2026, 4, 1)), ("string", "一")):
        rows = [row_scope({"at": value}, {"at"})]
        assert children(kind).compile(text, "bool").value(scope({"g_known": rows})) is True
    with pytest.raises(ExpressionError):
        children("int").compile("g_known.exists(c, c.at == '一')", "bool")
    assert children("string").compile("g_known.exists(c, c.at == '一')", "bool")

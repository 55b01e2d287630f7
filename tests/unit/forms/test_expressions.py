"""What expressions can say, what they refuse, and that what is not answered never raises."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.expressions.errors import ExpressionError
from forms.expressions.functions import day
from forms.expressions.language import UNKNOWN, ExpressionFailed, Language, names_in
from tests.unit.forms.making import unhurried

LANGUAGE = Language(
    {
        "area.area_m2": "double",
        "area.unit_price": "any",
        "period.months": "int",
        "object": "string",
        "agreed": "bool",
        "born": "timestamp",
        "items": "rows",
        "kinds": "list<string>",
    }
)
KNOWN: dict[str, object] = {
    "area.area_m2": 18.36,
    "area.unit_price": 23400,
    "period.months": 2,
    "object": "scaffold",
    "born": date(2004, 2, 29),
    "items": [{"kind": "sofa", "count": 2}, {"kind": "desk", "count": 1}],
    "kinds": ["a", "b"],
}


def value(text: str, data: dict[str, object] | None = None) -> Any:
    with day(date(2026, 4, 1)):
        return LANGUAGE.compile(text, "any").value(LANGUAGE.values(KNOWN if data is None else data))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area.unit_price * ceil(area.area_m2) * period.months / 12", 74_100),
        ("area.area_m2 <= 20", True),
        ("area.area_m2 * 2 > period.months", True),
        ("period.months * 1.5", 3.0),
        ("period.months / 4.0", 0.5),
        ("period.months == 2.0", True),
        ("ceil(18.0000000001)", 18),
        ("ceil(0.1 * 3.0 * 10.0)", 3),
        ("floor(29.99999999)", 30),
        ("ceil(1201, 100)", 1300),
        ("floor(1299.9, 100)", 1200),
        ("round_to(1250, 100)", 1300),
        ("round_to(1249.9, 100)", 1200),
        ("min(3, 2)", 2),
        ("max(area.area_m2, 20)", 20.0),
        ("sum(items.map(item, item.count))", 3),
        ("items.exists(item, item.kind == 'sofa')", True),
        ("size(items)", 2),
        ("'b' in kinds", True),
        ("object in ['scaffold', 'sign']", True),
        ("age(born, date('2026-02-28'))", 21),
        ("age(born, date('2026-03-01'))", 22),
        ("age(born, today())", 22),
        ("today() + days(30) > date('2026-04-30')", True),
        ("object == 'sign' ? 1 : 2", 2),
    ],
)
def test_what_expressions_can_say(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ["agreed", "!agreed", "agreed && true", "agreed == true", "items[0].colour == 'red'"])
def test_what_is_not_answered_is_unknown(text: str) -> None:
    assert value(text) is UNKNOWN
    assert LANGUAGE.compile(text, "bool").holds(LANGUAGE.values(KNOWN)) is None


@pytest.mark.parametrize(("text", "expected"), [("agreed && false", False), ("agreed || object == 'scaffold'", True)])
def test_and_or_absorb_what_is_unknown(text: str, expected: bool) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    "text",
    ["1 / 0", "9223372036854775807 + 1", "date('2026-02-30') > today()", "kinds[9] == 'a'", "area.unit_price + 'x'"],
)
def test_what_cannot_be_worked_out_fails_and_holds_nothing(text: str) -> None:
    with pytest.raises(ExpressionFailed):
        value(text)


def test_a_value_of_the_wrong_kind_is_as_good_as_unknown() -> None:
    assert value("period.months + 1", {"period.months": "2"}) is UNKNOWN
    assert value("period.months + 1", {"period.months": True}) is UNKNOWN
    assert value("period.months + 1", {"period.months": 2**70}) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("area.area <= 1", "「area.area」という項目はありません", "area.area_m2"),
        ("cel(area.area_m2) > 1", "「cel」という関数はありません", "ceil"),
        ("ceil() > 1", "「ceil」のかっこの中が足りない", ""),
        ("object.length > 1", "「.」の先がありません", ""),
        ("agreed and agreed", "書き方が正しくありません", "&&"),
        ("born > '2004-01-01'", "日付と文字は比べられません", "date("),
        ("agreed ? 1 : 'x'", "「条件 ? A : B」", "両方を数"),
        ("agreed\n&& objct == 'x'", "(式の2行目4文字目)", "object"),
        ("\ud800", "", ""),
    ],
)
def test_an_error_says_where_and_what_instead(text: str, message: str, remedy: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        LANGUAGE.compile(text, "bool")
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_names_in_an_expression() -> None:
    assert names_in("area.office == 'area.other' && !agreed") >= {"area.office", "area", "agreed"}
    assert "other" not in names_in("area.office == 'other'")


def test_an_expression_that_would_count_for_ever_is_stopped() -> None:
    numbers = "[" + ",".join(["1"] * 60) + "]"
    text = numbers
    for name in "abcdef":
        text = f"{numbers}.map({name}, {text})"
    with pytest.raises(ExpressionFailed):
        LANGUAGE.compile(f"size({text})", "number").value(LANGUAGE.values({}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@unhurried
@given(st.dictionaries(st.sampled_from(sorted(LANGUAGE.variables)), JSON | st.dates()))
def test_no_value_breaks_an_expression(data: dict[str, object]) -> None:
    texts = [
        "area.unit_price * ceil(area.area_m2) * period.months",
        "items.exists(i, i.kind == object)",
        "born > today()",
    ]
    for text in texts:
        try:
            value(text, data)
        except ExpressionFailed:
            continue


@unhurried
@given(st.text(max_size=60))
def test_any_text_compiles_or_is_an_error(text: str) -> None:
    try:
        LANGUAGE.compile(text, "any")
    except ExpressionError as error:
        assert error.message

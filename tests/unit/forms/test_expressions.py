"""What expressions can say, what they refuse, and what stands where nothing was answered."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.evaluation.templates import shown_value
from forms.expressions.errors import ExpressionError
from forms.expressions.functions import FUNCTIONS, Function
from forms.expressions.functions.dates import day
from forms.expressions.language import Language, Names, row_scope, scope
from forms.expressions.values import NOTHING_FOUND, ExpressionFailed, NotDecided, to_value
from tests.unit.forms.making import unhurried

NAMES = Names(
    {
        "area": "question",
        "area.area_m2": "double",
        "area.unit_price": "int",
        "period": "question",
        "period.start": "timestamp",
        "period.months": "int",
        "object": "string",
        "agreed": "bool",
        "born": "timestamp",
        "died": "timestamp",
        "copies": "int",
        "items": "rows",
        "kinds": "list<string>",
    },
    {
        "items": {
            "kind": "string",
            "kind.fee": "int",
            "count": "int",
            "bought": "timestamp",
            "owner": "question",
            "owner.family": "string",
        }
    },
    frozenset({"area.area_m2", "area.unit_price"}),
)
LANGUAGE = Language(NAMES)
SOFA = row_scope(
    {"kind": "sofa", "kind.fee": 800, "count": 2, "bought": date(2020, 1, 1), "owner.family": "佐藤"},
    {"kind", "count", "bought", "owner"},
)
DESK = row_scope({"kind": "desk", "kind.fee": 400, "count": 1}, {"kind", "count"})
VALUES: dict[str, object] = {
    "area.area_m2": Fraction("18.36"),
    "area.unit_price": 23400,
    "period.months": 2,
    "object": "scaffold",
    "born": date(2004, 2, 29),
    "items": [SOFA, DESK],
    "kinds": ["a", "b"],
}


def value(text: str, values: dict[str, object] | None = None, answered: frozenset[str] = frozenset()) -> Any:
    with day(date(2026, 4, 1)):
        return LANGUAGE.compile(text, "any", strict=True).value(scope(VALUES if values is None else values, answered))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area.unit_price * ceil(area.area_m2) * period.months / 12", 74_100),
        ("area.area_m2 <= 20", True),
        ("area.area_m2 * 2 > period.months", True),
        ("period.months * 1.5", 3),
        ("period.months / 4.0", Fraction(1, 2)),
        ("period.months == 2.0", True),
        ("ceil(18.0000000001)", 18),
        ("ceil(0.1 * 3.0 * 10.0)", 3),
        ("floor(1299.9, 100)", 1200),
        ("round_to(1249.9, 100)", 1200),
        ("0 - round_to(0 - 1250, 100)", 1300),
        ("max(area.area_m2, 20)", 20),
        ("min(born, today()) == born", True),
        ("sum(items.map(item, item.count))", 3),
        ("sum(items.map(item, item.kind.fee * item.count))", 2000),
        ("items.exists(item, item.kind == 'sofa')", True),
        ("items.exists(item, item.owner.family == '佐藤')", True),
        ("items.exists_one( i , i . owner . family == '佐藤' )", True),
        ("items.filter(item, item.count > 1).size()", 1),
        ("items.all(a, items.filter(b, b.kind == a.kind).size() == 1)", True),
        ("'b' in kinds", True),
        ("object in ['scaffold', 'sign']", True),
        ("today() + days(30) > date('2026-04-30')", True),
        ("object == 'sign' ? 1 : 2", 2),
        ("agreed ? copies : copies / 2", 0),
        ("-7 % 3", -1),
        ("{'scaffold': 3}[object] * 2", 6),
    ],
)
def test_what_expressions_can_say(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_the_example_of_every_function_is_true(function: Function) -> None:
    assert shown_value(value(function.example), "ja") == function.result


@pytest.mark.parametrize(
    ("text", "yen"),
    [("months / 12 * price", 5000), ("price / 12 * 6", 5000), ("price * 7 / 3 * 3", 70_000), ("0.1 * price * 3", 3000)],
)
def test_division_is_exact_whatever_the_order(text: str, yen: int) -> None:
    language = Language(Names({"months": "int", "price": "int"}))
    assert language.compile(text, "number").value(scope({"months": 6, "price": 10_000})) == yen


@unhurried
@given(st.integers(0, 10**7), st.integers(1, 999), st.integers(1, 999), st.integers(1, 999))
def test_numbers_are_those_of_paper(price: int, times: int, first: int, second: int) -> None:
    text = f"price / {first} * {times} / {second} + price * 0.1"
    exactly = Fraction(price, first) * times / second + Fraction(price, 10)
    assert Language(Names({"price": "int"})).compile(text, "number").value(scope({"price": price})) == exactly


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("agreed", False),
        ("!agreed", True),
        ("copies * 300", 0),
        ("object == ''", True),
        ("size(items) == 0", True),
        ("!('a' in kinds)", True),
        ("items.all(i, i.count > 3)", True),
        ("sum(items.map(i, i.count))", 0),
        ("period.months + 1", 1),
        ("answered(period) || answered(items) || answered(born)", False),
    ],
)
def test_what_is_not_answered_has_the_default_of_its_type(text: str, expected: object) -> None:
    assert value(text, {}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("born < today()", False),
        ("!(born < today())", True),
        ("born == died", False),
        ("born != died", True),
        ("born + days(30) <= today()", False),
        ("age(born, today()) < 18", False),
        ("age(born, today()) * 100 + 5", 5),
        ("agreed == (born < died)", True),
        ("today() < date('2027-01-01') && born < today()", False),
        ("items.exists(i, i.bought < today())", True),
        ("items.all(i, i.bought < today())", False),
    ],
)
def test_a_comparison_with_a_date_that_is_absent_does_not_hold(text: str, expected: object) -> None:
    assert value(text, {"items": [SOFA, DESK]}) == expected


def test_an_expression_can_ask_what_was_answered() -> None:
    answered = frozenset({"period", "born"})
    assert value("answered(period) && answered(born) && !answered(died)", {}, answered)
    assert value("items.filter(i, answered(i.owner)).size()") == 1
    assert value("items.all(i, has(i.kind))")


def test_an_expression_can_ask_who_said_no() -> None:
    language = Language(Names({"lives_here": "bool"}))
    condition = language.compile("no(lives_here)", "bool")
    assert condition.value(scope({"lives_here": False}, {"lives_here"})) is True
    assert condition.value(scope({"lives_here": True}, {"lives_here"})) is False
    assert condition.value(scope({}, set())) is False
    with pytest.raises(ExpressionError, match="no"):
        language.compile("no(1 == 2)", "bool")


def test_a_look_up_that_found_nothing_decides_nothing_unless_it_may_be_guessed() -> None:
    values = {**VALUES, "area.unit_price": NOTHING_FOUND}
    with pytest.raises(NotDecided, match="unit_price"):
        value("area.unit_price * 2", values)
    assert value("found(area.unit_price) ? 1 : 2", values) == 2
    assert value("object == 'sign' && area.unit_price > 3", values) is False
    assert LANGUAGE.compile("area.unit_price == 0", "bool").holds(scope(values))


def test_a_fact_nobody_was_asked_for_is_unknown_in_an_open_world() -> None:
    language = Language(Names({"has_dog": "bool", "has_cat": "bool"}), open_world=True)

    def holds(text: str, **facts: bool) -> bool | None:
        return language.compile(text, "bool").holds(scope(facts))

    assert holds("has_dog && has_cat", has_cat=False) is False
    assert holds("has_dog || has_cat", has_cat=True) is True
    assert holds("has_dog && has_cat", has_cat=True) is None
    assert holds("!has_dog") is None


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0",
        "date('2026-02-30') > today()",
        "kinds[9] == 'a'",
        "{'x': 1}[object] > 0",
        "add_years(born, 9999) > born",
        "int('many') > 0",
        "minutes_between('noon', '13:00') > 0",
        "object.matches('(')",
        "open_days_between(born, date('2999-01-01')) > 0",
    ],
)
def test_what_cannot_be_worked_out_fails_and_holds_nothing(text: str) -> None:
    with pytest.raises(ExpressionFailed):
        value(text)
    assert LANGUAGE.compile(text, "any").holds(scope(VALUES)) is None


@pytest.mark.parametrize(
    ("kind", "raw"), [("int", "2"), ("int", True), ("string", 2), ("bool", 1), ("double", float("nan"))]
)
def test_a_value_of_the_wrong_kind_is_no_value(kind: str, raw: object) -> None:
    assert to_value(kind, raw) is None


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("area.area <= 1", "「area.area」という項目はありません", "area.area_m2"),
        ("cel(area.area_m2) > 1", "「cel」という関数はありません", "ceil"),
        ("ceil() > 1", "「ceil」のかっこの中が足りない", "ceil(数)"),
        ("items.map(i, i.count).sum() > 1", "「sum」の書き方がちがいます", "sum(一覧) と書きます"),
        ("startsWith(object, 'a')", "「startsWith」の書き方がちがいます", "文字.startsWith(文字)"),
        ("object.length > 1", "「.」の先がありません", ""),
        ("object.id == 'a'", "選んだ選択肢の id です", "object と書いてください"),
        ("agreed and agreed", "書き方が正しくありません", "&&"),
        ("born > '2004-01-01'", "日付と文字は比べられません", "date("),
        ("agreed ? 1 : 'x'", "「条件 ? A : B」", "両方を数"),
        ("agreed\n&& objct == 'x'", "(式の2行目4文字目)", "object"),
        ("items.exists(i, i.colour == 'red')", "「items」の行に「colour」という質問はありません", "count"),
        ("items.exists(i, i.owner.famly == '佐')", "「owner.famly」", "owner.family"),
        ("items.exists(i, i.count > 'x')", "「>」は数と文字には使えません", "同じ種類"),
        ("copies == null", "null とは比べられません", "answered(質問)"),
        ("period > 3", "「>」は質問と数には使えません", "period.start"),
        ("!copies in [1, 2]", "「!」は数には使えません", "かっこで囲んで"),
        ("answered(copies > 1)", "「answered」のかっこの中には", "answered(質問)"),
        ("type(copies) == type(1)", "「type」という関数はありません", ""),
        ("copies" + " + copies" * 150 + " > 1", "入れ子が深すぎます", "短く分けて"),
        ("\ud800", "", ""),
    ],
)
def test_an_error_says_where_and_what_instead(text: str, message: str, remedy: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        LANGUAGE.compile(text, "bool")
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_a_compiled_expression_says_what_it_speaks_of() -> None:
    compiled = LANGUAGE.compile(
        "items.exists(i, i.owner.family == object) && 'area.other' != '' && period.months > 1", "bool"
    )
    assert compiled.names == {"items", "object", "period.months"}
    assert compiled.row_names == {("items", "owner")}


@pytest.mark.slow
def test_an_expression_that_counts_too_long_is_stopped() -> None:
    numbers = "[" + ",".join(["1"] * 60) + "]"
    text = numbers
    for name in "abcdef":
        text = f"{numbers}.map({name}, {text})"
    with pytest.raises(ExpressionFailed):
        value(f"size({text})", {})


def test_five_hundred_rows_are_compared_with_each_other() -> None:
    rows = [row_scope({"count": number}, {"count"}) for number in range(500)]
    unique = "items.all(a, items.filter(b, b.count == a.count).size() == 1)"
    assert value(unique, {"items": rows}) is True
    assert value(unique, {"items": [*rows, rows[3]]}) is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@unhurried
@given(st.dictionaries(st.sampled_from(sorted(NAMES.types.keys() - {"items"})), JSON | st.dates()))
def test_no_value_breaks_an_expression(raw: dict[str, object]) -> None:
    values = {name: made for name, item in raw.items() if (made := to_value(NAMES.types[name], item)) is not None}
    texts = [
        "area.unit_price * ceil(area.area_m2) * period.months / copies",
        "items.exists(i, i.kind == object) || 'x' in kinds",
        "born > today() && age(born, died) > 3",
    ]
    for text in texts:
        try:
            value(text, values)
        except ExpressionFailed:
            continue


@unhurried
@given(st.text(max_size=60))
def test_any_text_compiles_or_is_an_error(text: str) -> None:
    try:
        LANGUAGE.compile(text, "any")
    except ExpressionError as error:
        assert error.message

"""Tables that a department keeps: rates from a day on, districts by town."""

from datetime import date
from typing import Any

import pytest

from forms import DefinitionError, check, diff, evaluate, load
from tests.unit.forms.making import choice, definition, field, judged, text

RATES = {
    "id": "rates",
    "key": ["size"],
    "rows": [
        {"size": "s", "price": 300},
        {"size": "s", "price": 350, "from": "2027-04-01"},
        {"size": "m", "price": 500, "until": "2026-12-31"},
    ],
}
TOWNS = {
    "id": "towns",
    "key": ["town", "odd"],
    "rows": [{"town": "曙町", "odd": True, "office": "north"}, {"town": "曙町", "odd": False, "office": "south"}],
}


def priced(amount: str = "rates.price(size) * 2") -> Any:
    return definition(
        choice("size", "s", "m", "l"),
        field("begins", "date", required=False),
        tables=[RATES],
        fee=[{"label": {"ja": "料"}, "amount": amount}],
    )


@pytest.mark.parametrize(
    ("size", "on", "yen"),
    [("s", "2026-04-01", 600), ("s", "2027-03-31", 600), ("s", "2027-04-01", 700), ("m", "2026-12-31", 1000)],
)
def test_a_rate_is_that_of_the_day(size: str, on: str, yen: int) -> None:
    assert evaluate(priced(), {"size": size}, {}, today=date.fromisoformat(on)).fee.total == yen


def test_a_rate_of_another_day_than_today() -> None:
    made = priced("answered(begins) ? rates.price(size, begins) : 0")
    assert judged(made, {"size": "s", "begins": "2027-05-01"}).fee.total == 350
    assert judged(made, {"size": "s"}).fee.total == 0


@pytest.mark.parametrize(("size", "on"), [("l", "2026-04-01"), ("m", "2027-01-01")])
def test_what_a_table_lacks_is_never_free(size: str, on: str) -> None:
    [line] = evaluate(priced(), {"size": size}, {}, today=date.fromisoformat(on)).fee.refused
    assert "計算できません" in line.reason.ja


def test_a_table_can_be_asked_whether_it_has_a_row() -> None:
    made = definition(choice("size", "s", "l"), field("why", "text", show_when="!rates.has(size)"), tables=[RATES])
    assert "why" in judged(made, {"size": "l"}).visible
    assert "why" not in judged(made, {"size": "s"}).visible


def test_a_check_over_what_a_table_lacks_refuses() -> None:
    rule = {"assert": "rates.price(size) < 400", "message": {"ja": "決まりです。"}}
    step = {"id": "s", "title": {"ja": "s"}, "fields": [choice("size", "s", "l")], "checks": [rule]}
    made = load(text(steps=[step], tables=[RATES]))
    assert judged(made, {"size": "s"}).complete
    assert not judged(made, {"size": "l"}).check_failures[0].judged


def test_a_key_may_have_several_columns_and_a_named_value_may_look_up() -> None:
    made = definition(
        field("town", "text"),
        field("number", "integer"),
        tables=[TOWNS],
        compute=[{"id": "office", "value": "towns.office(town, number % 2 == 1)"}],
        workflow={"preset": "notification", "assign": {"by": "office"}},
    )
    assert judged(made, {"town": "曙町", "number": 3}).assign_to == "north"
    assert judged(made, {"town": "曙町", "number": 4}).assign_to == "south"
    assert judged(made, {"town": "高松町", "number": 4}).assign_to is None


@pytest.mark.parametrize(
    ("amount", "message", "remedy"),
    [
        ("rates.prize(size)", "表「rates」に「prize」という列はありません", "rates.price(size)"),
        ("rates.price(3)", "「rates.price」のかっこの中がちがいます", "rates.price(size)"),
        ("rates.price", "「rates.price」のあとに、かっこが要ります", "rates.price(size)"),
    ],
)
def test_a_wrong_use_is_told_how_it_is_written(amount: str, message: str, remedy: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        priced(amount)
    [fault] = refused.value.diagnostics
    assert message in fault.message
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"rows": [{"size": "s", "price": 1}, {"size": "m"}]}, "2行目の列が、1行目とちがいます"),
        ({"rows": [{"size": "s", "price": 1}, {"size": "m", "price": "x"}]}, "ちがう種類の値"),
        ({"rows": [{"size": "s", "price": 1}, {"size": "s", "price": 2}]}, "日が重なっています"),
        (
            {
                "rows": [
                    {"size": "s", "price": 1, "until": "2026-05-01"},
                    {"size": "s", "price": 2, "from": "2026-05-01"},
                ]
            },
            "重なって",
        ),
        ({"rows": [{"size": "s", "price": 1, "from": "soon"}]}, "のような日"),
        ({"rows": [{"price": 1}]}, "key の列(size)"),
        ({"rows": [{"size": "s"}]}, "調べる値の列"),
        ({"id": "size"}, "「size」が2つあります"),
        ({"id": "has_dog"}, "ほかの意味で使われている名前"),
    ],
)
def test_a_table_that_cannot_be(table: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message.replace("(", r"\(").replace(")", r"\)")):
        definition(choice("size", "s"), tables=[RATES | table])


def test_whole_and_fractional_numbers_are_one_column() -> None:
    table = {"id": "rate", "key": ["grade"], "rows": [{"grade": 1, "share": 1}, {"grade": 2, "share": 0.5}]}
    made = definition(
        field("grade", "integer", max=2),
        tables=[table],
        fee=[{"label": {"ja": "料"}, "amount": "1000 * rate.share(grade)"}],
    )
    assert judged(made, {"grade": 2}).fee.total == 500


def test_a_walk_finds_the_answer_that_a_table_lacks() -> None:
    written = text(
        choice("size", "s", "l"), tables=[RATES], fee=[{"label": {"ja": "料"}, "amount": "rates.price(size)"}]
    )
    [fault] = [fault for fault in check(written) if fault.severity == "error"]
    assert fault.path == "fee.0.amount"
    assert '"size": "l"' in fault.message


def test_a_changed_rate_is_a_change_of_money_that_a_clerk_reads() -> None:
    def version(rows: list[dict[str, Any]]) -> Any:
        fee = [{"label": {"ja": "料"}, "amount": "rates.price(size)"}]
        return definition(choice("size", "s"), tables=[RATES | {"rows": rows}], fee=fee)

    rows: list[dict[str, Any]] = list(RATES["rows"])
    dearer = [rows[0], rows[1] | {"price": 1380}, {"size": "xl", "price": 900}]
    changes = [
        (change.topic, change.kind, change.subject, change.before, change.after)
        for change in diff(version(rows), version(dearer))
    ]
    assert changes == [
        ("money", "changed", "表「rates」の「s」(2027年4月1日から)の「price」", "350円", "1,380円"),
        ("money", "added", "表「rates」の「xl」", None, "price 900円"),
        ("money", "removed", "表「rates」の「m」", "price 500円、最後の日 2026年12月31日", None),
    ]
    [moved] = diff(version(rows), version([rows[1], rows[0], rows[2]]))
    assert (moved.topic, moved.kind, moved.subject) == ("money", "moved", "表「rates」の行の順番")

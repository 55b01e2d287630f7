"""The fee: official worked examples, rounding, waivers, rows, and failing closed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Evaluation, FeeUndecided, check, evaluate, load
from tests.unit.forms.making import ROAD, TODAY, choice, definition, field, judged, polygon, text, unhurried

ROAD_OCCUPANCY = load(ROAD)


def line(amount: str | int, **settings: Any) -> dict[str, Any]:
    return {"label": {"ja": "手数料", "en": "Fee"}, "amount": amount, **settings}


def road(area_m2: float = 18.36, end: str = "2026-05-21", **other: Any) -> Evaluation:
    example = ROAD_OCCUPANCY.examples[0]
    answers = {**example.answers, "period": {"start": "2026-04-10", "end": end}, **other}
    facts = {"area": {"area_m2": area_m2, "unit_price": 23_400, "office": "west"}}
    return evaluate(ROAD_OCCUPANCY, answers, facts, today=example.on)


@pytest.mark.parametrize(
    ("end", "months", "total"),
    [("2026-05-21", 2, 74_100), ("2026-06-09", 2, 74_100), ("2026-06-10", 3, 111_150)],
)
def test_road_occupancy_as_adachi_city_works_it_out(end: str, months: int, total: int) -> None:
    """18.36 m² count as 19, a begun month counts whole: 23,400円 × 19 × 2 ÷ 12 = 74,100円."""
    fee = road(end=end).fee
    assert fee.total == total
    assert fee.lines[0].explanation.ja == f"19 m²(1 m²未満は切上げ)× 年23,400円 × {months}か月 ÷ 12"
    assert (fee.due("submission"), fee.due("approved")) == (0, total)


def test_a_line_keeps_the_methods_by_which_it_is_paid() -> None:
    made = definition(fee=[line(500, methods=["card", "konbini"]), line(700)])
    frozen = judged(made, {"note": "はい"}).fee.as_dict()["lines"]
    assert [each.get("methods") for each in frozen] == [["card", "konbini"], None]  # type: ignore[attr-defined] # a list of dictionaries


@pytest.mark.parametrize(
    ("amount", "methods", "message"),
    [
        (100, ["card", "konbini"], "「konbini」で支払えるのは、1回に120円から300,000円までです。"),
        (300_001, ["konbini"], "「konbini」で支払えるのは、1回に120円から300,000円までです。"),
        (500, ["card", "card"], "「card」が2回あります。"),
    ],
)
def test_methods_that_never_take_the_fee_are_reported(amount: int, methods: list[str], message: str) -> None:
    assert message in [diagnostic.message for diagnostic in check(text(fee=[line(amount, methods=methods)]))]


def test_a_waived_line_shows_what_it_would_have_been() -> None:
    [waived] = road(public_body=True).fee.lines
    assert (waived.state, waived.amount, waived.full_amount) == ("waived", 0, 74_100)


def test_the_questions_that_can_still_change_the_fee_are_known() -> None:
    assert road(public_body=None).fee.open_questions == {"public_body"}
    assert road(period=None).fee.open_questions == {"period"}
    assert road().fee.open_questions == frozenset()
    free = road(public_body=True, phone=None).fee
    assert (free.total, free.open_questions) == (0, frozenset())


def test_where_the_map_has_no_price_the_line_says_so_and_nothing_can_be_submitted() -> None:
    example = ROAD_OCCUPANCY.examples[0]
    evaluation = evaluate(ROAD_OCCUPANCY, example.answers, {"area": {"area_m2": 18.36}}, today=example.on)
    assert evaluation.errors == {}
    [refused] = evaluation.fee.lines
    assert (refused.state, refused.amount, refused.explanation) == ("refused", None, None)
    assert "地図から決められません" in refused.reason.ja
    assert evaluation.fee.total is None
    assert not evaluation.complete
    with pytest.raises(FeeUndecided):
        evaluation.fee.due("approved")
    assert evaluation.fee.due("submission") == 0


@pytest.mark.parametrize(
    ("rounding", "amount", "yen"),
    [
        ("down", "100 / 3.0", 33),
        ("up", "100 / 3.0", 34),
        ("half_up", "100 / 3.0", 33),
        ("half_up", "2.5", 3),
        ("down", "0.1 * 3.0 * 10.0", 3),
        ("up", "0.1 * 3.0 * 10.0", 3),
        ("down", "1.15 * 100", 115),
    ],
)
def test_rounding(rounding: str, amount: str, yen: int) -> None:
    assert judged(definition(fee=[line(amount, rounding=rounding)]), {}).fee.total == yen


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("-1", "より小さく"),
        ("0 - 500", "より小さく"),
        ("50001", "上限"),
        ("1.0 / 0.0", "計算できません"),
        ("1 / 0", "計算できません"),
    ],
)
def test_an_impossible_amount_is_rejected_and_never_zero(amount: str, reason: str) -> None:
    evaluation = judged(definition(fee=[line(amount, max_amount=50_000)]), {"note": "x"})
    [refused] = evaluation.fee.refused
    assert refused.amount is None
    assert reason in refused.reason.ja
    assert not evaluation.complete


def test_lines_of_both_moments() -> None:
    made = definition(
        field("vaccinated", "yes_no"),
        fee=[line(3000), line(550, applies_when="vaccinated"), line(1000, when="approved")],
    )
    fee = judged(made, {"vaccinated": True}).fee
    assert (fee.total, fee.due("submission"), fee.due("approved")) == (4550, 3550, 1000)
    assert judged(made, {"vaccinated": False}).fee.due("submission") == 3000
    assert judged(made, {}).fee.total is None


def items() -> dict[str, Any]:
    kind = choice("kind")
    kind["options"] = [
        {"id": "sofa", "label": {"ja": "ソファ"}, "values": {"fee": 1500}},
        {"id": "desk", "label": {"ja": "机"}, "values": {"fee": 800}},
    ]
    return field("items", "group", max=5, fields=[kind, field("count", "integer", min=1, max=20)])


def test_a_line_for_each_row() -> None:
    made = definition(items(), fee=[line("kind.fee * count", each="items", explain={"ja": "{kind.fee}円 × {count}点"})])
    rows = [{"kind": "sofa", "count": 2}, {"kind": "desk", "count": 1}]
    fee = judged(made, {"items": rows}).fee
    assert [(fee_line.row, fee_line.amount, fee_line.explanation.ja) for fee_line in fee.lines] == [
        (0, 3000, "1,500円 × 2点"),
        (1, 800, "800円 × 1点"),
    ]
    assert fee.total == 3800


def test_rows_that_are_missing_or_wrong_leave_the_fee_undecided() -> None:
    made = definition(items(), fee=[line("kind.fee * count", each="items")])
    assert judged(made, {}).fee.total is None
    assert judged(made, {"items": [{"kind": "sofa", "count": 0}]}).fee.total is None
    assert judged(made, {"items": [{"kind": "piano", "count": 1}]}).fee.total is None


def test_no_rows_cost_nothing_where_none_are_needed() -> None:
    made = definition({**items(), "required": False, "min": 0}, fee=[line("kind.fee * count", each="items")])
    assert judged(made, {}).fee.total == 0


def test_a_hidden_answer_does_not_count() -> None:
    made = definition(
        choice("how", "post", "pick_up"),
        field("copies", "integer", min=1, show_when="how == 'post'"),
        fee=[line("300"), line("copies * 100", applies_when="how == 'post'")],
    )
    assert judged(made, {"how": "pick_up", "copies": 5}).fee.total == 300
    assert judged(made, {"how": "post", "copies": 5}).fee.total == 800


@unhurried
@given(
    st.floats(allow_nan=True, allow_infinity=True) | st.integers(),
    st.floats() | st.integers() | st.text() | st.none() | st.booleans(),
)
def test_money_is_never_below_zero(area_m2: float, unit_price: object) -> None:
    facts = {"area": {"area_m2": area_m2, "unit_price": unit_price}}
    example = ROAD_OCCUPANCY.examples[0]
    fee = evaluate(ROAD_OCCUPANCY, {**example.answers, "area": polygon()}, facts, today=example.on).fee
    for fee_line in fee.lines:
        assert fee_line.amount is None or 0 <= fee_line.amount <= 10_000_000
    assert fee.total is None or fee.total >= 0


@unhurried
@given(
    st.sampled_from("+-*/"),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9),
    st.sampled_from(["down", "up", "half_up"]),
)
def test_any_sum_comes_out_as_whole_yen_or_not_at_all(operator: str, a: int, b: float, rounding: str) -> None:
    fee = judged(definition(fee=[line(f"{a} {operator} {b!r}", rounding=rounding)]), {}).fee
    assert fee.total is None or (isinstance(fee.total, int) and fee.total >= 0)


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "zh"])
def test_the_words_of_a_line_stand_in_every_language_whoever_applies(language: str) -> None:
    made = definition(fee=[line(1200, explain={"ja": "{1000 + 200}円です", "en": "{1000 + 200} yen"})])
    [due] = evaluate(made, {"note": "x"}, {}, today=TODAY, language=language).fee.lines
    assert due.label.root == {"ja": "手数料", "en": "Fee"}
    assert due.explanation.root == {"ja": "1,200円です", "en": "1,200 yen"}


def test_a_line_keeps_its_id_wherever_it_stands() -> None:
    lines = [
        line(100, id="basic"),
        line(200, label={"ja": "加算"}),
        line(300, label={"ja": "郵送"}),
        line(400, label={"ja": "加算"}),
    ]
    forwards = {due.amount: due.id for due in judged(definition(fee=lines), {}).fee.lines}
    moved = [lines[2], lines[0], lines[1], lines[3]]
    assert {due.amount: due.id for due in judged(definition(fee=moved), {}).fee.lines} == forwards
    assert forwards[100] == "basic"
    assert len(set(forwards.values())) == 4


def test_an_explanation_may_be_as_long_as_the_answer_in_it() -> None:
    made = definition(field("note", "long_text", max_length=4000), fee=[line(1, explain={"ja": "{note}"})])
    [due] = judged(made, {"note": "字" * 3000}).fee.lines
    assert due.explanation.ja == "字" * 3000

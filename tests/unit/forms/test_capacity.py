"""Which limited places an application takes, and what a definition may say of them."""

from datetime import date
from typing import Any

import pytest

from forms import Evaluation, check, evaluate, load

SOURCE = """
procedure: course
kind: booking
title: {ja: 講座}
department: culture
assurance: email
steps:
  - id: seat
    title: {ja: 申し込み}
    fields:
      - id: course
        type: choice
        label: {ja: 講座}
        options:
          - {id: pottery, label: {ja: 陶芸}, values: {seats: 12}}
          - {id: cooking, label: {ja: 料理}, values: {seats: 20}}
      - {id: day, type: date, label: {ja: 日}, required: false}
      - {id: people, type: integer, label: {ja: 人数}, min: 0, max: 4}
      - {id: extras, type: choices, label: {ja: 道具}, required: false, options: [{id: kiln, label: {ja: 窯}}, {id: wheel, label: {ja: ろくろ}}]}
      - {id: stay, type: date_range, label: {ja: 期間}, required: false}
tables:
  - {id: rooms, key: [course], rows: [{course: pottery, lockers: 3}]}
capacity:
"""
ANSWERS: dict[str, Any] = {"course": "pottery", "people": 2}
TODAY = date(2027, 4, 1)


def judged(rule: str, answers: dict[str, Any] = ANSWERS) -> Evaluation:
    definition = load(f"{SOURCE}  - {rule}\nworkflow: {{preset: notification}}\n")
    return evaluate(definition, answers, {}, today=TODAY)


def test_places_are_counted_by_option_and_taken_by_the_number_of_people() -> None:
    (claim,) = judged("{id: seats, label: {ja: 定員}, by: [course], limit: course.seats, amount: people}").places.claims
    assert (claim.key, claim.limit, claim.amount, claim.first_day) == (("pottery",), 12, 2, None)


def test_a_day_and_an_option_make_one_pool_together_and_an_unanswered_part_takes_nothing() -> None:
    rule = "{id: seats, label: {ja: 定員}, by: [course, day], limit: 5}"
    assert judged(rule).places.claims == ()
    (claim,) = judged(rule, ANSWERS | {"day": "2027-05-01"}).places.claims
    assert claim.key == ("pottery", "2027-05-01")


def test_each_of_several_options_takes_its_own() -> None:
    evaluation = judged(
        "{id: tools, label: {ja: 道具}, by: [extras], limit: 2}", ANSWERS | {"extras": ["kiln", "wheel"]}
    )
    assert [claim.key for claim in evaluation.places.claims] == [("kiln",), ("wheel",)]


def test_a_period_is_taken_on_its_days_alone() -> None:
    rule = "{id: plot, label: {ja: 区画}, by: [course], days: {from: stay.start, until: stay.end}, limit: 1}"
    assert judged(rule).places.claims == ()
    (claim,) = judged(rule, ANSWERS | {"stay": {"start": "2027-05-01", "end": "2027-05-03"}}).places.claims
    assert (claim.first_day, claim.last_day) == (date(2027, 5, 1), date(2027, 5, 3))


def test_a_number_from_a_table_that_has_no_row_keeps_the_application_from_being_sent() -> None:
    rule = "{id: lockers, label: {ja: ロッカー}, limit: rooms.lockers(course)}"
    assert judged(rule).places.claims[0].limit == 3
    evaluation = judged(rule, {"course": "cooking", "people": 1})
    assert (evaluation.places.undecided, evaluation.complete) == (("lockers",), False)


def test_nobody_and_a_condition_that_does_not_hold_take_no_place() -> None:
    assert (
        judged("{id: seats, label: {ja: 定員}, limit: 5, amount: people}", ANSWERS | {"people": 0}).places.claims == ()
    )
    assert judged("{id: seats, label: {ja: 定員}, limit: 5, applies_when: people > 2}").places.claims == ()


def test_a_fraction_of_a_person_cannot_be_decided() -> None:
    assert judged("{id: seats, label: {ja: 定員}, limit: 5, amount: people / 4}").places.undecided == ("seats",)


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("{id: seats, label: {ja: 定員}, by: [corse], limit: 5}", "course"),
        ("{id: seats, label: {ja: 定員}, each: family, limit: 5}", "行の集まり"),
        ("{id: seats, label: {ja: 定員}, limit: course}", "数"),
        ("{id: seats, label: {ja: 定員}, limit: 5, days: {from: people}}", "日"),
    ],
)
def test_a_rule_that_says_nothing_sound_is_a_fault(rule: str, part: str) -> None:
    source = f"{SOURCE}  - {rule}\nworkflow: {{preset: notification}}\n"
    faults = [fault for fault in check(source) if fault.severity == "error"]
    assert faults
    assert part in "".join(fault.message + fault.remedy for fault in faults)


def test_a_waiting_list_needs_an_address() -> None:
    rule = "{id: seats, label: {ja: 定員}, limit: 5, waiting_days: 3}"
    source = f"{SOURCE}  - {rule}\nworkflow: {{preset: notification}}\n".replace("assurance: email", "assurance: none")
    assert any("assurance" in fault.message for fault in check(source))


PLOT = """
procedure: plots
kind: booking
title: {ja: 区画}
department: culture
assurance: email
steps:
  - id: where
    title: {ja: 場所}
    fields:
      - id: spot
        type: point
        label: {ja: 区画を地図で選んでください}
        look_up: [{layer: plots, property: number, as: plot, type: string}]
      - {id: stay, type: date_range, label: {ja: 期間}}
capacity:
  - {id: plots, label: {ja: 区画}, by: [spot.plot], days: {from: stay.start, until: stay.end}, limit: 1}
workflow: {preset: notification}
"""
SPOT = {"geometry": {"type": "Point", "coordinates": [139.4, 35.7]}, "source": "drawn"}


def test_a_piece_of_the_map_is_taken_for_its_days_and_none_where_the_map_has_none() -> None:
    answers: dict[str, Any] = {"spot": SPOT, "stay": {"start": "2027-05-01", "end": "2027-05-03"}}
    evaluation = evaluate(load(PLOT), answers, {"spot": {"plot": "A-12"}}, today=TODAY)
    (claim,) = evaluation.places.claims
    assert (claim.key, claim.first_day, claim.last_day) == (("A-12",), date(2027, 5, 1), date(2027, 5, 3))
    nowhere = evaluate(load(PLOT), answers, {"spot": {}}, today=TODAY)
    assert (nowhere.places.undecided, nowhere.complete) == (("plots",), False)


ENTRIES = """
procedure: nursery
kind: permit
title: 保育所の申込み
department: residents
acceptance: [{from: 11-01, until: 11-30}]
tables:
  - id: nurseries
    key: [code]
    rows: [{code: north, name: 北園, count: 3}, {code: south, name: 南園, count: 5}]
steps:
  - id: family
    title: お子さん
    fields:
      - {id: hours, type: integer, label: 働く時間}
      - id: home
        type: point
        label: 家の場所
        required: false
        look_up: [{layer: near, property: code, as: near, type: string, default: none}]
      - id: children
        type: group
        label: お子さん
        fields:
          - {id: child, type: person_name, label: 氏名}
          - {id: sister_at, type: choice, label: きょうだいの園, required: false, options: {table: nurseries, label: name}}
          - {id: wishes, type: ranking, label: 希望する園, options: {table: nurseries, label: name}}
capacity:
  - id: places
    label: 利用定員
    each: children
    by: [wishes]
    limit: nurseries.count(wishes)
    allocation: points
    points: ["hours + (wishes == sister_at ? 5 : 0) + (wishes == home.near ? 3 : 0)", -hours]
    wishes: [wishes]
"""
NAME = {"family": "佐藤", "given": "陽"}


def test_every_row_enters_with_its_own_wishes_and_the_points_that_it_has_at_each() -> None:
    children = [
        {"child": NAME, "wishes": ["north", "south"], "sister_at": "south"},
        {"child": NAME, "wishes": ["south"]},
    ]
    home = {"geometry": {"type": "Point", "coordinates": [139.41, 35.69]}, "source": "drawn"}
    outcome = evaluate(
        load(ENTRIES),
        {"hours": 40, "children": children, "home": home},
        {"home": {"near": "north"}},
        today=date(2026, 11, 5),
    )
    claims = outcome.places.claims
    assert [(claim.row, claim.wish, claim.key, claim.limit, claim.points) for claim in claims] == [
        (0, 1, ("north",), 3, (43, -40)),
        (0, 2, ("south",), 5, (45, -40)),
        (1, 1, ("south",), 5, (40, -40)),
    ]


def test_half_filled_rows_enter_nothing_yet() -> None:
    children = [{"child": NAME, "wishes": ["north"]}, {"child": NAME}]
    outcome = evaluate(load(ENTRIES), {"hours": 40, "children": children}, {}, today=date(2026, 11, 5))
    assert (outcome.complete, outcome.places.claims) == (False, ())


def test_wishes_that_are_in_no_row_are_named() -> None:
    (diagnostic,) = [
        item for item in check(ENTRIES.replace("wishes: [wishes]", "wishes: [wish]")) if item.severity == "error"
    ]
    assert diagnostic.path == "capacity.0.wishes.0"
    assert "wishes" in diagnostic.remedy

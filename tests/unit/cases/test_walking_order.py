"""The order in which site visits are walked: from the first one, to the nearest, and never across one's own way."""

import random
from datetime import date
from itertools import pairwise

from portal.cases.visits import Visit, walking_order


def visit(number: int, lon: float | None, lat: float | None) -> Visit:
    return Visit(
        number,
        f"立-{number}",
        "道路占用許可申請",
        "site_check",
        "現地確認",
        True,
        "",
        lon,
        lat,
        date(2026, 12, 1),
        False,
    )


def numbers(order: list[Visit]) -> list[int]:
    return [each.case_id for each in order]


def test_one_goes_along_the_street_and_not_back_and_forth() -> None:
    street = [visit(1, 139.400, 35.7), visit(2, 139.404, 35.7), visit(3, 139.401, 35.7), visit(4, 139.403, 35.7)]
    assert numbers(walking_order(street)) == [1, 3, 4, 2]


def test_the_first_stays_the_first_and_who_has_no_place_comes_last() -> None:
    order = walking_order([visit(1, None, None), visit(2, 139.41, 35.7), visit(3, 139.40, 35.7), visit(4, None, None)])
    assert numbers(order) == [2, 3, 1, 4]
    assert walking_order([]) == []


def test_the_way_does_not_cross_itself() -> None:
    chance = random.Random(7)
    spots = [(chance.uniform(139.38, 139.42), chance.uniform(35.68, 35.72)) for _n in range(40)]
    order = walking_order([visit(n, lon, lat) for n, (lon, lat) in enumerate(spots)])
    assert sorted(numbers(order)) == list(range(40))
    way = [(each.lon or 0, each.lat or 0) for each in order]

    def turns(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
        return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])

    legs = list(pairwise(way))
    crossings = [
        (leg, other)
        for at, leg in enumerate(legs)
        for other in legs[at + 2 :]
        if turns(leg[0], *other) != turns(leg[1], *other) and turns(*leg, other[0]) != turns(*leg, other[1])
    ]
    assert crossings == []

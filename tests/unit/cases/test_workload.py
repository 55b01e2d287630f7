"""On whose desk a case would be put next."""

import pytest

from portal.cases.allocation import Workload, suggested


@pytest.mark.parametrize(
    ("loads", "expected"),
    [
        ({}, None),
        ({1: Workload(0, 0)}, None),
        ({1: Workload(5, 0), 2: Workload(3, 3)}, 2),
        ({1: Workload(3, 2), 2: Workload(3, 1)}, 2),
        ({1: Workload(3, 1), 2: Workload(3, 1)}, 1),
        ({1: Workload(9, 0), 2: Workload(4, 0), 3: Workload(0, 0, away=True)}, 2),
        ({1: Workload(9, 0), 2: Workload(0, 0, away=True)}, None),
    ],
    ids=["nobody", "alone", "fewest", "fewest overdue", "first in order", "not who is away", "one is left"],
)
def test_who_has_least_to_do_and_is_there(loads: dict[int, Workload], expected: int | None) -> None:
    assert suggested(loads) == expected

"""The deadline of a procedure counted from an answer: by the civil code, and checked like every other name."""

from datetime import date
from typing import Any

import pytest

from forms import DefinitionError, due_by_answer, due_by_others, load
from tests.kit.catalogue import catalogue
from tests.unit.forms.making import definition, field


@pytest.mark.parametrize(
    ("deadline", "answer", "last"),
    [
        ({"days": 14, "after": "moved"}, "2026-04-01", date(2026, 4, 15)),
        ({"days": 14, "after": "moved", "counts_first_day": True}, "2026-04-01", date(2026, 4, 14)),
        ({"days": 14, "after": "moved"}, "2026-04-18", date(2026, 5, 7)),
        ({"months": 1, "after": "moved"}, "2026-01-31", date(2026, 3, 2)),
        ({"days": 7, "before": "moved"}, "2026-04-12", date(2026, 4, 3)),
        ({"months": 1, "after": "moved"}, "2027-02-28", date(2027, 3, 31)),
        ({"months": 1, "after": "moved", "counts_first_day": True}, "2025-01-31", date(2025, 2, 28)),
        ({"days": 14, "after": "moved"}, None, None),
        ({"days": 14, "after": "moved_on"}, "2026-04-01", None),
    ],
)
def test_the_last_day_follows_from_the_answer(deadline: dict[str, Any], answer: str | None, last: date | None) -> None:
    """14 days from 18 April end on 2 May, a Saturday before Golden Week; a month from 31 January on a Saturday.
    A month that begins on the day after 28 February is March. A week before Sunday 12 April is a Sunday, so that Friday is the last day.
    """
    whole = definition(field("moved", "date"), routing={"deadline": deadline})
    assert due_by_answer(whole, {"moved": answer}) == last


def test_a_deadline_names_a_date() -> None:
    with pytest.raises(DefinitionError) as refused:
        definition(field("moved", "text"), field("left", "date"), routing={"deadline": {"days": 1, "after": "lefd"}})
    [diagnostic] = refused.value.diagnostics
    assert (diagnostic.path, "left" in diagnostic.remedy) == ("routing.deadline.after", True)


def test_a_last_day_may_follow_from_what_another_procedure_of_a_bundle_asks() -> None:
    """児童手当法 8条3項: within 15 days of moving in, which only the notification of moving in asks. Whether a dog came from another
    city, the day of the move alone does not say.
    """
    moved = {"moved_on": "2026-11-20"}
    assert due_by_others(load(catalogue()["child-allowance"]), moved) == date(2026, 12, 7)
    assert due_by_others(load(catalogue()["child-allowance"]), {}) is None
    assert due_by_others(load(catalogue()["dog-registration"]), moved) is None

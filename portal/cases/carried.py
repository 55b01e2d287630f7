"""Answers that an application begins with, each with where it comes from: it is shown at the question until its page is sent or the
answer is changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

#: Where an answer comes from, as a draft keeps it: `from` is one of these names, further keys are what a sentence about it needs.
SIGN_IN: Final = {"from": "sign_in"}
PLAN: Final = {"from": "plan"}
EARLIER_CASE: Final = {"from": "case"}


@dataclass(frozen=True)
class Carried:
    """An answer, its source, and the items of the profile that it is made of."""

    answer: Any
    source: Mapping[str, Any]
    items: tuple[str, ...] = ()


def from_source(answers: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Carried]:
    """Answers that all come from the same source."""
    return {field_id: Carried(answer, source) for field_id, answer in answers.items()}


def still_carried(
    carried: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], sent: Collection[str]
) -> dict[str, Any]:
    """Those of the marked questions that were neither changed nor on a page that was `sent`."""
    return {
        field_id: source
        for field_id, source in carried.items()
        if field_id not in sent and after.get(field_id) == before.get(field_id)
    }

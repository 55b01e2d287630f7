"""Answers that an application begins with, each with where it comes from: it is shown at the question until its page is sent or the
answer is changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from forms import Definition
from forms.evaluation.evaluate import read_context
from forms.fields.base import ReadContext
from forms.fields.group import GroupField, rows_of
from forms.fields.path import joined
from forms.known_rows import texts_of_rows

#: Where an answer comes from, as a draft keeps it: `from` is one of these names, further keys are what a sentence about it needs.
SIGN_IN: Final = {"from": "sign_in"}
PLAN: Final = {"from": "plan"}
EARLIER_CASE: Final = {"from": "case"}


@dataclass(frozen=True)
class Carried:
    """An answer, its source, and the items of the profile that it is made of. `in_part`: no answer yet, but texts of some of its
    parts, which stand in their inputs to be completed.
    """

    answer: Any
    source: Mapping[str, Any]
    items: tuple[str, ...] = ()
    in_part: bool = False


def from_source(answers: Mapping[str, Any], source: Mapping[str, Any], *, in_part: bool = False) -> dict[str, Carried]:
    """Answers that all come from the same source."""
    return {field_id: Carried(answer, source, in_part=in_part) for field_id, answer in answers.items()}


def to_begin_with(
    definition: Definition, carried: Mapping[str, Carried], plain: ReadContext
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers, and what stands typed beside them: parts of answers, and rows that lack something here, are shown to be completed
    (see `forms.known_rows`).

    What is of the earlier case is taken as it stands there.
    """
    answers = {field_id: each.answer for field_id, each in carried.items() if not each.in_part}
    typed: dict[str, Any] = {
        joined(field_id, part): text
        for field_id, each in carried.items()
        if each.in_part
        for part, text in each.answer.items()
    }
    for group in definition.fields.values():
        if not isinstance(group, GroupField) or group.id not in answers or carried[group.id].source == EARLIER_CASE:
            continue
        # what its rows ask may follow from what they say
        if group.check(answers[group.id], read_context(definition, plain, {}, {}, None)):
            typed |= texts_of_rows(group, [dict(row) for row in rows_of(answers.pop(group.id))])
    return answers, typed


def still_carried(
    carried: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], sent: Collection[str]
) -> dict[str, Any]:
    """Those of the marked questions that were neither changed nor on a page that was `sent`."""
    return {
        field_id: source
        for field_id, source in carried.items()
        if field_id not in sent and after.get(field_id) == before.get(field_id)
    }

"""What an applicant knows who finishes a procedure at the counter: the day and time they wrote, and what to bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.definition.procedure import Definition
from forms.evaluation.due import due_by_answer

#: The items that say when somebody comes; a question with one of them is such an answer in every definition.
_WHEN = ("visit.day", "visit.time")


@dataclass(frozen=True)
class Visit:
    """A visit to the counter, in the language of the reader: `when` is empty where the form does not ask for it, `until` the last
    day for it, where the answers say so.
    """

    when: str
    bring: tuple[str, ...]
    until: date | None = None


def visit_of(definition: Definition, answers: Mapping[str, Any], language: str) -> Visit | None:
    """The visit with which a case ends; None for a procedure that needs none."""
    if definition.workflow.preset != "visit":
        return None
    return Visit(
        " ".join(_shown(definition, answers, language)),
        tuple(thing.for_language(language) for thing in definition.routing.bring) if definition.routing else (),
        due_by_answer(definition, answers),
    )


def _shown(definition: Definition, answers: Mapping[str, Any], language: str) -> Iterable[str]:
    fields = {field.item: field for field in definition.fields.values() if field.item in _WHEN}
    for item in _WHEN:
        field = fields.get(item)
        if field is not None and answers.get(field.id) is not None:
            yield field.show(answers[field.id], language)

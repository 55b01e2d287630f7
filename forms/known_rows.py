"""Rows that are filled in before anybody writes them: people whom other questions have named already (`rows_from`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pydantic import JsonValue

from forms.bundling.composition import Composition
from forms.bundling.renaming import Renaming
from forms.definition.procedure import Definition
from forms.evaluation.program import program_of
from forms.evaluation.scope import Answers, row_values
from forms.expressions.functions.dates import day
from forms.expressions.language import scope
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.group import rows_of
from forms.fields.marks import listed
from forms.fields.path import head_of, joined

Part = tuple[str, str]
"""The last word of an item with the type of its question: what `person.name` and `child.name` have in common."""
Person = Mapping[Part, JsonValue]
Typed = Mapping[str, str | list[str]]


class Filled(Protocol):
    """What was answered, and what was typed beside it, by the full name of its input."""

    @property
    def answers(self) -> Answers: ...

    @property
    def typed(self) -> Typed: ...


@dataclass(frozen=True)
class Saved:
    """The two alone."""

    answers: Answers
    typed: Typed


def with_known_rows(definition: Definition, step_id: str, before: Filled, after: Filled, *, today: date) -> Saved:
    """What is answered and typed once the page `step_id` was saved, with the rows that are known by then.

    They stand there as if somebody had typed them, to be looked at, completed and sent with their page. They follow what they come
    from as long as nobody has written anything else there. In rows that were sent, what is known of a person follows while it
    stands as it was known; the rest of the row stays. A page that is saved twice as it was read once has not seen them: what stands
    on other pages is taken from `before`.
    """
    answers, typed = dict(after.answers), dict(after.typed)
    here = {question.id for question in definition.step(step_id).fields}
    for group in definition.fields.values():
        if not isinstance(group, GroupField) or group.rows_from is None:
            continue
        if group.id not in here:
            typed |= {name: text for name, text in before.typed.items() if head_of(name) == group.id}
        former, known = (known_rows(definition, group, saved.answers, today) for saved in (before, after))
        if former == known:
            continue
        if _written(group, Saved(answers, typed)) == texts_of_rows(group, former):
            typed = {name: text for name, text in typed.items() if head_of(name) != group.id} | texts_of_rows(
                group, known
            )
        elif group.id in answers and group.id not in here and len(former) == len(known):
            people = list(zip(former, known, strict=True))
            answers[group.id] = [_renewed(row, people) for row in rows_of(answers[group.id])]
    return Saved(answers, typed)


def known_rows(definition: Definition, group: GroupField, answers: Answers, today: date) -> list[dict[str, JsonValue]]:
    """The rows of a group as far as other answers say them."""
    asking = list(_asking(definition, group))
    sources = dict.fromkeys(item for _made, own, _way in asking if own.rows_from for item in own.rows_from.items)
    people = next((people for item in sources if (people := list(_people(definition, item, answers)))), [])
    with day(today):
        rows = [_row(asking, person, ReadContext(today)) for person in people]
    return [row for row in rows if row][: group.most]


def _asking(definition: Definition, group: GroupField) -> Iterator[tuple[Definition, GroupField, Renaming | None]]:
    """The group as each procedure asks it, with what leads from the questions of its rows to those here."""
    for made, own in definition.asked_by(group.id):
        if isinstance(own, GroupField):
            members = definition.members if isinstance(definition, Composition) else {}
            yield made, own, members[made.procedure].renaming.rows[own.id] if members else None


def _people(definition: Definition, item: str, answers: Answers) -> Iterator[Person]:
    """Those whom the answers to an item name, or together the answers to items that begin with this word."""
    questions = [question for question in definition.fields.values() if question.id in answers]
    groups = [question for question in questions if isinstance(question, GroupField) and question.item == item]
    for group in groups[:1]:
        yield from (_parts(group.fields, row) for row in rows_of(answers[group.id]))
    person = _parts((q for q in questions if (q.item or "").startswith(f"{item}.")), answers)
    if person and not groups:
        yield person


def _parts(questions: Any, answers: Mapping[str, JsonValue]) -> Person:
    parts = ((part, answers.get(question.id)) for question in questions if (part := _part(question)))
    return {part: answer for part, answer in parts if answer is not None}


def _part(question: FieldType) -> Part | None:
    _, _, word = (question.item or "").rpartition(".")
    return (word, question.type) if word else None


def _row(
    asking: list[tuple[Definition, GroupField, Renaming | None]], person: Person, context: ReadContext
) -> dict[str, JsonValue]:
    """What the procedures ask of a person and is known; nothing where none of them asks about this person."""
    row: dict[str, JsonValue] = {}
    for definition, group, renaming in asking:
        parts = ((question, person.get(part)) for question in group.fields if (part := _part(question)) is not None)
        known = {
            question.id: answer
            for question, answer in parts
            if answer is not None and not question.check(answer, context)
        }
        if known and group.rows_from is not None and _is_meant(definition, group, known):
            row |= renaming.values(known) if renaming is not None else known
    return row


def _is_meant(definition: Definition, group: GroupField, row: Mapping[str, JsonValue]) -> bool:
    program = program_of(definition)
    condition = program.rows[group.id].begins_with
    return condition is None or condition.holds(scope(*row_values(group, row, {}, program.language.names.rows))) is True


def _renewed(row: Mapping[str, Any], people: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, Any]:
    """The row with what is known of its person now, where it has all that was known of them before."""
    now = next((now for former, now in people if former and former.items() <= row.items()), {})
    return {**row, **now}


def texts_of_rows(group: GroupField, rows: list[dict[str, JsonValue]]) -> dict[str, str | list[str]]:
    """Rows as somebody would type them, by the full name of each input."""
    return {joined(group.id, name): text for name, text in group.inputs(list(rows)).items() if any(listed(text))}


def _written(group: GroupField, saved: Filled) -> Typed:
    """What stands in the inputs of a group."""
    typed = {name: text for name, text in saved.typed.items() if head_of(name) == group.id}
    if typed:
        return {name: text for name, text in typed.items() if any(listed(text))}
    return texts_of_rows(group, [dict(row) for row in rows_of(saved.answers.get(group.id))])

"""Reading one posted page of a form: answers, raw input and errors. Works without JavaScript."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from pydantic import JsonValue

from forms.definition.procedure import Definition
from forms.definition.step import Step
from forms.evaluation.city import City, home_of
from forms.evaluation.evaluate import evaluate, read_context
from forms.evaluation.result import Evaluation
from forms.evaluation.scope import Answers, Facts, facts_after, is_empty
from forms.fields import FieldError, FieldType, FormReader, GroupField, ReadContext, Reading, StoredFile
from forms.fields.base import Features
from forms.fields.file import Files
from forms.fields.marks import default_mark, listed, question_of_default
from forms.fields.occurrences import place_occurrences, slot_of, slots
from forms.fields.path import FieldPath, head_of, joined
from forms.full_dates import with_full_dates
from forms.rows import with_row_buttons
from forms.text.addresses import HomeCity
from forms.text.safety import holds_my_number

PostedForm = Mapping[str, Sequence[str]]
Typed = Mapping[str, str | list[str]]

_NONE: Typed = MappingProxyType({})
_MAX_INPUTS = 3000


@dataclass(frozen=True)
class StepReading:
    """One page as it was sent.

    `answers` are all answers so far, with this page's in place; an answer that must be corrected, or that a condition hides
    (files aside), is not among them. `typed` is, by the full name of the input, what was typed so far and the answers alone would not fill
    in again: text that is not valid yet, rows of which one is unfinished, what a condition hides now, a valid answer in the
    applicant's own spelling. It fills pages and counts for nothing else.

    `raw` holds what stands in this page's inputs, to fill it again. `errors` has the words by path (`items.0.kind`), and
    `shown` the paths of conditional questions inside rows that show. `stay` is true when a button added or removed a row:
    the page is shown again and `errors` is empty. `complete` is whether nothing on the page is left to correct, whatever button
    was pressed. `evaluation` is of all answers. `sound` is what is valid in the rows of each group on the page, finished or not,
    `rows` the numbers that those have in the form, by the path of their group there, `unfinished` the paths of those that have something to correct.
    """

    answers: dict[str, JsonValue]
    typed: dict[str, str | list[str]]
    raw: dict[str, str | list[str]]
    errors: dict[str, list[str]]
    shown: frozenset[str]
    stay: bool
    complete: bool
    evaluation: Evaluation
    sound: Mapping[str, JsonValue] = dataclasses.field(default_factory=dict)
    rows: Mapping[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()

    def on_page(self, path: str) -> str:
        """The path on this page of something at that path of the answers: rows left empty do not count among those."""
        return _in_form(path, self.rows)


def read_step(  # noqa: PLR0913 - all but five are named
    definition: Definition,
    step_id: str,
    form: PostedForm,
    answers: Answers,
    facts: Facts,
    *,
    today: date,
    language: str = "ja",
    typed: Typed = _NONE,
    on_page: Collection[str] = (),
    files: Mapping[str, StoredFile] = MappingProxyType({}),
    city: City | None = None,
    features: Features | None = None,
    written_on: date | None = None,
) -> StepReading:
    """Read a posted page. Names that the page does not have are ignored. KeyError for an unknown step.

    `typed` is what an earlier reading kept beside the answers. `on_page` are the conditional questions that the page showed:
    one that it did not show and does not speak of keeps what was saved. `files` are the stored files that this applicant
    may refer to, by id; the `city` says in which plane it measures. `written_on` is the day on which it is typed, where that is not
    `today`: of the days about it one is meant by 昨日 and by a date without a year, which the page then has in full.
    """
    step = definition.step(step_id)
    form = with_full_dates(step, _without_defaults(step, _own(step, form), on_page), written_on or today)
    form |= _saved_elsewhere(step, form, answers, typed, on_page)
    form, stay = with_row_buttons(step, form)
    plane, home = (city.plane, home_of(city)) if city else (None, HomeCity())
    plain = ReadContext(today, language, files=files, plane=plane, home=home, features=features)
    merged = {name: value for name, value in answers.items() if name in definition.fields}
    readings: dict[str, Reading] = {}
    raw: dict[str, str | list[str]] = {}
    context = plain
    for field in sorted(step.fields, key=lambda field: isinstance(field, GroupField)):
        if not field.is_question:
            continue
        if isinstance(field, GroupField):  # after all others of the page, because its rows may look at them
            context = read_context(definition, plain, merged, facts, city)
        reader = FormReader(form, field.id)
        reading = readings[field.id] = field.read(reader, context)
        merged.pop(field.id, None)
        raw |= _named(field, reader.raw())
        if not is_empty(reading.value) and not reading.errors:
            merged[field.id] = reading.value
            raw |= _drawn(field, reading.value, _row_numbers(field, reading))
        elif reading.sound:
            raw |= _drawn(field, reading.sound, _row_numbers(field, reading))
    facts = facts_after(definition, facts, answers, merged)
    evaluation = evaluate(definition, merged, facts, today=today, language=language, city=city, features=features)
    unwritten = {
        field.id
        for field in step.fields
        if field.id in evaluation.defaults
        and not any(listed(text) for text in FormReader(form, field.id).raw().values())
    }
    for field in step.fields:
        if field.id in unwritten and field.id in evaluation.answers:
            raw |= _inputs(field, evaluation.answers[field.id])
    hidden = {field.id for field in step.fields if not evaluation.is_visible(field.id)}
    kept = {name: value for name, value in merged.items() if name not in hidden}
    # A file comes back with its question: it cannot be chosen again without the device it is on.
    kept |= {
        field.id: answers[field.id]
        for field in step.fields
        if isinstance(field, Files) and field.id in hidden and field.id in answers
    }
    errors = _errors(step, readings, evaluation, unwritten)
    sound = {name: reading.sound for name, reading in readings.items() if reading.sound}
    return StepReading(
        answers=kept,
        typed=_typed(step, raw, kept, typed, unwritten),
        raw=raw,
        errors={} if stay else errors,
        shown=frozenset(f"{name}.{part}" for name, reading in readings.items() for part in reading.shown),
        stay=stay,
        complete=not errors,
        evaluation=evaluation,
        sound={name: rows for name, rows in sound.items() if name not in hidden},
        rows={
            path: numbers
            for field in step.fields
            if field.id in readings
            for path, numbers in _row_numbers(field, readings[field.id]).items()
        },
        unfinished=frozenset(f"{name}.{row}" for name, reading in readings.items() for row in reading.unfinished),
    )


def _without_defaults(step: Step, form: dict[str, list[str]], on_page: Collection[str]) -> dict[str, list[str]]:
    """The form without what nobody typed: defaults that were left as they were, and questions that only the definition answers."""
    fixed = {slot for field in step.fields for slot, question in slots(field) if question.read_only}
    untouched = {
        path
        for mark in on_page
        if (path := question_of_default(mark)) is not None
        and mark == default_mark(path, _parts(form, FieldPath.parse(path)))
    }
    if not fixed and not untouched:
        return form
    return {
        name: values
        for name, values in form.items()
        if not any(slot_of(name) == slot or slot_of(name).startswith(f"{slot}.") for slot in fixed)
        and not any(name == path or name.startswith(f"{path}.") for path in untouched)
    }


def _parts(form: Mapping[str, list[str]], path: FieldPath) -> dict[str, str | list[str]]:
    """What a form has at a path, by the parts of the question there."""
    inner = ((FieldPath.parse(name).within(path), values) for name, values in form.items())
    return {str(part): values for part, values in inner if part is not None}


def inputs_of(
    definition: Definition, step_id: str, answers: Answers, typed: Typed = _NONE
) -> dict[str, str | list[str]]:
    """Return the contents of the inputs of a page by their full names, from saved answers.

    Text typed into a question takes precedence over its answer.
    """
    filled: dict[str, str | list[str]] = {}
    for field in definition.step(step_id).fields:
        filled |= _saved(field, answers, typed)
    return filled


def as_form(inputs: Typed) -> dict[str, list[str]]:
    """Return inputs as a browser would post them."""
    return {name: [text] if isinstance(text, str) else list(text) for name, text in inputs.items()}


def _saved(field: FieldType, answers: Answers, typed: Typed) -> dict[str, str | list[str]]:
    """Return the saved contents of the inputs of one question."""
    own = {name: text for name, text in typed.items() if head_of(name) == field.id}
    value = answers.get(field.id)
    return own if own or not field.is_question or is_empty(value) else _inputs(field, value)


def _inputs(field: FieldType, value: JsonValue) -> dict[str, str | list[str]]:
    return _named(field, field.inputs(value))


def _named(field: FieldType, parts: Typed) -> dict[str, str | list[str]]:
    """Return the inputs of a field by their full names."""
    return {joined(field.id, part): text for part, text in parts.items()}


def _max_inputs(step: Step) -> int:
    """More inputs than a page has, with all rows of its groups; no question has more than eight in a row."""
    return _MAX_INPUTS + sum(_inputs_in_rows(field) for field in step.fields if isinstance(field, GroupField))


def _inputs_in_rows(group: GroupField) -> int:
    inner = sum(_inputs_in_rows(field) for field in group.inner_groups)
    return group.most * (len(group.fields) * 8 + inner)


def _row_numbers(field: FieldType, reading: Reading) -> dict[str, tuple[int, ...]]:
    """The numbers of the rows that a question has in the form, by the path of their group there."""
    inner = {f"{field.id}.{path}": numbers for path, numbers in reading.inner_rows.items() if numbers}
    return {field.id: reading.rows, **inner} if reading.rows else {}


def _drawn(field: FieldType, value: JsonValue, rows: Mapping[str, Sequence[int]]) -> dict[str, str | list[str]]:
    """The places of a question as their maps have them: what was typed without a map is drawn on it as well."""
    raw: dict[str, str | list[str]] = {}
    for place in place_occurrences([field], {field.id: value}):
        path = _in_form(place.path, rows)
        raw |= {
            joined(path, part): text for part, text in place.question.inputs(place.value).items() if part == "geometry"
        }
    return raw


def _in_form(path: str, rows: Mapping[str, Sequence[int]]) -> str:
    """A path of the answers as the form has it, whose rows have these numbers there."""
    there = FieldPath()
    for part in FieldPath.parse(path).parts:
        number, numbers = FieldPath((part,)).number, rows.get(str(there), ())
        there /= numbers[number] if number is not None and number < len(numbers) else part
    return str(there)


def _own(step: Step, form: PostedForm) -> dict[str, list[str]]:
    """Return the part of a form that belongs to the step's questions, at most as many inputs as they may have."""
    ids = {field.id for field in step.fields}
    own = {name: form[name] for name in form if isinstance(name, str) and head_of(name) in ids}
    return {
        name: [values] if isinstance(values, str) else [value for value in values if isinstance(value, str)]
        for name, values in list(own.items())[: _max_inputs(step)]
    }


def _saved_elsewhere(
    step: Step, form: PostedForm, answers: Answers, typed: Typed, on_page: Collection[str]
) -> dict[str, list[str]]:
    """Return the saved inputs of conditional questions that the page did not have, since they appeared later or on another device."""
    posted = {head_of(name) for name in form}
    saved: dict[str, list[str]] = {}
    for field in step.fields:
        if field.show_when and field.id not in posted and field.id not in on_page:
            saved |= as_form(_saved(field, answers, typed))
    return saved


def _typed(
    step: Step, raw: Typed, answers: Answers, before: Typed, unwritten: Collection[str]
) -> dict[str, str | list[str]]:
    """Return the typed text that the answers do not reproduce. Files are stored one by one and are left out, and defaults, which are `unwritten`.

    A My Number is not kept even here: the office may not collect it (番号法 第20条).
    """
    here = {field.id for field in step.fields}
    typed = {name: text for name, text in before.items() if head_of(name) not in here}
    for field in step.fields:
        if isinstance(field, Files) or field.id in unwritten:
            continue
        own = {name: text for name, text in raw.items() if head_of(name) == field.id and listed(text)}
        filled = _saved(field, answers, {})
        if {name: listed(text) for name, text in own.items()} != {
            name: listed(text) for name, text in filled.items() if listed(text)
        }:
            typed |= {name: text for name, text in own.items() if not any(map(holds_my_number, listed(text)))}
    return typed


def _errors(
    step: Step, readings: Mapping[str, Reading], evaluation: Evaluation, unwritten: Collection[str]
) -> dict[str, list[str]]:
    """Return the messages of this page by path: of each reading, or else of the evaluation."""
    errors: dict[str, list[str]] = {}
    messages = evaluation.errors
    for field in step.fields:
        if not evaluation.is_visible(field.id):
            continue
        if field.id in evaluation.waiting and readings[field.id].errors == tuple(field.missing()):
            continue
        is_read = field.id in readings and not field.read_only and field.id not in unwritten
        field_errors: Sequence[FieldError] = readings[field.id].errors if is_read else ()
        for error in field_errors:
            errors.setdefault(joined(field.id, error.path), []).append(error.message(evaluation.language))
        if not field_errors:
            rows = _row_numbers(field, readings[field.id]) if field.id in readings else {}
            errors |= {_in_form(path, rows): texts for path, texts in messages.items() if head_of(path) == field.id}
    head = str(FieldPath.of_check(step.id))
    return errors | ({head: messages[head]} if head in messages else {})

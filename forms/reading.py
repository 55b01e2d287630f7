"""Reading one posted page of a form: answers, what was typed, and what to mend. Works without JavaScript."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from pydantic import JsonValue

from forms.definition.procedure import Definition, group_fields
from forms.definition.step import Step
from forms.evaluation.city import City
from forms.evaluation.evaluate import evaluate, read_context
from forms.evaluation.result import Evaluation
from forms.evaluation.scope import Answers, Facts, is_empty
from forms.fields import FormReader, GroupField, Problem, ReadContext, StoredFile
from forms.fields.group import rows_of

PostedForm = Mapping[str, Sequence[str]]
Typed = dict[str, str | list[str]]

_MAX_INPUTS = 3000
_ROW_NAME = re.compile(r"(?P<number>\d{1,3})\.(?P<rest>.+)")


@dataclass(frozen=True)
class StepReading:
    """One page as it was sent.

    `answers` are all answers so far, with this page's in place; an answer that must be mended is not among them.
    `raw` holds what was typed, by the full name of the input, to fill the page again. `errors` has the words by path
    (`items.0.kind`). `rows` is how many rows each group shows. `stay` is true when a button added or removed a row:
    the page is shown again and nothing has been judged. `evaluation` is of all answers.
    """

    answers: dict[str, JsonValue]
    raw: Typed
    errors: dict[str, list[str]]
    rows: dict[str, int]
    stay: bool
    evaluation: Evaluation

    @property
    def sound(self) -> bool:
        """Whether the resident may go on to the next page."""
        return not self.stay and not self.errors


def read_step(
    definition: Definition,
    step_id: str,
    form: PostedForm,
    answers: Answers,
    facts: Facts,
    *,
    today: date,
    language: str = "ja",
    files: Mapping[str, StoredFile] = MappingProxyType({}),
    city: City | None = None,
) -> StepReading:
    """Read a posted page. Names that the page does not ask for are passed over. KeyError for an unknown step.

    `files` are the stored files that this applicant may refer to, by id; the `city` says in which plane it measures.
    """
    step = definition.step(step_id)
    form = _own(step, form)
    context = read_context(definition, ReadContext(today, language, files=files, plane=city.plane if city else None))
    form, rows, stay = _with_row_buttons(step, form)
    merged = {name: value for name, value in answers.items() if name in definition.fields}
    found: dict[str, Sequence[Problem]] = {}
    raw: Typed = {}
    for field in step.fields:
        if not field.asks:
            continue
        reader = FormReader(form, field.id)
        reading = field.read(reader, context)
        found[field.id] = reading.problems
        raw |= {_name(field.id, part): typed for part, typed in reader.raw().items()}
        merged.pop(field.id, None)
        if not is_empty(reading.value) and not reading.problems:
            merged[field.id] = reading.value
    evaluation = evaluate(definition, merged, facts, today=today, language=language, city=city)
    hidden = [field.id for field in step.fields if not evaluation.shows(field.id)]
    kept = {name: value for name, value in merged.items() if name not in hidden}
    errors = {} if stay else _errors(step, found, evaluation)
    return StepReading(kept, raw, errors, rows, stay, evaluation)


def inputs_of(definition: Definition, step_id: str, answers: Answers) -> Typed:
    """What the inputs of a page hold for saved answers, by the full name of the input."""
    filled: Typed = {}
    for field in definition.step(step_id).fields:
        value = answers.get(field.id)
        if field.asks and not is_empty(value):
            filled |= {_name(field.id, part): text for part, text in field.inputs(value).items()}
    return filled


def rows_shown(definition: Definition, step_id: str, answers: Answers) -> dict[str, int]:
    """How many rows each group of a page shows for saved answers: those answered, and at least one."""
    return {
        field.id: max(len(rows_of(answers.get(field.id))), field.min, 1)
        for field in definition.step(step_id).fields
        if isinstance(field, GroupField)
    }


def _own(step: Step, form: PostedForm) -> dict[str, list[str]]:
    """The part of a form that belongs to the step's questions."""
    ids = {field.id for field in step.fields}
    own = {name: form[name] for name in form if isinstance(name, str) and name.split(".", 1)[0] in ids}
    return {
        name: [values] if isinstance(values, str) else [value for value in values if isinstance(value, str)]
        for name, values in list(own.items())[:_MAX_INPUTS]
    }


def _with_row_buttons(step: Step, form: dict[str, list[str]]) -> tuple[dict[str, list[str]], dict[str, int], bool]:
    """Do what the buttons `items.add` and `items.2.remove` ask for, and count the rows to show."""
    counts: dict[str, int] = {}
    pressed = False
    for field in step.fields:
        if not isinstance(field, GroupField):
            continue
        rows = _rows(field, form)
        before = len(rows)
        removed = {number for number in rows if f"{field.id}.{number}.remove" in form}
        kept = [rows[number] for number in sorted(rows) if number not in removed]
        adds = f"{field.id}.add" in form
        pressed = pressed or adds or bool(removed)
        form = {name: values for name, values in form.items() if not name.startswith(f"{field.id}.")}
        for number, row in enumerate(kept):
            form |= {f"{field.id}.{number}.{rest}": values for rest, values in row.items()}
        shown = len(kept) if before else field.min
        counts[field.id] = min(max(shown + adds, field.min, 1), field.max)
    return form, counts, pressed


def _rows(group: GroupField, form: Mapping[str, list[str]]) -> dict[int, dict[str, list[str]]]:
    """The posted rows of a group, without inputs that no row asks for."""
    ids = {field.id for field in group_fields(group)}
    rows: dict[int, dict[str, list[str]]] = {}
    for name, values in form.items():
        found = _ROW_NAME.fullmatch(name.removeprefix(f"{group.id}."))
        if found is None:
            continue
        rest = found["rest"]
        if rest.split(".", 1)[0] in ids or rest == "remove":
            row = rows.setdefault(int(found["number"]), {})
            if rest != "remove":
                row[rest] = values
    return rows


def _errors(step: Step, found: Mapping[str, Sequence[Problem]], evaluation: Evaluation) -> dict[str, list[str]]:
    """What to mend on this page: in what was read, or else in what follows from it."""
    errors: dict[str, list[str]] = {}
    said = evaluation.errors
    for field in step.fields:
        if not evaluation.shows(field.id):
            continue
        for problem in found.get(field.id, ()):
            errors.setdefault(_name(field.id, problem.path), []).append(problem.message(evaluation.language))
        if field.id not in errors and not any(path.startswith(f"{field.id}.") for path in errors):
            errors |= {path: words for path, words in said.items() if path.split(".", 1)[0] == field.id}
    head = f"checks.{step.id}"
    return errors | ({head: said[head]} if head in said else {})


def _name(field_id: str, part: str) -> str:
    return f"{field_id}.{part}" if part else field_id

"""The messages of a draft to its applicants, filled in with an example, in each of its languages: read before anything is published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from common.open_days import add_open_days
from forms import CaseValues, Definition, State, Workflow, evaluate, workflow_of
from forms.definition.example import Example
from forms.definition.source import Path
from forms.expressions.functions.dates import day
from forms.text.localized import Text
from forms.text.ways import WAYS
from forms.workflow.clock import last_day_of
from forms.workflow.settling import case_scope, last_day, message_text
from portal.core.access import allow
from portal.core.clock import today
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.publishing.blueprint import EDIT, bp
from portal.publishing.preview_page import loadable
from portal.publishing.reach import procedure_of, saved_text

_STANDARD_DAYS = 10
"""Open days for which a case waits in the example of a procedure that names no standard time."""


@dataclass(frozen=True)
class ShownMessage:
    """One message: when it is sent, and what it says by language (its name for the office, its tag, the text).

    `japanese` are the languages whose readers get it in Japanese.
    """

    when: str
    texts: list[tuple[str, str, str]]
    japanese: list[str]


@bp.get("/<key>/messages")
@allow(EDIT)
def messages(key: str) -> ResponseReturnValue:
    """Every message of what is saved; `example` is the number of the example whose answers fill it in."""
    procedure = procedure_of(key)
    definition = loadable(db(), saved_text(procedure))
    examples = definition.examples if definition else ()
    chosen = request.args.get("example", "")
    number = int(chosen) if chosen.isdecimal() and int(chosen) < len(examples) else 0
    example = examples[number] if examples else None
    return render_template(
        "publishing/messages.html",
        procedure=procedure,
        definition=definition,
        examples=[(place, each.name or each.on.isoformat()) for place, each in enumerate(examples)],
        number=number,
        shown=list(shown_messages(definition, example)) if definition else [],
    )


def shown_messages(definition: Definition, example: Example | None) -> Iterator[ShownMessage]:
    """The messages as applicants with the answers of the example read them; without one, as they read with nothing answered."""
    workflow, on = workflow_of(definition), example.on if example else today()
    answers: Mapping[str, Any] = example.answers if example else {}
    facts: Mapping[str, Any] = example.facts if example else {}
    city = (example.city if example else None) or current_city()
    fee = evaluate(definition, answers, facts, today=on, city=city).fee.total or 0
    values = CaseValues(
        number=f"{current_city().letter}-{on:%m%d}-00001",
        fee=fee,
        submitted_on=on,
        deadline=add_open_days(on, definition.standard_days or _STANDARD_DAYS),
        stages=example.stages if example else {},
    )
    scope = case_scope(definition, answers, facts, submitted_on=on, case=values, city=city)
    for path, text in definition.workflow.messages():
        when, state = _moment(definition, workflow, path)
        with day(on):
            deadline = _deadline(definition, state, on, scope)
            yield _shown(definition, when, text, scope | ({"case.deadline": deadline} if deadline else {}))


def _shown(definition: Definition, when: str, text: Text, scope: Mapping[str, Any]) -> ShownMessage:
    written = [(language, ways) for language, ways in WAYS.items() if text.has(language)]
    return ShownMessage(
        when,
        [(ways.in_japanese, ways.tag, message_text(definition, text, scope, language)) for language, ways in written],
        [ways.in_japanese for language, ways in WAYS.items() if not text.has(language)],
    )


def _moment(definition: Definition, workflow: Workflow, path: Path) -> tuple[str, State | None]:
    """When a message is sent, and the state in which the case then is."""
    part, number = path[0], int(path[1])
    if part == "moves":
        own = definition.workflow.moves[number]
        move = next(move for move in workflow.moves if move.id == own.id)
        state = workflow.states[workflow.next(move.from_[0], move.id)]
        return _("「{move}」のとき", move=move.title.ja), state
    state = workflow.states[definition.workflow.states[number].id]
    reminder = state.deadline.remind[int(path[4])] if state.deadline else None
    return _("「{state}」の期限の{days}日前", state=state.title.ja, days=reminder.days_before if reminder else 0), state


def _deadline(definition: Definition, state: State | None, on: date, scope: Mapping[str, Any]) -> date | None:
    """The last day of the state's own deadline, had it begun on the day of the example."""
    if state is None or state.deadline is None:
        return None
    until = last_day(definition, state.deadline.until, scope) if state.deadline.until else None
    return last_day_of(state.deadline, on, until)

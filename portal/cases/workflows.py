"""The workflow of one case: that of its version, with conditions decided by its answers and stages, and the way back by its history."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from forms import CaseValues, Definition, Move, State, Workflow, has_conditions, settled_workflow, workflow_of
from forms.expressions.functions.dates import day
from forms.text.localized import Text
from forms.workflow.settling import case_scope, last_day, message_text
from portal.cases.answers import open_answers
from portal.cases.events import in_history
from portal.cases.models import Case, CaseStageForm
from portal.core import tenancy
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.events import Event
from portal.procedures import definition_of


def workflow_of_case(case: Case, definition: Definition) -> Workflow:
    """The moves that this case can make today, each with those who may take it; no statement where nothing depends on the case."""
    session = object_session(case)
    if session is None or not has_conditions(definition):
        return coming_back(case, definition, workflow_of(definition, case.skipped_stages))
    city = city_of(session)
    settled = settled_workflow(
        definition,
        open_answers(city, case.answers),
        case.facts,
        today=today(),
        submitted_on=case.submitted_on,
        case=case_values(session, case, definition),
        city=tenancy.city(city),
    )
    return coming_back(case, definition, settled)


def keep_skipped(case: Case, move: Move, state: State) -> None:
    """Keep which stages a case is passed over by a move to a state. One that is begun after all, once something led back before it, is not."""
    skipped = [stage for stage in case.skipped_stages if stage not in (state.id, move.skips)]
    case.skipped_stages = [*skipped, move.skips] if move.skips else skipped


def coming_back(case: Case, definition: Definition, workflow: Workflow) -> Workflow:
    """A workflow of the case in which what leads back leads to where this one came from; its history says where that was."""
    whole, session = workflow_of(definition), object_session(case)
    if session is None or not whole.leads_back(case.state):
        return workflow
    return workflow.returning(case.state, whole.came_from(case.state, _past(session, case)))


def _past(session: Session, case: Case) -> Iterator[str]:
    """The states that the history of a case names, the newest first: what each event led to, and before it what it came from."""
    states = (Event.data["state"].as_string(), Event.data["came_from"].as_string())
    query = select(*states).where(in_history(case.id), Event.data.has_key("state")).order_by(Event.id.desc())
    return (state for row in session.execute(query) for state in row if state is not None)


def case_values(session: Session, case: Case, definition: Definition) -> CaseValues:
    """What expressions of the workflow see of a case: of each stage what was found last."""
    stages = {}
    if definition.stage_forms or any(stage.at for stage in definition.workflow.stages):
        query = select(CaseStageForm).where(CaseStageForm.case_id == case.id).order_by(CaseStageForm.id)
        stages = {row.stage: row.answers for row in session.scalars(query)}
    return CaseValues(
        number=case.number,
        fee=int(case.fee.get("total") or 0),
        submitted_on=case.submitted_on,
        deadline=case.due_on,
        stages=stages,
        skipped=case.skipped_stages,
    )


def _scope(session: Session, case: Case, definition: Definition) -> dict[str, Any]:
    city = city_of(session)
    return case_scope(
        definition,
        open_answers(city, case.answers),
        case.facts,
        submitted_on=case.submitted_on,
        case=case_values(session, case, definition),
        city=tenancy.city(city),
    )


def filled_text(session: Session, case: Case, definition: Definition, text: Text) -> str:
    """A text of the definition to the applicant, with the values of the case, in the language of the case."""
    with day(today()):
        return message_text(definition, text, _scope(session, case, definition), case.language)


def last_day_in_case(session: Session, case: Case, definition: Definition, until: str) -> date | None:
    """The day that the expression of a deadline gives for this case."""
    with day(today()):
        return last_day(definition, until, _scope(session, case, definition))


def workflow_for(session: Session, case: Case) -> Workflow:
    """The same by the case alone."""
    return workflow_of_case(case, definition_of(session, case.version_id))


def own_state_title(definition: Definition, event: Event, language: str) -> str:
    """What the definition itself calls the state to which an event led; empty for the states of a preset as they are."""
    state = event.data.get("state")
    title = next((own.title for own in definition.workflow.states if own.id == state), None)
    return title.for_language(language) if title else ""

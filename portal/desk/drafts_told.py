"""What the drawer says of a decision that waits to be signed off (決裁): what it would cause, the route, and who has signed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import Case, sign_offs
from portal.cases.decisions import Decision
from portal.cases.moves import MoveOption, available
from portal.core.access import StaffIdentity
from portal.core.errors import Invalid
from portal.identity import city_roles, staff_with_roles


@dataclass(frozen=True)
class Step:
    """One step of the route: the role, who may take it now, and who took it when, if somebody did."""

    role: str
    names: Sequence[str]
    signed_by: str = ""
    signed_at: datetime | None = None
    by_deputy: bool = False


@dataclass(frozen=True)
class DraftTold:
    """`note`, `conditions`, and of what only `parts` are granted and why not the rest (`not_granted`), are what the applicant would read;
    `may_sign` is whether the reader may sign it off now, `as_deputy` in whose place.
    """

    move: MoveOption | None
    note: str
    conditions: Sequence[str]
    parts: Sequence[tuple[str, str, str]]
    not_granted: str
    labels: Sequence[str]
    steps: Sequence[Step]
    may_sign: bool
    as_deputy: bool


def draft_told(
    session: Session, case: Case, definition: Definition, staff: StaffIdentity, decision: Decision, *, refundable: int
) -> DraftTold:
    """Tell of a decision that waits to be signed off."""
    grant = sign_offs.grant_of(session, case, definition, decision)
    options = available(case, definition, definition.vocabulary.roles, refundable=refundable)
    move = next((option for option in options if option.id == decision.move), None)
    if move and grant:
        effects = sign_offs.effects_of_part(case, definition, decision, grant, refundable=refundable)
        move = replace(move, effects=effects)
    try:
        note, conditions = sign_offs.words_of(session, case, decision)
    except Invalid:  # a value that was there when it was drafted is gone: carrying it out will say so
        note, conditions = decision.inputs.note, decision.inputs.conditions
    role = sign_offs.may_sign(staff, case, decision)
    return DraftTold(
        move=move,
        note=note,
        conditions=conditions,
        parts=[part.told("ja") for part in grant.parts] if grant else [],
        not_granted=decision.inputs.not_granted if decision.inputs.granted is not None else "",
        labels=[definition.fields[name].label_in("ja") for name in decision.inputs.fields if name in definition.fields],
        steps=_steps(session, case, decision),
        may_sign=role is not None,
        as_deputy=role is not None and role != decision.route[len(decision.signed)]["role"],
    )


def _steps(session: Session, case: Case, decision: Decision) -> list[Step]:
    roles = {role for step in decision.route for role in (step["role"], step["deputy"]) if role}
    done = {decision.staff_id, *(signed["staff_id"] for signed in decision.signed)}
    holders = staff_with_roles(session, case.department_id, roles, without=done)
    titles = city_roles.role_titles(session)
    steps = []
    for number, step in enumerate(decision.route):
        title = titles.get(step["role"], step["role"])
        if number < len(decision.signed):
            signed = decision.signed[number]
            moment = datetime.fromisoformat(signed["at"])
            steps.append(Step(title, (), signed["name"], moment, by_deputy=signed["deputy"]))
        else:
            names = [name for name, role in holders if role in (step["role"], step["deputy"])]
            steps.append(Step(title, list(dict.fromkeys(names))))
    return steps

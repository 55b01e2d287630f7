"""Who can go on with a case where somebody cannot: the moves that others may take, each with those who do."""

from collections.abc import Collection
from dataclasses import dataclass

from forms import Definition, Move, Workflow
from portal.cases.effects import CORRECTION_REQUESTED
from portal.cases.models import Case
from portal.cases.workflows import workflow_of_case
from portal.core.text import current_language


@dataclass(frozen=True)
class OthersMove:
    """A move that takes a case on and that others make: staff with one of these `roles`, the applicant, the portal
    itself, or a department that is asked (`elsewhere`)."""

    title: str
    roles: tuple[str, ...]
    by_applicant: bool
    by_itself: bool
    elsewhere: bool


def moves_of_others(case: Case, definition: Definition, roles: Collection[str]) -> list[OthersMove]:
    """The ways on from where a case stands that nobody with these roles may take; none for a case that has ended."""
    if case.closed_at is not None:
        return []
    workflow = workflow_of_case(case, definition)
    return [
        OthersMove(
            title=move.title.for_language(current_language()),
            roles=tuple(role for role in definition.vocabulary.roles if role in move.roles),
            by_applicant="applicant" in move.roles,
            by_itself="system" in move.roles,
            elsewhere=any("@" in role for role in move.roles),
        )
        for move in workflow.moves_from(case.state)
        if not move.roles & set(roles) and _goes_on(workflow, case.state, move)
    ]


def _goes_on(workflow: Workflow, state: str, move: Move) -> bool:
    """Whether a move takes the case further, and does not only end or undo it."""
    kinds = {workflow.states[target].kind for target in move.targets(state)}
    undoes = "refund" in move.causes or move.event == CORRECTION_REQUESTED
    return not kinds <= {"refused", "withdrawn"} and not undoes

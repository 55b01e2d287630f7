"""Where a case can go: the states it can come to, the way there, and those from which nobody can bring it to an end."""

from collections.abc import Collection, Iterable

from forms.definition.states import Fork
from forms.workflow.machine import Workflow
from forms.workflow.own import PAY
from forms.workflow.preset import BACK, Move

SYSTEM = "system"


def is_taken(workflow: Workflow, state: str, move: Move) -> bool:
    """Whether somebody takes a move from a state: people, or the portal when a payment arrives or a deadline passes.

    That the office may end a case on the applicant's word (`request`) is no way that a workflow could rely on.
    """
    if "request" in move.needs:
        return False
    if move.roles - {SYSTEM}:
        return True
    deadline = workflow.states[state].deadline
    by_itself = move.id == PAY and workflow.states[state].kind == "awaiting_payment"
    return SYSTEM in move.roles and (by_itself or (deadline is not None and deadline.move == move.id))


def starts(workflow: Workflow) -> list[str]:
    """The states in which a case can begin."""
    start = workflow.start
    return [start.when_fee_due, start.otherwise] if isinstance(start, Fork) else [start]


def reachable(workflow: Workflow) -> list[str]:
    """Every state a case can come to, nearest first."""
    return list(_ways(workflow, starts(workflow)))


def way_to(workflow: Workflow, state: str) -> list[str]:
    """The states through which a case comes to a state, the first and this one included; empty where no way leads there."""
    return _ways(workflow, starts(workflow)).get(state, [])


def traps(workflow: Workflow) -> list[str]:
    """The states that a case can come to and from which no end can be reached."""
    good = ending(workflow)
    return [state for state in reachable(workflow) if state not in good]


def ending(workflow: Workflow) -> frozenset[str]:
    """The states from which an end can be reached. Whoever can only go back must come to one from wherever they can have come."""
    good = {state.id for state in workflow.states.values() if state.final}
    before = -1
    while len(good) > before:
        before = len(good)
        good |= {state for state in workflow.states if state not in good and _leads_to(workflow, state, good)}
    return frozenset(good)


def _leads_to(workflow: Workflow, state: str, good: Collection[str]) -> bool:
    if any(name in good for name in _neighbours(workflow, state)):
        return True
    back = any(move.to == BACK and is_taken(workflow, state, move) for move in workflow.moves_from(state))
    origins = workflow.origins(state) if back else ()
    return bool(origins) and all(origin in good for origin in origins)


def _ways(workflow: Workflow, begin: Iterable[str]) -> dict[str, list[str]]:
    ways = {state: [state] for state in begin if state in workflow.states}
    queue = list(ways)
    for state in queue:
        for name in _neighbours(workflow, state):
            if name not in ways:
                ways[name] = [*ways[state], name]
                queue.append(name)
    return ways


def _neighbours(workflow: Workflow, state: str) -> list[str]:
    """The states to which somebody takes a case from a state. Going back leads to none where it has not been."""
    targets = (
        name
        for move in workflow.moves_from(state)
        if is_taken(workflow, state, move)
        for name in move.targets(state)
        if name in workflow.states
    )
    return list(dict.fromkeys(targets))

"""States and moves of a definition itself, laid over those of its preset."""

from typing import Final

from common.status import Status
from forms.definition.states import Fork, OwnMove, OwnState, StateKind
from forms.text.localized import Text
from forms.workflow.preset import BACK, SAME, Move, State

#: The status, and with it the colour, of a state that names none.
_STATUSES: Final[dict[StateKind, Status]] = {
    "open": "review",
    "with_applicant": "wait",
    "awaiting_payment": "wait",
    "done": "ok",
    "refused": "no",
    "withdrawn": "no",
}
#: What the history keeps of a move, by the kind of state to which it leads.
_EVENTS: Final[dict[StateKind, str]] = {
    "done": "case.completed",
    "refused": "case.refused",
    "withdrawn": "case.withdrawn",
}
MOVED: Final = "case.moved"
#: The move that a payment makes, and the move by which an applicant answers a correction: the portal takes them by their ids.
PAY: Final = "pay"
ANSWER: Final = "answer_correction"
_NAMELESS: Final = Text.of("…")


def with_own_states(states: dict[str, State], own: tuple[OwnState, ...]) -> dict[str, State]:
    """The states with those of a definition: new ones after the others, and what it says of others in its place."""
    laid = dict(states)
    for state in own:
        written = {name: value for name in OwnState.model_fields if (value := getattr(state, name)) is not None}
        if state.id in laid:
            if state.title is not None and state.short is None:
                written["short"] = state.title
            if state.kind is not None and state.status is None:
                written["status"] = _STATUSES[state.kind]
            laid[state.id] = laid[state.id].model_copy(update=written)
        else:
            kind = state.kind or "open"
            title = state.title or _NAMELESS
            laid[state.id] = State(
                **{"kind": kind, "title": title, "status": _STATUSES[kind], "short": title} | written
            )
    return laid


def with_own_moves(moves: tuple[Move, ...], own: tuple[OwnMove, ...], states: dict[str, State]) -> tuple[Move, ...]:
    """The moves with those of a definition: what it says of a move of that id stands in its place, others come first.

    First, because what an author adds is what the office is to see.
    """
    laid, new = list(moves), []
    for move in own:
        written = {name: value for name in OwnMove.model_fields if (value := getattr(move, name)) is not None}
        places = [number for number, other in enumerate(laid) if other.id == move.id]
        for number in places:
            laid[number] = laid[number].model_copy(update=written)
        if not places and move.from_ and move.to and move.who:
            event = _event(move, states)
            new.append(
                Move.model_validate({"title": move.title or _NAMELESS, "event": event, "from_": move.from_} | written)
            )
    return (*new, *laid)


def _event(move: OwnMove, states: dict[str, State]) -> str:
    """What the history keeps of a new move."""
    target = move.to.otherwise if isinstance(move.to, Fork) else move.to
    state = states.get(target or "")
    if move.id == PAY:
        return "payment.paid"
    if move.id == ANSWER:
        return "case.correction_answered"
    if state is None or target in (SAME, BACK):
        return MOVED
    if state.status == "fix":
        return "case.correction_requested"
    return _EVENTS.get(state.kind, MOVED)

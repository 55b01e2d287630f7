"""A workflow: states, moves between them, and where a move leads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from forms.definition.states import Fork
from forms.workflow.preset import SAME, Move, State

AWAITING_CONSENTS = "awaiting_consents"
"""The state before the first, see `consents.with_consents`."""


class MoveNotAllowed(ValueError):
    """There is no such move from that state."""


@dataclass(frozen=True)
class OptionalStage:
    """A stage that only some cases go through: those for which `when` does not fail. Its state stands between two others."""

    id: str
    when: str
    before: str
    after: str


@dataclass(frozen=True)
class Workflow:
    """States and moves of a case. `flow` are the states of the resident's progress bar, `optional` the stages in it that have a condition."""

    states: Mapping[str, State]
    moves: tuple[Move, ...]
    start: str | Fork
    flow: tuple[str, ...]
    optional: tuple[OptionalStage, ...] = ()

    def initial(self, fee_due: int = 0, *, consents: bool = False) -> str:
        """Where a case begins, by the yen due at submission, and by whether others must consent before."""
        if consents and AWAITING_CONSENTS in self.states:
            return AWAITING_CONSENTS
        return _target_state(self.start, "", fee_due)

    def move(self, state: str, move_id: str) -> Move:
        """The move of that name from a state. MoveNotAllowed if there is none."""
        for move in self.moves:
            if move.id == move_id and state in move.from_:
                return move
        raise MoveNotAllowed(f"{move_id} from {state}")

    def moves_from(self, state: str, who: str | Collection[str] | None = None) -> list[Move]:
        """The moves from a state; with `who` (applicant, system or roles) only those that one of them may take."""
        actors = {who} if isinstance(who, str) else None if who is None else set(who)
        return [move for move in self.moves if state in move.from_ and (actors is None or actors & move.roles)]

    def next(self, state: str, move_id: str, *, fee_due: int = 0) -> str:
        """Where a move leads, by the yen due at the move's moment (`move.fee`). MoveNotAllowed if it is not there."""
        return _target_state(self.move(state, move_id).to, state, fee_due)

    def awaits_decision(self, state: str) -> bool:
        """Whether the decision is still to come: a move that makes it can be reached from that state."""
        reached, pending = {state}, [state]
        while pending:
            for move in self.moves_from(pending.pop()):
                if move.forward:
                    return True
                targets = {_target_state(move.to, state, fee) for fee in (0, 1)}
                pending += sorted(targets - reached)
                reached |= targets
        return False

    def progress(self, state: str, *, fee_moments: Collection[str] = ()) -> list[tuple[State, str]]:
        """The progress bar: states with `done`, `now` or `todo`.

        Waiting for payment is in it where a fee falls due (`fee_moments`: submission, approved) or the case stands
        there. A state outside the bar takes the place of the one it is seen as, and an end that of the last.
        """
        current = self.states[state]
        at = current.seen_as or (self.flow[-1] if current.final else state)
        moments = {_target_state(self.start, "", 1): "submission"}
        bar = [
            name
            for name in self.flow
            if self.states[name].kind != "awaiting_payment"
            or name == at
            or moments.get(name, "approved") in fee_moments
        ]
        position = bar.index(at) if at in bar else -1
        return [
            (current if number == position else self.states[name], _progress(number, position, current.final))
            for number, name in enumerate(bar)
        ]


def _target_state(target: str | Fork, state: str, fee_due: int) -> str:
    if isinstance(target, Fork):
        return target.when_fee_due if fee_due > 0 else target.otherwise
    return state if target == SAME else target


def _progress(number: int, position: int, final: bool) -> str:
    if number < position or (number == position and final):
        return "done"
    return "now" if number == position else "todo"

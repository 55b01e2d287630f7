"""A workflow: states, moves between them, and where a move leads."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from forms.definition.states import Fork
from forms.workflow.preset import BACK, SAME, Move, State

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
        """Where a move leads, by the yen due at the move's moment (`move.fee`). MoveNotAllowed if it is not there.

        One that leads back leads to the first of the states from which a case can have come, unless `returning` says which.
        """
        move = self.move(state, move_id)
        return self.came_from(state, ()) if move.to == BACK else _target_state(move.to, state, fee_due)

    def targets(self, state: str, move: Move) -> tuple[str, ...]:
        """The states to which a move can lead from a state."""
        return self.origins(state) if move.to == BACK else move.targets(state)

    def origins(self, state: str) -> tuple[str, ...]:
        """The other states from which a move leads to this one, in their order. To come back from elsewhere is no origin."""
        names = {name for move in self.moves for name in move.from_ if name != state and state in move.targets(name)}
        return tuple(name for name in self.states if name in names)

    def leads_back(self, state: str) -> bool:
        """Whether a move leads from a state to the one from which the case came."""
        return any(move.to == BACK for move in self.moves_from(state))

    def came_from(self, state: str, past: Iterable[str]) -> str:
        """The state from which a case came to this one, by those in which it has been, the newest first; where it came from cannot
        be told from them, the first from which it can.
        """
        origins = self.origins(state)
        return next((name for name in past if name in origins), origins[0] if origins else state)

    def returning(self, state: str, origin: str) -> "Workflow":
        """The workflow of a case that came to a state from `origin`: what leads back leads there, and in the bar it stands there."""
        moves = tuple(
            move.model_copy(update={"to": origin}) if move.to == BACK and state in move.from_ else move
            for move in self.moves
        )
        place = self.states[origin].seen_as or origin
        if state in self.flow or place not in self.flow:
            return replace(self, moves=moves)
        seen = self.states[state].model_copy(update={"seen_as": place})
        return replace(self, moves=moves, states={**self.states, state: seen})

    def awaits_decision(self, state: str) -> bool:
        """Whether the decision is still to come: a move that makes it can be reached from that state, without undoing one that was told."""
        reached, pending = {state}, [state]
        while pending:
            here = pending.pop()
            for move in self.moves_from(here):
                if move.corrects:
                    continue
                if move.forward:
                    return True
                targets = set(self.targets(here, move))
                pending += sorted(targets - reached)
                reached |= targets
        return False

    def progress(self, state: str, *, fee_moments: Collection[str] = ()) -> list[tuple[State, str]]:
        """The progress bar: states with `done`, `now` or `todo`.

        Waiting for payment is in it where a fee falls due (`fee_moments`: submission, approved) or the case stands
        there. A state outside the bar takes the place of the one it is seen as, and an end that of the last. An end that is no
        decision for the applicant claims no step that nobody made: a refusal leaves out the payment of what was never permitted, and
        a withdrawal, which can come at any moment, everything between the sending and itself.
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
        if current.kind == "withdrawn":
            bar = [*[name for name in bar[:-1] if self.states[name].kind != "awaiting_payment"][:1], bar[-1]]
        elif current.kind == "refused":
            bar = [name for name in bar if self.states[name].kind != "awaiting_payment" or name in moments]
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

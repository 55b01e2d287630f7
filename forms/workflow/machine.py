"""The workflow of one definition: its preset with moves dropped and stages added."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from forms.definition.procedure import Definition
from forms.definition.workflow import Stage, WorkflowUse
from forms.text.localized import Text
from forms.workflow.preset import SAME, Fork, Move, State, presets


class MoveRefused(ValueError):
    """There is no such move from that state."""


@dataclass(frozen=True)
class Workflow:
    """States and moves of a case. `flow` are the states of the resident's progress bar."""

    states: Mapping[str, State]
    moves: tuple[Move, ...]
    start: str | Fork
    flow: tuple[str, ...]

    def initial(self, fee_due: int = 0) -> str:
        """Where a case begins, by the yen due at submission."""
        return _led(self.start, "", fee_due)

    def move(self, state: str, move_id: str) -> Move:
        """The move of that name from a state. MoveRefused if there is none."""
        for move in self.moves:
            if move.id == move_id and state in move.from_:
                return move
        raise MoveRefused(f"{move_id} from {state}")

    def moves_from(self, state: str, who: str | Collection[str] | None = None) -> list[Move]:
        """The moves from a state; with `who` (applicant, system or roles) only those that one of them may take."""
        actors = {who} if isinstance(who, str) else None if who is None else set(who)
        return [move for move in self.moves if state in move.from_ and (actors is None or actors & set(move.who))]

    def next(self, state: str, move_id: str, *, fee_due: int = 0) -> str:
        """Where a move leads, by the yen due at the move's moment (`move.fee`). MoveRefused if it is not there."""
        return _led(self.move(state, move_id).to, state, fee_due)

    def progress(self, state: str, *, fee_moments: Collection[str] = ()) -> list[tuple[State, str]]:
        """The progress bar: states with `done`, `now` or `todo`.

        Waiting for payment is in it where a fee falls due (`fee_moments`: submission, approved) or the case stands
        there. A state outside the bar takes the place of the one it is seen as, and an end that of the last.
        """
        current = self.states[state]
        at = current.seen_as or (self.flow[-1] if current.final else state)
        moments = {_led(self.start, "", 1): "submission"}
        bar = [
            name
            for name in self.flow
            if self.states[name].kind != "awaiting_payment"
            or name == at
            or moments.get(name, "approved") in fee_moments
        ]
        position = bar.index(at) if at in bar else -1
        return [
            (current if number == position else self.states[name], _tense(number, position, current.final))
            for number, name in enumerate(bar)
        ]


def workflow_of(definition: Definition) -> Workflow:
    """The workflow of a definition that `load` has accepted."""
    return build(definition.workflow)


def build(use: WorkflowUse) -> Workflow:
    """A preset as adapted. KeyError for an unknown preset; stages after unknown states are left out."""
    preset = presets()[use.preset]
    moves = tuple(move for move in preset.moves if move.id not in use.drop)
    states = {state.id: state for state in preset.states}
    workflow = Workflow(states, moves, preset.start, preset.flow)
    last: dict[str, str] = {}
    for stage in use.stages:
        if stage.after in workflow.states and stage.id not in workflow.states:
            workflow = _with_stage(workflow, stage, last.get(stage.after, stage.after))
            last[stage.after] = _after(stage)
    return workflow


def _after(stage: Stage) -> str:
    return f"{stage.id}_done"


def _with_stage(workflow: Workflow, stage: Stage, before: str) -> Workflow:
    """Add a stage: `before` → stage → `<stage>_done`, where everything is possible that `before` allowed.

    The decision moves leave `before`, so nobody decides without the stage; the clerk may pass over it with a note.
    """
    origin = workflow.states[before]
    work = State(id=stage.id, kind="open", status="review", title=stage.title, short=stage.title)
    title = Text.of(
        f"{origin.title.ja}({stage.title.ja}済み)", en=f"{origin.title.in_('en')} (after {stage.title.in_('en')})"
    )
    after = origin.model_copy(update={"id": _after(stage), "title": title, "seen_as": origin.seen_as or stage.id})
    moves: list[Move] = []
    for move in workflow.moves:
        if before not in move.from_:
            moves.append(move)
        elif move.forward:
            moves.append(
                move.model_copy(update={"from_": tuple(after.id if name == before else name for name in move.from_)})
            )
        else:
            moves.append(move.model_copy(update={"from_": (*move.from_, stage.id, after.id)}))
    office = next((move.who for move in workflow.moves if before in move.from_ and move.forward), ("clerk",))
    moves += _stage_moves(stage, before, after.id, tuple(dict.fromkeys(("clerk", *office))))
    place = workflow.flow.index(origin.seen_as or before) + 1 if (origin.seen_as or before) in workflow.flow else 0
    flow = (*workflow.flow[:place], stage.id, *workflow.flow[place:])
    return replace(workflow, states={**workflow.states, stage.id: work, after.id: after}, moves=tuple(moves), flow=flow)


def _stage_moves(stage: Stage, before: str, after: str, office: tuple[str, ...]) -> list[Move]:
    ja, en = stage.title.ja, stage.title.in_("en")
    event = "case.stage_passed"
    return [
        Move(
            id=f"begin_{stage.id}",
            title=Text.of(f"{ja}へ進める", en=f"To {en}"),
            from_=(before,),
            to=stage.id,
            who=office,
            event=event,
        ),
        Move(
            id=f"finish_{stage.id}",
            title=Text.of(f"{ja}を終える", en=f"Finish {en}"),
            from_=(stage.id,),
            to=after,
            who=(stage.role,),
            needs=("form",) if stage.form else ("note",),
            form=stage.form,
            event=event,
        ),
        Move(
            id=f"skip_{stage.id}",
            title=Text.of(f"{ja}を行わずに進める", en=f"Go on without {en}"),
            from_=(before,),
            to=after,
            who=office,
            needs=("note",),
            event=event,
        ),
    ]


def _led(target: str | Fork, state: str, fee_due: int) -> str:
    if isinstance(target, Fork):
        return target.when_fee_due if fee_due > 0 else target.otherwise
    return state if target == SAME else target


def _tense(number: int, position: int, final: bool) -> str:
    if number < position or (number == position and final):
        return "done"
    return "now" if number == position else "todo"

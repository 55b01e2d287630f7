"""The workflow of one definition: its preset with moves dropped, stages added and own states and moves, or its own whole."""

from collections.abc import Collection, Iterable, Mapping

from forms.definition.procedure import Definition
from forms.definition.workflow import WorkflowUse
from forms.workflow.consents import with_consents
from forms.workflow.machine import Workflow
from forms.workflow.own import with_own_moves, with_own_states
from forms.workflow.preset import Move, State, presets
from forms.workflow.stages import state_after, with_stage, with_task


def workflow_of(definition: Definition, skipped: Collection[str] = ()) -> Workflow:
    """The workflow of a definition that `load` has accepted, whatever was answered; that of a case which was passed over the stages
    `skipped` says of none of them that it was done.
    """
    if skipped:
        return _built(definition, skipped)
    workflow = definition.kept_workflow(_built)
    assert isinstance(workflow, Workflow)  # noqa: S101 - nobody else keeps one there
    return workflow


def _built(definition: Definition, skipped: Collection[str] = ()) -> Workflow:
    workflow = build(definition.workflow, skipped)
    waits = any(rule.before == "submission" for rule in definition.consents)
    return with_consents(workflow) if waits else workflow


def build(use: WorkflowUse, skipped: Collection[str] = ()) -> Workflow:
    """The workflow as adapted, see `workflow_of`. KeyError for an unknown preset; stages after unknown states are left out."""
    workflow = without_stages(use)
    last: dict[str, str] = {}
    for stage in use.stages:
        if stage.at is not None:
            workflow = with_task(workflow, stage, stage.at) if stage.at in workflow.states else workflow
        elif stage.after in workflow.states and stage.id not in workflow.states:
            after = stage.after or ""
            workflow = with_stage(workflow, stage, last.get(after, after), skipped=stage.id in skipped)
            last[after] = last[stage.id] = state_after(stage)
    return workflow


def without_stages(use: WorkflowUse) -> Workflow:
    """The preset with own states and moves, or the definition's own workflow."""
    preset = presets()[use.preset] if use.preset is not None else None
    states = with_own_states({state.id: state for state in preset.states} if preset else {}, use.states)
    moves = tuple(move for move in preset.moves if move.id not in use.drop) if preset else ()
    start = use.start or (preset.start if preset else None)
    assert start is not None  # noqa: S101 - the grammar demands a preset or a start
    moves = with_own_moves(moves, use.moves, states)
    flow = use.flow or (preset.flow if preset else _bar(states))
    return Workflow(_seen(states, moves, flow), moves, start, flow)


def _bar(states: Mapping[str, State]) -> tuple[str, ...]:
    """The progress bar of a workflow that names none: the way of the office to the first good end."""
    done = [state.id for state in states.values() if state.kind == "done"]
    return (*(state.id for state in states.values() if state.kind in ("open", "awaiting_payment")), *done[:1])


def _seen(states: Mapping[str, State], moves: Iterable[Move], flow: Collection[str]) -> dict[str, State]:
    """The states, each with its place in the bar: one that stands beside it is seen as the one from which it is reached."""
    seen = dict(states)
    for state in states.values():
        if state.id in flow or state.final or state.seen_as is not None:
            continue
        origins = [name for move in moves for name in move.from_ if state.id in move.targets(name) and name in flow]
        if origins:
            seen[state.id] = state.model_copy(update={"seen_as": origins[0]})
    return seen

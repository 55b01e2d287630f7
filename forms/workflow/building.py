"""The workflow of one definition: its preset with moves dropped and stages added."""

from forms.definition.procedure import Definition
from forms.definition.workflow import WorkflowUse
from forms.workflow.machine import Workflow
from forms.workflow.preset import presets
from forms.workflow.stages import state_after, with_stage


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
            workflow = with_stage(workflow, stage, last.get(stage.after, stage.after))
            last[stage.after] = last[stage.id] = state_after(stage)
    return workflow

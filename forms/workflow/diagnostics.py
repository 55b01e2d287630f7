"""Walking a workflow before it is published: no case may be caught in a state without a way out."""

from collections.abc import Collection

from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.nearness import near_name
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.definition.workflow import WorkflowUse
from forms.evaluation.program import all_fields
from forms.fields.place import PlaceField
from forms.workflow.building import build, without_stages
from forms.workflow.own_diagnostics import own_diagnostics
from forms.workflow.preset import BACK, SAME, presets
from forms.workflow.stages import state_after
from forms.workflow.ways import traps, way_to


def workflow_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Return the diagnostics of the workflow of a definition, and of references to its states."""
    use = definition.workflow
    if definition.unread.workflow:
        return _readable_names(definition)
    diagnostics: list[UnlocatedDiagnostic] = []
    if use.preset is not None and use.preset not in presets():
        message, path = f"「{use.preset}」という型はありません。", ("workflow", "preset")
        diagnostics.append(UnlocatedDiagnostic(path, message, nearest(use.preset, presets())))
        near = near_name(use.preset, presets())
        if near is None:
            return diagnostics
        use = use.model_copy(update={"preset": near})
    diagnostics += [*_names(use), *own_diagnostics(definition, use)]
    workflow = build(use)
    for trap in () if diagnostics else traps(workflow):
        title = workflow.states[trap].title.ja
        remedy = "drop から必要な動きを外してください。"
        own = next((number for number, state in enumerate(use.states) if state.id == trap), None)
        place: Path = ("workflow", "drop") if use.drop else ("workflow", "stages")
        if own is not None or use.moves:
            place = ("workflow", "states", own) if own is not None else ("workflow", "moves")
            remedy = f"この状態から進む動きと、動かせる人(who)を moves に書いてください。道筋：{' → '.join(way_to(workflow, trap))}"
        diagnostics.append(UnlocatedDiagnostic(place, f"「{title}」({trap})から終わりへ進めません。", remedy))
    states = {*workflow.states, *(name for stage in use.stages for name in (stage.id, state_after(stage)))}
    diagnostics += _rules(definition, states)
    for number, rule in enumerate(definition.fee):
        for position, state in enumerate(rule.returned_in):
            if state not in states:
                place = ("fee", number, "returned_in", position)
                diagnostics.append(
                    UnlocatedDiagnostic(place, f"「{state}」という状態はありません。", nearest(state, states))
                )
    for number, document in enumerate(definition.documents):
        if document.when not in states:
            place = ("documents", number, "when")
            diagnostics.append(
                UnlocatedDiagnostic(
                    place, f"「{document.when}」という状態はありません。", nearest(document.when, states)
                )
            )
    return diagnostics


def _readable_names(definition: Definition) -> list[UnlocatedDiagnostic]:
    """The names that lead nowhere in the parts of a workflow that could be read."""
    if definition.workflow.preset is not None and definition.workflow.preset not in presets():
        return []
    stages_lack = any(stage.id in definition.unread.stand_ins for stage in definition.workflow.stages)
    return [
        diagnostic
        for diagnostic in _names(definition.workflow)
        if not (stages_lack and diagnostic.path[-1] in ("after", "at", "then"))
    ]


def _rules(definition: Definition, states: Collection[str]) -> list[UnlocatedDiagnostic]:
    """Rules over other cases of this very procedure must name states that its cases can have."""
    return [
        UnlocatedDiagnostic(
            (*path, "rules", number, "clear_of", "states", position),
            f"「{state}」という状態はありません。",
            nearest(state, states),
        )
        for path, field in all_fields(definition)
        if isinstance(field, PlaceField)
        for number, rule in enumerate(field.rules)
        if rule.clear_of and rule.clear_of.procedure == definition.procedure
        for position, state in enumerate(rule.clear_of.states)
        if state not in states
    ] + [
        UnlocatedDiagnostic(
            (*path, "public_layer", "states", position), f"「{state}」という状態はありません。", nearest(state, states)
        )
        for path, field in all_fields(definition)
        if isinstance(field, PlaceField) and field.public_layer
        for position, state in enumerate(field.public_layer.states)
        if state not in states
    ]


def _names(use: WorkflowUse) -> list[UnlocatedDiagnostic]:
    preset = presets()[use.preset] if use.preset is not None else None
    moves = {move.id for move in preset.moves} if preset else set()
    states = set(without_stages(use).states)
    diagnostics = [
        UnlocatedDiagnostic(("workflow", "drop", number), f"「{name}」という動きはありません。", nearest(name, moves))
        for number, name in enumerate(use.drop)
        if name not in moves
    ]
    for number, stage in enumerate(use.stages):
        path = ("workflow", "stages", number)
        for name in ("after", "at", "then"):
            state = getattr(stage, name)
            if state is not None and state not in states:
                message = f"「{state}」という状態はありません。"
                diagnostics.append(UnlocatedDiagnostic((*path, name), message, nearest(state, states)))
        if stage.id in states or f"{stage.id}_done" in states or stage.id in (SAME, BACK):
            diagnostics.append(
                UnlocatedDiagnostic(
                    (*path, "id"), f"「{stage.id}」という状態はもうあります。", "別のIDにしてください。"
                )
            )
        states |= {stage.id, f"{stage.id}_done"}
    return diagnostics

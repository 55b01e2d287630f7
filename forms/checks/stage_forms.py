"""Checks of the forms of stages: the same as for the pages of residents, with paths inside the stage."""

from collections.abc import Iterator

from forms.checks.structure import structure_diagnostics
from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.definition.workflow import StageForm
from forms.evaluation.program import compile_program
from forms.fields import FieldType


def stage_form_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """What keeps the forms of stages from being filled in."""
    return [
        diagnostic for number, _ in enumerate(definition.workflow.stages) for diagnostic in _stage(definition, number)
    ]


def named_form_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Report stages that name a form instead of defining its questions, since a named form has no implementation."""
    return [
        UnlocatedDiagnostic(
            ("workflow", "stages", number, "form"),
            f"「{stage.form}」という様式はありません。",
            "その段階で職員が答える質問を「form: {fields: [{id: …, type: …, label: {ja: …}}]}」の形で書いてください。",
        )
        for number, stage in enumerate(definition.workflow.stages)
        if isinstance(stage.form, str)
    ]


def _stage(definition: Definition, number: int) -> Iterator[UnlocatedDiagnostic]:
    stage = definition.workflow.stages[number]
    if not isinstance(stage.form, StageForm):
        return
    place: Path = ("workflow", "stages", number, "form")
    fields: tuple[FieldType, ...] = stage.form.fields
    for position, field in enumerate(fields):
        if field.is_place or field.type in ("signature", "group"):
            yield UnlocatedDiagnostic(
                (*place, "fields", position, "type"),
                f"段階の様式では {field.type} の質問を使えません。",
                "文字・数・日付・選択・ファイル・写真などの質問にしてください。",
            )
    form = definition.stage_forms[stage.id]
    diagnostics = [*structure_diagnostics(form), *compile_program(form)[1]]
    for diagnostic in diagnostics:
        inside = diagnostic.path[2:] if diagnostic.path[:2] == ("steps", 0) else ()
        yield UnlocatedDiagnostic((*place, *inside), diagnostic.message, diagnostic.remedy)

"""Ids that expressions cannot speak of: CEL's names of types."""

from collections.abc import Iterator

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.program import all_fields
from forms.expressions.language import TYPE_NAMES


def type_name_diagnostics(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Questions and named values with such an id. Versions published with one, of which nothing speaks, can still be read."""
    ids: list[tuple[Path, str]] = [(path, field.id) for path, field in all_fields(definition)]
    ids += [(("compute", number), value.id) for number, value in enumerate(definition.compute)]
    for path, name in ids:
        if name in TYPE_NAMES:
            remedy = f"別のIDにしてください(例：{name}_of)。"
            yield UnlocatedDiagnostic((*path, "id"), f"「{name}」は式の型の名前なので、IDにできません。", remedy)

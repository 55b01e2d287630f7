"""What a definition names that this city does not have: departments, procedures, layers of the map."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.source import Path
from forms.evaluation.program import all_fields
from forms.fields.offering import OffersOptions
from forms.fields.place import PlaceField
from geo.layers import is_public, layer_keys
from portal.identity import list_departments
from portal.procedures import Procedure, lists, procedure_keys
from portal.publishing.assigning import assign_errors


def city_diagnostics(session: Session, procedure: Procedure, definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """The names that lead nowhere in this city, of a definition or of the sound parts of a faulty one."""
    if definition.procedure != procedure.key:
        message = f"「{definition.procedure}」と書かれていますが、この手続きは「{procedure.key}」です。"
        yield UnlocatedDiagnostic(("procedure",), message, f"procedure: {procedure.key} に戻してください。")
    departments = {department.key for department in list_departments(session)}
    if definition.department not in departments:
        message = f"「{definition.department}」という課はありません。"
        yield UnlocatedDiagnostic(("department",), message, _remedy(definition.department, departments))
    for message, remedy in assign_errors(session, definition):
        yield UnlocatedDiagnostic(("workflow", "assign", "by"), message, remedy)
    procedures = procedure_keys(session) | {procedure.key}
    others = procedures - {definition.procedure}
    named = [(path, key, procedures) for path, key in _procedures_to_keep_clear_of(definition)]
    for number, key in enumerate(definition.routing.after if definition.routing else ()):
        named.append((("routing", "after", number), key, others))
    for path, key, keys in named:
        if key not in keys:
            message = f"「{key}」という手続きは、この市にありません。"
            yield UnlocatedDiagnostic(path, message, _remedy(key, keys))
    shared = {row.key for row, number, _rows in lists.all_lists(session) if number is not None}
    for number, table in enumerate(definition.tables):
        if table.shared is not None and table.shared not in shared:
            message = f"「{table.shared}」という共有の表は、この市にありません。"
            yield UnlocatedDiagnostic(("tables", number, "shared"), message, _remedy(table.shared, shared))
    layers = layer_keys(session)
    for path, key in _layers_named(definition):
        if key not in layers:
            message = f"地図の層「{key}」は、この市にありません。"
            yield UnlocatedDiagnostic(path, message, _remedy(key, layers))
        elif path[-2] == "options" and not is_public(session, key):
            message = f"地図の層「{key}」は、職員だけが見るものなので、選択肢にできません。"
            yield UnlocatedDiagnostic(path, message, "公開している層にしてください。")


def _remedy(written: str, names: set[str]) -> str:
    return nearest(written, names, f"使えるのは {'、'.join(sorted(names))} です。" if names else "")


def _procedures_to_keep_clear_of(definition: Definition) -> Iterator[tuple[Path, str]]:
    for path, field in all_fields(definition):
        for number, rule in enumerate(field.rules if isinstance(field, PlaceField) else ()):
            if rule.clear_of:
                yield (*path, "rules", number, "clear_of", "procedure"), rule.clear_of.procedure


def _layers_named(definition: Definition) -> Iterator[tuple[Path, str]]:
    for path, field in all_fields(definition):
        if isinstance(field, OffersOptions) and field.source and field.source.layer:
            yield (*path, "options", "layer"), field.source.layer
        if not isinstance(field, PlaceField):
            continue
        for number, rule in enumerate(field.rules):
            layer = rule.inside or rule.intersects
            if layer is not None:
                yield (*path, "rules", number, rule.kind), layer
        for number, look_up in enumerate(field.look_up):
            yield (*path, "look_up", number, "layer"), look_up.layer

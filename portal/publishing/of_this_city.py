"""What a definition names that this city does not have: departments, procedures, layers of the map."""

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from forms import Definition, workflow_of
from forms.definition.chains import BasedOn, Opening
from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.pictures import pictures_in
from forms.definition.source import Path
from forms.evaluation.earlier import RESULT_TYPES
from forms.evaluation.program import all_fields, program_of
from forms.expressions.errors import ExpressionError
from forms.fields.place import PlaceField
from forms.fields.statement import StatementField
from forms.routing import order_cycle
from geo.catalogue import entry_of
from geo.layers import is_public, layer_keys
from portal.cases import sealed_fields
from portal.identity import departments_by_key
from portal.maps import Reference, references
from portal.procedures import Procedure, lists, offers, pictures, procedure_keys
from portal.publishing.assigning import assign_errors
from portal.publishing.doers import doer_advice


def city_diagnostics(
    session: Session, procedure: Procedure, definition: Definition, beside: Collection[str] = ()
) -> Iterator[UnlocatedDiagnostic]:
    """The names that lead nowhere in this city, of a definition or of the sound parts of a faulty one. `beside` are pictures that come
    with it.
    """
    if definition.procedure != procedure.key:
        message = f"「{definition.procedure}」と書かれていますが、この手続きは「{procedure.key}」です。"
        yield UnlocatedDiagnostic(("procedure",), message, f"procedure: {procedure.key} に戻してください。")
    departments = departments_by_key(session)
    for path, key in _departments_named(definition):
        if key not in departments:
            open_keys = {department.key for department in departments.values()}
            yield UnlocatedDiagnostic(path, f"「{key}」という課はありません。", _remedy(key, open_keys))
    yield from doer_advice(session, definition)
    for message, remedy in assign_errors(session, definition):
        yield UnlocatedDiagnostic(("workflow", "assign", "by"), message, remedy)
    procedures = procedure_keys(session) | {procedure.key}
    for path, key in _procedures_named(definition):
        if key not in procedures:
            message = f"「{key}」という手続きは、この市にありません。"
            yield UnlocatedDiagnostic(path, message, _remedy(key, procedures))
    yield from _orders_of_others(definition, procedures)
    yield from _statements_leading_nowhere(definition, procedures)
    yield from _departments_not_called(definition, departments)
    shared = {row.key for row, number, _rows in lists.all_lists(session) if number is not None}
    for number, table in enumerate(definition.tables):
        if table.shared is not None and table.shared not in shared:
            message = f"「{table.shared}」という共有の表は、この市にありません。"
            yield UnlocatedDiagnostic(("tables", number, "shared"), message, _remedy(table.shared, shared))
    yield from _picture_errors(session, procedure, definition, beside)
    yield from chain_errors(session, definition)
    yield from _order_errors(session, definition)
    layers = layer_keys(session)
    for reference in references(definition):
        path, key = reference.path, reference.layer
        if key not in layers:
            message = f"地図の層「{key}」は、この市にありません。"
            yield UnlocatedDiagnostic(path, message, _remedy(key, layers))
        elif reference.manner == "options" and not is_public(session, key):
            message = f"地図の層「{key}」は、職員だけが見るものなので、選択肢にできません。"
            yield UnlocatedDiagnostic(path, message, "公開している層にしてください。")
        elif reference.manner != "options" and (entry := entry_of(session, key)) and entry.columns:
            yield from _unknown_properties(reference, entry.columns.keys())


def _statements_leading_nowhere(definition: Definition, procedures: Collection[str]) -> Iterator[UnlocatedDiagnostic]:
    for path, field in all_fields(definition):
        if isinstance(field, StatementField) and field.leads_to is not None and field.leads_to not in procedures:
            message = (
                f"「{field.leads_to}」という手続きは、この市にありません。文だけを出し、受け付けるところは出しません。"
            )
            remedy = nearest(field.leads_to, procedures, "受け付けるところと電話を、文に書いてください。")
            yield UnlocatedDiagnostic((*path, "leads_to"), message, remedy, "advice")


def _departments_not_called(definition: Definition, departments: Collection[str]) -> Iterator[UnlocatedDiagnostic]:
    """Departments that people are to phone and the city lacks: shared definitions name what only some cities have."""
    for path, field in all_fields(definition):
        called = field.department_to_call if isinstance(field, StatementField) else None
        if called is not None and called not in departments:
            message = f"「{called}」という課はありません。市の代表電話を出します。"
            remedy = nearest(called, departments, "代表電話でよければ、call: city と書いてください。")
            yield UnlocatedDiagnostic((*path, "call"), message, remedy, "advice")


def _unknown_properties(reference: Reference, columns: Collection[str]) -> Iterator[UnlocatedDiagnostic]:
    """Properties of a rule or a look-up that no feature of the layer has."""
    for name in sorted(reference.properties - set(columns)):
        message = f"地図の層「{reference.layer}」に「{name}」という項目はありません。"
        yield UnlocatedDiagnostic(reference.path, message, _remedy(name, set(columns)))


def _picture_errors(
    session: Session, procedure: Procedure, definition: Definition, beside: Collection[str]
) -> Iterator[UnlocatedDiagnostic]:
    """Pictures that the definition shows and nobody has put in."""
    shown = list(pictures_in(definition))
    stored = pictures.pictures_of(session, procedure.id) if shown and procedure.id else ()
    names = {*beside, *(row.name for row in stored)}
    for path, picture in shown:
        if picture.file not in names:
            message = f"画像「{picture.file}」は、まだ入っていません。"
            remedy = nearest(picture.file, names, "編集画面の「画像」から、この名前で入れてください。")
            yield UnlocatedDiagnostic((*path, "file"), message, remedy)


def _departments_named(definition: Definition) -> Iterator[tuple[Path, str]]:
    yield ("department",), definition.department
    for number, stage in enumerate(definition.workflow.stages):
        if stage.department is not None:
            yield ("workflow", "stages", number, "department"), stage.department


def _orders_of_others(definition: Definition, procedures: set[str]) -> Iterator[UnlocatedDiagnostic]:
    """Procedures to be done first that this city lacks: shared definitions name what only some cities have."""
    for number, key in enumerate(_waits_for(definition)):
        if key not in procedures:
            message = f"「{key}」という手続きは、この市にありません。案内では、この順番を使いません。"
            remedy = nearest(key, procedures, "この市で受け付けない手続きなら、このままでかまいません。")
            yield UnlocatedDiagnostic(("routing", "after", number), message, remedy, "advice")


def _order_errors(session: Session, definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Procedures that would wait for each other without end."""
    if not _waits_for(definition):
        return
    after = {offer.key: _waits_for(offer.definition) for offer in offers(session)}
    after[definition.procedure] = _waits_for(definition)
    if way := order_cycle(after, definition.procedure):
        message = f"手続きの順番が輪になっています({' → '.join(way)})。"
        remedy = "このうちの1つの after から、次の手続きを消してください。"
        yield UnlocatedDiagnostic(("routing", "after"), message, remedy)


def _waits_for(definition: Definition) -> tuple[str, ...]:
    return definition.routing.after if definition.routing else ()


def chain_errors(session: Session, definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """What a definition says of other procedures of this city: the earlier case it follows, and those it opens."""
    based_on = definition.based_on
    if based_on is None and not definition.opens:
        return
    published = {offer.key: offer.definition for offer in offers(session)}
    if based_on is not None and (earlier := published.get(based_on.procedure)) is not None:
        workflow = workflow_of(earlier)
        for number, state in enumerate(based_on.states):
            if state not in workflow.states:
                message = f"手続き「{based_on.procedure}」に「{state}」という状態はありません。"
                yield UnlocatedDiagnostic(("based_on", "states", number), message, nearest(state, workflow.states))
        by_itself = {move.id for state in based_on.states for move in workflow.moves_from(state, "system")}
        if based_on.move is not None and based_on.move not in by_itself:
            message = f"手続き「{based_on.procedure}」に、自動で進む「{based_on.move}」という動きはありません。"
            remedy = nearest(based_on.move, by_itself, "前の手続きの moves に、who に system を入れて書いてください。")
            yield UnlocatedDiagnostic(("based_on", "move"), message, remedy)
        yield from _value_errors(based_on, earlier)
    for number, opening in enumerate(definition.opens):
        other = published.get(opening.procedure)
        if other is not None:
            yield from _opening_errors(("opens", number), opening, definition, other)


def _value_errors(based_on: BasedOn, earlier: Definition) -> Iterator[UnlocatedDiagnostic]:
    """What is to be taken from the earlier case and cannot be: an expression that does not hold there, or what is kept sealed."""
    sealed = sealed_fields(earlier)
    for number, value in enumerate(based_on.values):
        path = ("based_on", "values", number, "of")
        try:
            compiled = program_of(earlier).language.compile(value.of, RESULT_TYPES[value.type])
        except ExpressionError as error:
            message = f"手続き「{based_on.procedure}」の答えから求められません。{error.message}"
            yield UnlocatedDiagnostic(path, message, error.remedy)
            continue
        for name in sorted(program_of(earlier).questions(compiled) & sealed):
            message = f"「{name}」は、封をして保管している答えなので、前の案件から引きつげません。"
            yield UnlocatedDiagnostic(path, message, "選択、数、日などの答えを使ってください。")


def _opening_errors(
    path: Path, opening: Opening, definition: Definition, other: Definition
) -> Iterator[UnlocatedDiagnostic]:
    for name in ("answers", "values"):
        for there in getattr(opening, name):
            if there not in other.fields:
                message = f"手続き「{other.procedure}」に「{there}」という質問はありません。"
                yield UnlocatedDiagnostic((*path, name, there), message, nearest(there, other.fields))
    for there, here in opening.answers.items():
        question, own = other.fields.get(there), definition.fields.get(here)
        if question and own and question.type != own.type:
            message = f"「{there}」は {question.type} の質問ですが、「{here}」は {own.type} です。"
            yield UnlocatedDiagnostic((*path, "answers", there), message, "同じ型の質問にしてください。")
    given = {*opening.answers, *opening.values}
    conditional = {field.id for step in other.steps for field in step.fields if step.show_when or field.show_when}
    for question_id, question in other.fields.items():
        if question.is_question and question.required and question_id not in given | conditional:
            message = (
                f"手続き「{other.procedure}」に要る「{question_id}」({question.label_in('ja')})の答えがありません。"
            )
            yield UnlocatedDiagnostic(path, message, f"answers に「{question_id}: この手続きの質問」を加えてください。")


def _remedy(written: str, names: set[str]) -> str:
    return nearest(written, names, f"使えるのは {'、'.join(sorted(names))} です。" if names else "")


def _procedures_named(definition: Definition) -> Iterator[tuple[Path, str]]:
    if definition.based_on is not None:
        yield ("based_on", "procedure"), definition.based_on.procedure
    for number, opening in enumerate(definition.opens):
        yield ("opens", number, "procedure"), opening.procedure
    for path, field in all_fields(definition):
        for number, rule in enumerate(field.rules if isinstance(field, PlaceField) else ()):
            if rule.clear_of:
                yield (*path, "rules", number, "clear_of", "procedure"), rule.clear_of.procedure

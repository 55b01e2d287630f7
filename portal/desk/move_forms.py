"""The form of a decision on one case: with the questions of which some move may grant a part."""

from collections.abc import Mapping, Sequence

from forms import Definition
from portal.cases import Case
from portal.cases.moves import MoveInputs, MoveOption, available
from portal.cases.standard_words import conditions_of, typed_of
from portal.desk.forms import MoveForm


def class_of_moves(
    case: Case, definition: Definition, typed: Mapping[str, Sequence[str]] | None = None
) -> type[MoveForm]:
    """The form class for a case; `typed` is what was granted of each question in place of the whole."""
    options = available(case, definition, definition.vocabulary.roles)
    parts = {question.id: (question, requested) for option in options for question, requested in option.partial}
    return MoveForm.of_parts(parts.values(), typed) if parts else MoveForm


def form_of_move(move: MoveOption, case: Case, definition: Definition) -> MoveForm:
    """The form of a move as it begins: a correction with what the decision says that it corrects, any other empty."""
    typed = typed_of(case.granted, definition) if move.corrects else {}
    form_class = MoveForm.of_parts(move.partial, typed) if move.partial else MoveForm
    kept = conditions_of(case) if move.corrects and move.takes_conditions else []
    reason = case.granted["reason"] if move.corrects and case.granted else ""
    return form_class(formdata=None, conditions="\n".join(kept), partly=bool(typed), not_granted=reason)


def form_again(case: Case, definition: Definition, inputs: MoveInputs) -> MoveForm:
    """The form as it was sent: of a decision that was taken back."""
    return class_of_moves(case, definition, inputs.granted)(
        formdata=None,
        note=inputs.note,
        internal_note=inputs.internal_note,
        fields=inputs.fields,
        answer_by=inputs.answer_by.isoformat() if inputs.answer_by else "",
        conditions="\n".join(inputs.conditions),
        partly=inputs.granted is not None,
        not_granted=inputs.not_granted,
        asked_by=inputs.asked_by,
        asked_how=inputs.asked_how,
        paid=inputs.paid,
    )

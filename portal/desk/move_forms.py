"""The form of a decision on one case: with the questions of which some move may grant a part."""

from collections.abc import Mapping, Sequence

from forms import Definition
from portal.cases import Case
from portal.cases.moves import MoveInputs, available
from portal.desk.forms import MoveForm


def class_of_moves(
    case: Case, definition: Definition, typed: Mapping[str, Sequence[str]] | None = None
) -> type[MoveForm]:
    """The form class for a case; `typed` is what was granted of each question in place of the whole."""
    options = available(case, definition, definition.vocabulary.roles)
    parts = {question.id: (question, asked) for option in options for question, asked in option.partial}
    return MoveForm.of_parts(parts.values(), typed) if parts else MoveForm


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

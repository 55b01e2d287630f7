"""What the form warned of and still matters after sending: it is repeated on the receipt, which may be all that somebody keeps."""

from forms import Definition, evaluate
from forms.fields.statement import StatementField
from portal.cases import Case, open_answers
from portal.core.tenancy import current_city
from portal.core.text import current_language


def warnings_kept(case: Case, definition: Definition) -> list[str]:
    """The warnings of the procedure that the answers called for, in the reader's language; nothing is judged where it has none."""
    warnings = {
        field.id: field
        for field in definition.fields.values()
        if isinstance(field, StatementField) and field.tone == "warn"
    }
    if not warnings:
        return []
    answers = open_answers(current_city().key, case.answers)
    language = current_language()
    outcome = evaluate(definition, answers, case.facts, today=case.submitted_on, language=language, city=current_city())
    shown = [field for field_id, field in warnings.items() if outcome.is_visible(field_id)]
    return [outcome.statements.get(field.id, field.text).for_language(language) for field in shown]

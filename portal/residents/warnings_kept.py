"""What the form warned of: the review says it again, as a page without a script passes it by, and the receipt, which may be all that somebody keeps."""

from forms import Definition, Evaluation, evaluate
from forms.fields.statement import StatementField
from portal.cases import Case, open_answers
from portal.core.tenancy import current_city
from portal.core.text import current_language


def warnings_kept(case: Case, definition: Definition) -> list[str]:
    """The warnings of the procedure that the answers called for, in the reader's language; nothing is judged where it has none."""
    if not _warnings_of(definition):
        return []
    answers = open_answers(current_city().key, case.answers)
    language = current_language()
    outcome = evaluate(definition, answers, case.facts, today=case.submitted_on, language=language, city=current_city())
    return warnings_called_for(definition, outcome)


def warnings_called_for(definition: Definition, outcome: Evaluation) -> list[str]:
    """The warnings among the statements of a form that show now, in the reader's language."""
    return [
        outcome.statements.get(field.id, field.text).for_language(current_language())
        for field in _warnings_of(definition)
        if outcome.is_visible(field.id)
    ]


def _warnings_of(definition: Definition) -> list[StatementField]:
    return [field for field in definition.fields.values() if isinstance(field, StatementField) and field.tone == "warn"]

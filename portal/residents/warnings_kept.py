"""What the form warned of: the review says it again, as a page without a script passes it by, and the receipt, which may be all that somebody keeps."""

from dataclasses import dataclass

from forms import Definition, Evaluation, evaluate
from forms.fields.statement import StatementField
from portal.cases import Case, open_answers
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.residents.telephones import telephone_of


@dataclass(frozen=True)
class KeptWarning:
    """What the form warned of, and the number that it tells people to call; empty where it tells of none."""

    text: str
    telephone: str = ""


def warnings_kept(case: Case, definition: Definition) -> list[KeptWarning]:
    """The warnings of the procedure that the answers called for, in the reader's language; nothing is judged where it has none."""
    if not _warnings_of(definition):
        return []
    answers = open_answers(current_city().key, case.answers)
    language = current_language()
    outcome = evaluate(definition, answers, case.facts, today=case.submitted_on, language=language, city=current_city())
    return warnings_called_for(definition, outcome)


def warnings_ahead(case: Case, definition: Definition) -> list[KeptWarning]:
    """The same for a case that goes on; what has ended needs no warning."""
    return warnings_kept(case, definition) if case.closed_at is None else []


def warnings_called_for(definition: Definition, outcome: Evaluation) -> list[KeptWarning]:
    """The warnings among the statements of a form that show now, in the reader's language."""
    return [
        KeptWarning(
            outcome.statements.get(field.id, field.text).for_language(current_language()),
            field.telephone(telephone_of),
        )
        for field in _warnings_of(definition)
        if outcome.is_visible(field.id)
    ]


def _warnings_of(definition: Definition) -> list[StatementField]:
    return [field for field in definition.fields.values() if isinstance(field, StatementField) and field.tone == "warn"]

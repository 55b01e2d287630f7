"""Which shared words a definition uses."""

from forms.definition.procedure import Definition, group_fields
from forms.evaluation.program import program_of


def words_used(definition: Definition) -> frozenset[str]:
    """The names of shared items and facts that a definition which `load` has accepted speaks of."""
    vocabulary = definition.vocabulary
    questions = [inner for field in definition.fields.values() for inner in (field, *group_fields(field))]
    items = {question.item for question in questions if question.item is not None}
    named = {name for compiled in program_of(definition).by_path.values() for name in compiled.names}
    deadline = definition.routing.deadline if definition.routing else None
    named |= {name for name in (deadline.before, deadline.after) if name is not None} if deadline else set()
    facts = (named - definition.fields.keys()) & vocabulary.facts.keys()
    return frozenset(items | facts).union(*(words_used(form) for form in definition.stage_forms.values()))

"""Which shared words a definition uses, and which roles of staff it names."""

from collections.abc import Iterable

from forms.catalogue.vocabulary import Vocabulary
from forms.definition.procedure import Definition, questions_in
from forms.definition.states import Doer
from forms.evaluation.program import program_of
from forms.evaluation.scope import fact_types
from forms.expressions.language import Language, Names


def words_used(definition: Definition) -> frozenset[str]:
    """The names of shared items and facts, and of roles, that a definition which `load` has accepted speaks of."""
    vocabulary = definition.vocabulary
    questions = [inner for field in definition.fields.values() for inner in questions_in(field)]
    items = {question.item for question in questions if question.item is not None}
    named = {name for compiled in program_of(definition).by_path.values() for name in compiled.names}
    if routing := definition.routing:
        rules = (routing.deadline, routing.earliest, *routing.special_deadlines)
        named |= {rule.event for rule in rules if rule is not None} | set(routing.show_facts)
    facts = _with_what_they_depend_on(vocabulary, named - definition.fields.keys())
    return frozenset(items | facts | roles_named(definition)).union(
        *(words_used(form) for form in definition.stage_forms.values())
    )


def roles_named(definition: Definition) -> set[str]:
    """Those who take and sign off the moves of a definition, do its stages, decide its reductions and measure for its fees, as it writes
    them; not those of its preset.
    """
    doers = [doer for move in definition.workflow.moves for doer in move.who or ()]
    stages = {stage.role for stage in definition.workflow.stages}
    reductions = {rule.reduction.decided_by for rule in definition.fee if rule.reduction is not None}
    surveys = {rule.surveyed.measured_by for rule in definition.fee if rule.surveyed is not None}
    steps = [step for move in definition.workflow.moves for step in move.signed_off_by or ()]
    signing = {role for step in steps for role in (step.role, step.deputy) if role is not None}
    return {doer.role if isinstance(doer, Doer) else doer for doer in doers} | signing | stages | reductions | surveys


def _with_what_they_depend_on(vocabulary: Vocabulary, names: Iterable[str]) -> set[str]:
    """Facts with those that say whether they arise, what they are, and where a map is asked."""
    pending, facts = [name for name in names if name in vocabulary.facts], set[str]()
    language = Language(Names(fact_types(vocabulary)), open_world=True)
    while pending:
        name = pending.pop()
        if name in facts or name not in vocabulary.facts:
            continue
        facts.add(name)
        fact = vocabulary.facts[name]
        pending += [other for text in (fact.asked_when, fact.computed) if text for other in language.heads(text)]
        pending += [fact.from_map.at] if fact.from_map and fact.from_map.at else []
    return facts

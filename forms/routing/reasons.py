"""Plans in words: why a procedure is in it, what was answered, what to do when a day has passed."""

from collections.abc import Mapping, Sequence
from datetime import date

from forms.catalogue.vocabulary import Fact
from forms.definition.procedure import Way
from forms.routing.deadlines import Due
from forms.routing.facts import Facts, KnownFact, Unsure
from forms.routing.plan import Entry
from forms.text.localized import Text, Worded
from forms.text.messages import message
from forms.text.ways import ways_of


def reason_in_words(entry: Entry, facts: Facts, vocabulary: Mapping[str, Fact], language: str) -> str:
    """Why a procedure has its place in the plan, as one sentence made from the facts that decided it: 犬を飼っているため."""
    names = [name for name in entry.deciding if name in vocabulary]
    if entry.status in ("undecided", "to_confirm"):
        if not names:
            return message("because_unclear", language)
        labels = [label_of(vocabulary[name], language) for name in names]
        return message("because_unsure", language, labels=ways_of(language).listed(labels))
    clauses = [_clause(vocabulary[name], facts[name], language) for name in names if name in facts]
    if not clauses:
        return message("because_everyone", language)
    if len(clauses) == 1:
        return message("because_one", language, clause=clauses[0])
    return message("because_several", language, clauses=_joined(clauses, language))


def _joined(clauses: Sequence[str], language: str) -> str:
    if len(clauses) == 1:
        return message("because_last", language, clause=clauses[0])
    return message("because_more", language, clause=clauses[0], rest=_joined(clauses[1:], language))


def _clause(fact: Fact, known: KnownFact, language: str) -> str:
    own = fact.because.get(_key(known.value))
    if own is not None:
        return own.for_language(language)
    return message(
        "because_value", language, label=label_of(fact, language), value=answer_in_words(fact, known.value, language)
    )


def _key(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else "known"


def label_of(fact: Fact, language: str) -> str:
    """A fact in a few words; its question where it has no label."""
    text: Text | None = fact.label or fact.question
    return text.for_language(language) if text is not None else ""


def answer_in_words(fact: Fact, value: object, language: str) -> str:
    """A known fact as people read it."""
    match value:
        case Unsure():
            return message("unsure", language)
        case bool():
            return message("yes" if value else "no", language)
        case date():
            return ways_of(language).show_date(value)
        case str() if value in fact.options:
            return fact.options[value].for_language(language)
        case Worded():
            return value.text.for_language(language)
        case Mapping():
            return str(value.get("label", ""))
    return str(value)


def late_advice(due: Due, way: Way, language: str) -> str:
    """What to do when the last day has passed: in the definition's own words, else by the way in which the procedure is done."""
    if due.rule.if_late:
        return due.rule.if_late.for_language(language)
    return message("deadline_passed" if way == "visit" else f"deadline_passed_{way}", language)

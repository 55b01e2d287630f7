"""Which places a page has to do with: those it asks for, and those that must be clear of others in a period it asks for."""

from collections.abc import Container, Mapping
from typing import Any

from forms import Definition, Step
from forms.definition.procedure import group_fields, questions_in
from forms.fields.path import head_of
from portal.cases import conflict_messages, rule_error_messages
from portal.cases.places import PlaceInspection
from portal.core.text import current_language


def affected_places(definition: Definition, step: Step) -> frozenset[str]:
    """The place questions, and groups with places, on which the map's word may change with the answers of a page."""
    on_page = {field.id for field in step.fields}
    heads = {inner.id: field.id for field in definition.fields.values() for inner in questions_in(field)}
    return frozenset(
        heads[place]
        for place in definition.place_fields
        if heads[place] in on_page or _periods(definition, place) & on_page
    )


def objections(
    definition: Definition, step: Step, answers: Mapping[str, Any], unsound: Container[str], survey: PlaceInspection
) -> dict[str, list[str]]:
    """What the map objects to, by the path on the page at which it can be corrected: the place, or else its period.

    As long as the period is not known, others in the way are shown but are no fault: another time may be free. It is not
    known before its page, and while what was entered is among the `unsound` questions of this page.
    """
    language = current_language()
    on_page = {field.id for field in step.fields}
    by_question: dict[str, list[str]] = {}
    affected = affected_places(definition, step)
    for path, place in definition.places_in(answers).items():
        if head_of(path) not in affected:
            continue
        of_row = {question.id for question in group_fields(definition.fields[head_of(path)])}
        named = _periods(definition, place.question.id)
        periods = named - of_row
        waits = any(period not in answers and (period in unsound or period not in on_page) for period in periods)
        waits = waits or not named & of_row <= place.around.keys()
        conflicts = [] if waits else conflict_messages(survey, path, language)
        if head_of(path) in on_page:
            by_question[path] = [*rule_error_messages(survey, path, language), *conflicts]
        else:
            for period in periods & on_page:
                by_question.setdefault(period, []).extend(conflicts)
    return {question: sentences for question, sentences in by_question.items() if sentences}


def _periods(definition: Definition, place: str) -> set[str]:
    rules = definition.place_fields[place].rules
    return {rule.period for rule in rules if rule.period}

"""Which places a page has to do with: those it asks for, and those that must be clear of others in a period it asks for."""

from collections.abc import Container

from forms import Definition, Step
from portal.cases import conflict_messages, rule_error_messages
from portal.cases.places import PlaceInspection
from portal.core.text import current_language


def affected_places(definition: Definition, step: Step) -> frozenset[str]:
    """The place questions on which the map's word may change with the answers of a page."""
    on_page = {field.id for field in step.fields}
    return frozenset(
        place for place in definition.place_fields if place in on_page or _periods(definition, place) & on_page
    )


def objections(
    definition: Definition, step: Step, answered: Container[str], unsound: Container[str], survey: PlaceInspection
) -> dict[str, list[str]]:
    """What the map objects to, by the question of the page at which it can be corrected: the place, or else its period.

    As long as the period is not known, others in the way are shown but are no fault: another time may be free. It is not
    known before its page, and while what was entered is among the `unsound` questions of this page.
    """
    language = current_language()
    on_page = {field.id for field in step.fields}
    by_question: dict[str, list[str]] = {}
    for place in affected_places(definition, step):
        periods = _periods(definition, place)
        waits = any(period not in answered and (period in unsound or period not in on_page) for period in periods)
        conflicts = [] if waits else conflict_messages(survey, place, language)
        if place in on_page:
            by_question[place] = [*rule_error_messages(survey, place, language), *conflicts]
        else:
            for period in periods & on_page:
                by_question.setdefault(period, []).extend(conflicts)
    return {question: sentences for question, sentences in by_question.items() if sentences}


def _periods(definition: Definition, place: str) -> set[str]:
    rules = definition.place_fields[place].rules
    return {rule.clear_of.during for rule in rules if rule.clear_of and rule.clear_of.during}

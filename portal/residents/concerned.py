"""Which places a page has to do with: those it asks for, and those that must be clear of others in a period it asks for."""

from collections.abc import Container

from forms import Definition, Step
from portal.cases.places import Survey, conflict_words


def places_concerned(definition: Definition, step: Step) -> frozenset[str]:
    """The place questions on which the map's word may change with the answers of a page."""
    asked = {field.id for field in step.fields}
    return frozenset(
        place for place in definition.place_fields if place in asked or _periods(definition, place) & asked
    )


def objections(
    definition: Definition, step: Step, answered: Container[str], unsound: Container[str], found: Survey
) -> dict[str, list[str]]:
    """What the map objects to, by the question of the page at which it can be mended: the place, or else its period.

    As long as the period is not known, others in the way are shown but are no fault: another time may be free. It is not
    known before its page, and while what was entered is among the `unsound` questions of this page.
    """
    asked = {field.id for field in step.fields}
    said: dict[str, list[str]] = {}
    for place in places_concerned(definition, step):
        periods = _periods(definition, place)
        others = [conflict_words(one) for one in found.conflicts.get(place, ())]
        waits = any(period not in answered and (period in unsound or period not in asked) for period in periods)
        if place in asked:
            said[place] = [sentence for sentence in found.problems.get(place, ()) if not (waits and sentence in others)]
        elif not waits:
            for period in periods & asked:
                said.setdefault(period, []).extend(others)
    return {question: sentences for question, sentences in said.items() if sentences}


def _periods(definition: Definition, place: str) -> set[str]:
    rules = getattr(definition.fields[place], "rules", ())
    return {rule.clear_of.during for rule in rules if rule.clear_of and rule.clear_of.during}

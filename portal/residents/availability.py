"""What is left of limited places, for the questions of a page."""

from collections.abc import Mapping

from forms import Step
from forms.fields.rendering import FreeSlots
from portal.bookings import Holder
from portal.cases import free_slots, place_sentences, rest_of_options
from portal.core.tenancy import current_city
from portal.residents.draft_application import DraftApplication


def rests_of(application: DraftApplication, step: Step) -> Mapping[str, Mapping[str, str]]:
    """What is left for each option, in words, by question and option."""
    definition = application.definition
    if not definition.capacity:
        return {}
    rests = {
        question.id: rest_of_options(
            application.session,
            definition,
            question.id,
            application.answers,
            application.facts,
            draft=application.draft,
            day=application.day,
            city=current_city(),
        )
        for question in step.fields
        if question.type in ("choice", "choices")
    }
    return {name: {option: rest.words for option, rest in options.items()} for name, options in rests.items()}


def slots_of(application: DraftApplication) -> FreeSlots:
    """Which appointments a question offers: those that nobody else has."""
    holder = Holder(draft_id=application.draft.id)
    return lambda question: free_slots(application.session, question, application.answers, holder)


def room_for(application: DraftApplication, step: Step) -> list[tuple[bool, str]]:
    """Whether there is room for what the answers of a page name, and that in words."""
    if not application.definition.capacity:
        return []
    questions = {question.id for question in step.fields}
    return place_sentences(
        application.session, application.definition, application.outcome, questions, application.draft
    )

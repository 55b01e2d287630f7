"""What is left of limited places, for the questions of a page."""

from collections.abc import Mapping

from forms import Step
from portal.cases import rest_of_options
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

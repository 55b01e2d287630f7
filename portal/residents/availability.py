"""What is left of limited places, for the questions of a page."""

from collections.abc import Iterator, Mapping

from forms import Step
from forms.definition.procedure import questions_in
from forms.fields import FieldType
from forms.fields.rendering import FreeSlots
from portal.bookings import Holder
from portal.cases import Member, PlacesInquiry, free_slots, place_sentences, rest_of_options
from portal.core.tenancy import current_city
from portal.residents.draft_application import DraftApplication


def rests_of(application: DraftApplication, step: Step) -> Mapping[str, Mapping[str, str]]:
    """What is left for each option, in words, by question and option."""
    rests: dict[str, Mapping[str, str]] = {}
    for inquiry, question, own in limited_choices(application, step):
        options = rest_of_options(application.session, inquiry, own)
        rests[question.id] = {option: rest.words for option, rest in options.items()}
    return rests


def slots_of(application: DraftApplication) -> FreeSlots:
    """Which appointments a question offers: those that nobody else has."""
    return lambda question: free_slots(
        application.session, question, application.answers, Holder(draft_id=_asking(application, question).draft.id)
    )


def room_for(application: DraftApplication, step: Step) -> list[tuple[bool, str]]:
    """Whether there is room for what the answers of a page name, and that in words."""
    return [
        sentence
        for member in application.members
        if member.definition.capacity
        for sentence in place_sentences(
            application.session,
            member.definition,
            application.outcome.share(member.definition.procedure),
            application.own_questions(member, step),
            member.draft,
        )
    ]


def limited_choices(application: DraftApplication, step: Step) -> Iterator[tuple[PlacesInquiry, FieldType, str]]:
    """The questions of a page with options, for the procedures that limit places, and what those call them."""
    for member in application.members:
        if not member.definition.capacity:
            continue
        inquiry = PlacesInquiry(member, application.own_answers(member), application.day, current_city())
        for question in step.fields:
            own = application.definition.path_in(member.definition.procedure, question.id)
            if own is not None and question.type in ("choice", "choices"):
                yield inquiry, question, own


def _asking(application: DraftApplication, question: FieldType) -> Member:
    """The procedure that asks a question, which may stand in a row; only one asks for an appointment."""
    for head, field in application.definition.fields.items():
        if question.id in {inner.id for inner in questions_in(field)}:
            for member in application.members:
                if application.definition.path_in(member.definition.procedure, head) is not None:
                    return member
    return application.members[0]

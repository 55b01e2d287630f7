"""What is left of limited places, for the questions of a page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forms import Step
from forms.definition.procedure import questions_in
from forms.fields import FieldType
from forms.fields.date import DateField
from forms.fields.days_of_page import FreeSlots
from portal.bookings import Holder
from portal.cases import PlacesInquiry, free_slots, place_sentences, rest_of_options
from portal.cases.bundles import Member
from portal.core.tenancy import current_city
from portal.residents.draft_application import DraftApplication

FEW_LEFT = 5
"""From how many places on the rest of a day is worth a word: there are many days, and plenty of room on most."""


@dataclass(frozen=True)
class Rests:
    """What is left of limited places: in words, by question and option or day; and which of the offered days have nothing left."""

    words: Mapping[str, Mapping[str, str]]
    full_days: Mapping[str, frozenset[str]]


Choice = tuple[PlacesInquiry, FieldType, str]
"""A question with options or offered days of a procedure that limits places, who asks, and what that procedure calls it."""


def rests_of(session: Session, choices: Iterable[Choice]) -> Rests:
    """What is left for each option and each offered day of these questions."""
    words: dict[str, Mapping[str, str]] = {}
    full: dict[str, frozenset[str]] = {}
    for inquiry, question, own in choices:
        options = rest_of_options(session, inquiry, own)
        of_days = isinstance(question, DateField)
        words[question.id] = {
            option: rest.words for option, rest in options.items() if not of_days or rest.free <= FEW_LEFT
        }
        if of_days:
            full[question.id] = frozenset(option for option, rest in options.items() if not rest.free)
    return Rests(words, full)


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


def limited_choices(application: DraftApplication, step: Step) -> Iterator[Choice]:
    """Those of a page, for each procedure that asks on it."""
    for member in application.members:
        if not member.definition.capacity:
            continue
        inquiry = PlacesInquiry(
            member.key,
            member.definition,
            Holder(draft_id=member.draft.id),
            application.own_answers(member),
            member.draft.facts,
            application.day,
            current_city(),
        )
        for question in step.fields:
            own = application.definition.path_in(member.definition.procedure, question.id)
            if own is not None and counts_places(question):
                yield inquiry, question, own


def counts_places(question: FieldType) -> bool:
    """Whether places can be limited by the options of a question, or by the days that it offers."""
    return question.type in ("choice", "choices") or (isinstance(question, DateField) and question.offer is not None)


def _asking(application: DraftApplication, question: FieldType) -> Member:
    """The procedure that asks a question, which may stand in a row; only one asks for an appointment."""
    for head, field in application.definition.fields.items():
        if question.id in {inner.id for inner in questions_in(field)}:
            for member in application.members:
                if application.definition.path_in(member.definition.procedure, head) is not None:
                    return member
    return application.members[0]

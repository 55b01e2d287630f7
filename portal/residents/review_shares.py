"""The share of each procedure in an application that is looked over: what goes to whom, what it costs, and what must wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from forms import Evaluation, Fee, due_by_answer, due_by_others
from portal.cases import (
    PlacesHeld,
    acceptance_now,
    acceptance_sentence,
    digest_review,
    digest_reviews,
    hold_places,
)
from portal.cases.bundles import Member, hold_bundle_places, waits_for
from portal.core.text import _, current_language, listed, pick
from portal.core.web import db
from portal.identity import departments_by_key
from portal.residents.answers import Row, sections
from portal.residents.definition_texts import words
from portal.residents.draft_application import DraftApplication
from portal.residents.form_submission import then_to_review


@dataclass(frozen=True)
class Share:
    """One procedure with what follows for it. `waits_for` says after which others' decision it is opened; it costs nothing before. `due` is its
    last day, where an answer says so, its own or one to a procedure that is sent with it.
    """

    member: Member
    outcome: Evaluation
    office: str
    waits_for: str
    due: date | None

    @property
    def title(self) -> str:
        """What the procedure is called."""
        return words(self.member.definition.title)

    @property
    def rows(self) -> list[Row]:
        """The answers that its office gets."""
        pages = sections(
            self.member.definition,
            self.outcome.answers,
            self.outcome.facts,
            self.outcome.visible,
        )
        return [row for page in pages for row in page.rows]


def shares_of(application: DraftApplication) -> list[Share]:
    """The procedures of an application that was judged, in the order in which they are done."""
    by_key = departments_by_key(db()) if application.bundle else {}
    outcomes = [(member, application.outcome.share(member.definition.procedure)) for member in application.members]
    answers = {name: answer for _member, own in reversed(outcomes) for name, answer in own.answers.items()}
    offices = {key: pick(office.title) for key, office in by_key.items()}
    return [
        Share(
            member,
            own,
            offices.get(member.definition.department, ""),
            listed(words(other.definition.title) for other in waits_for(member, application.members)),
            due_by_answer(member.definition, own.answers) or due_by_others(member.definition, answers),
        )
        for member, own in outcomes
    ]


def fee_now(shares: Sequence[Share]) -> Fee:
    """What the procedures cost that are opened at once."""
    return Fee(tuple(line for share in shares if not share.waits_for for line in share.outcome.fee.lines))


def closed_sentence(shares: Sequence[Share]) -> str:
    """Why nothing can be sent now, where one of the procedures takes no applications; empty where all do."""
    for share in shares:
        acceptance = acceptance_now(share.member.definition)
        if not acceptance.is_open:
            sentence = acceptance_sentence(acceptance)
            return sentence if len(shares) == 1 else _("「{title}」：{sentence}", title=share.title, sentence=sentence)
    return ""


def hold_all(application: DraftApplication, shares: Sequence[Share]) -> list[PlacesHeld]:
    """Hold the limited places that the procedures take."""
    triples = [(share.member.draft, share.member.definition, share.outcome) for share in shares]
    if application.bundle is not None:
        return hold_bundle_places(db(), triples)
    return [hold_places(db(), *each) for each in triples]


def choices_to_change(application: DraftApplication, share: Share, held: PlacesHeld) -> list[tuple[str, str]]:
    """The questions whose answers name places that are full, as links to their pages."""
    definition = application.definition
    links = []
    for name in definition.fields:
        own = definition.path_in(share.member.definition.procedure, name)
        if own in held.questions:
            address = application.address(definition.step_of(name))
            links.append((then_to_review(f"{address}#{name}"), definition.fields[name].label_in(current_language())))
    return links


def digest_of(application: DraftApplication, shares: Sequence[Share]) -> str:
    """What the applicant vouches for by sending."""
    digests = [digest_review(share.member.draft.version_id, share.outcome) for share in shares]
    return digest_reviews(digests) if application.bundle is not None else digests[0]

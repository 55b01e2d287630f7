"""What becomes of places that the office proposed: the applicant takes one over, sends another or the same again, or no answer comes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms import Definition
from forms.fields.occurrences import answer_at, slot_of
from forms.fields.path import head_of
from portal.cases.effects import CORRECTION_ANSWERED, CORRECTION_REQUESTED
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.place_proposal_models import PlaceProposal
from portal.cases.place_proposals import Proposed, send_proposals
from portal.core.clock import now
from portal.core.events import Actor, record

__all__ = ["follow_move", "is_overtaken", "open_proposals", "place_in", "settle_proposals"]


def open_proposals(session: Session, case_id: int) -> Sequence[PlaceProposal]:
    """What was sent to the applicant of a case and waits for an answer, in the order of the places."""
    query = select(PlaceProposal).where(
        PlaceProposal.case_id == case_id, PlaceProposal.sent_at.is_not(None), PlaceProposal.outcome.is_(None)
    )
    return session.scalars(query.order_by(PlaceProposal.id)).all()


def place_in(definition: Definition, answers: Mapping[str, Any], proposal: PlaceProposal) -> str | None:
    """The path at which the place of a proposal is in these answers, also where rows have moved; None where it is gone."""
    proposed = Proposed.stored(proposal.content)
    same = [path for path in definition.places_in(answers) if slot_of(path) == slot_of(proposal.field)]
    for geometry in (proposed.before, proposed.geometry):
        for path in sorted(same, key=lambda path: path != proposal.field):
            if geometry is not None and _geometry(answers, path) == geometry:
                return path
    return proposal.field if head_of(proposal.field) == proposal.field and same else None


def is_overtaken(proposal: PlaceProposal, sent: Mapping[str, Any]) -> bool:
    """Whether the place is no longer what it was when the office proposed another, in the answers that the case has."""
    return bool(_geometry(sent, proposal.field) != Proposed.stored(proposal.content).before)


def settle_proposals(
    session: Session, case: Case, definition: Definition, after: Mapping[str, Any], actor: Actor
) -> None:
    """Keep how the applicant answered with a correction. The case's row must be locked."""
    for proposal in open_proposals(session, case.id):
        proposed = Proposed.stored(proposal.content)
        places = [
            _geometry(after, path) for path in definition.places_in(after) if slot_of(path) == slot_of(proposal.field)
        ]
        outcome = (
            "accepted"
            if proposed.geometry in places and proposed.geometry is not None
            else "kept"
            if proposed.before in places
            else "edited"
        )
        proposal.outcome, proposal.ended_at = outcome, now()
        record(session, of_case(case.id), "case.place_answered", actor, proposal_id=proposal.id, outcome=outcome)
    session.flush()


def follow_move(
    session: Session, case: Case, event: str, drafts: Sequence[PlaceProposal], actor: Actor, *, waited: bool
) -> None:
    """What a move does to proposals: drafts go with a request to correct, and what was sent ends with a case that `waited` and goes on
    without an answer.
    """
    if event == CORRECTION_REQUESTED:
        send_proposals(session, case, drafts, actor)
    elif waited and case.status != "fix" and event != CORRECTION_ANSWERED:
        end_proposals(session, case.id)


def end_proposals(session: Session, case_id: int) -> None:
    """No answer comes any more: the case went on without one."""
    waiting = (PlaceProposal.case_id == case_id, PlaceProposal.sent_at.is_not(None), PlaceProposal.outcome.is_(None))
    session.execute(update(PlaceProposal).where(*waiting).values(outcome="ended", ended_at=now()))


def _geometry(answers: Mapping[str, Any], path: str) -> Any:
    answer = answer_at(answers, path)
    return answer.get("geometry") if isinstance(answer, dict) else None

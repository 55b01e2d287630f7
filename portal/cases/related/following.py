"""What followers do when their lead has gone on: the same move with the same words, each with a letter of its own, once."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases.events import in_history, of_case
from portal.cases.join_models import FOLLOW_LEAD, CaseJoin
from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition, lock_case
from portal.cases.related.rules import FOLLOWED, move_to
from portal.cases.workflows import workflow_for
from portal.core.database import city_session
from portal.core.errors import DomainError
from portal.core.events import SYSTEM, Actor, Event, record

__all__ = ["FOLLOW_LEAD", "follow_lead"]


def follow_lead(city: str, lead_id: int) -> None:
    """Take every follower to where its lead stands, each in a transaction of its own; safe to repeat. Of a lead that its applicant withdrew,
    the oldest follower becomes the lead.
    """
    with city_session(city) as session:
        event = _newest(session, session.get_one(Case, lead_id))
        query = select(CaseJoin.case_id).where(CaseJoin.lead_id == lead_id).order_by(CaseJoin.case_id)
        followers = list(session.scalars(query))
        if event is not None and event.name == "case.withdrawn" and followers:
            _succeed(session, lead_id, followers)
            return
    for follower_id in followers:
        with city_session(city) as session:
            _follow(session, lead_id, follower_id)


def _succeed(session: Session, lead_id: int, followers: list[int]) -> None:
    heir, *others = followers
    lock_case(session, heir)
    session.execute(update(CaseJoin).where(CaseJoin.case_id.in_(others)).values(lead_id=heir))
    own = session.get(CaseJoin, heir)
    if own is not None:
        session.delete(own)
        record(session, of_case(heir), "case.separated", SYSTEM, lead_id=lead_id)


def _follow(session: Session, lead_id: int, follower_id: int) -> None:
    case = lock_case(session, follower_id)
    join = session.get(CaseJoin, follower_id)
    lead = session.get_one(Case, lead_id)
    if join is None or join.lead_id != lead_id or case.closed_at is not None or case.state == lead.state:
        return
    event = _newest(session, lead)
    if event is None or event.name not in FOLLOWED:
        return
    move = move_to(workflow_for(session, case), case.state, lead.state, None, event.name)
    actor = Actor(event.actor_kind, event.actor_id, event.actor_name)
    try:
        with session.begin_nested():
            if move is None:
                raise DomainError("no move")
            inputs = MoveInputs(note=_words(session, event, lead, case))
            apply_transition(session, case.id, move.id, actor, roles=move.roles, inputs=inputs)
    except DomainError:
        case.unread = True
        record(session, of_case(case.id), "case.not_followed", SYSTEM, lead_id=lead_id)


def _newest(session: Session, lead: Case) -> Event | None:
    """The event that brought a lead to where it stands."""
    query = select(Event).where(in_history(lead.id), Event.data["state"].as_string() == lead.state)
    return session.scalars(query.order_by(Event.id.desc()).limit(1)).first()


def _words(session: Session, event: Event, lead: Case, case: Case) -> str:
    """What was written to the lead's applicant, with number and name of this case in place of the lead's."""
    message_id = event.data.get("message_id")
    body = next((message.body for message in messages_of(session, lead.id) if message.id == message_id), "")
    body = body.replace(lead.number, case.number)
    return body.replace(lead.applicant_name, case.applicant_name) if lead.applicant_name else body

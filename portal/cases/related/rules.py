"""Which cases may be joined, and what a follower does when its lead goes on: pure decisions."""

from collections.abc import Collection
from dataclasses import dataclass

from forms import Definition, Move, Workflow

FOLLOWED = frozenset(
    {"case.accepted", "case.moved", "case.stage_passed", "case.approved", "case.completed", "case.refused"}
)
"""Events of a lead that its followers go along with. What one person is asked, pays or withdraws is theirs alone."""


@dataclass(frozen=True)
class Joinable:
    """A case as it stands when it is to be joined."""

    procedure: str
    department_id: int
    state: str
    closed: bool
    decided: bool
    leads: bool
    follows: bool


def may_be_joined(definition: Definition) -> bool:
    """Whether cases of a procedure may be joined: not where each is an application of its own right, with a disposition that may be
    reviewed, a fee, a payout or limited places.
    """
    own_right = definition.refusal_may_be_reviewed or definition.fee or definition.payout or definition.capacity
    return not own_right


def join_obstacle(lead: Joinable, other: Joinable) -> str | None:
    """Why a case cannot follow a lead, as a sentence; None where it can. Whether it can take up the lead's state, its workflow says."""
    if lead.closed or other.closed:
        return "終わった案件は、統合できません。"
    if lead.follows:
        return "この案件は、もうほかの案件に統合されています。まとめている案件の画面から統合してください。"
    if other.follows:
        return "選んだ案件は、もうほかの案件に統合されています。"
    if other.leads:
        return "選んだ案件には、ほかの案件が統合されています。その案件のほうにまとめるか、先に分けてください。"
    if lead.procedure != other.procedure:
        return "ちがう手続きの案件は、統合できません。"
    if lead.department_id != other.department_id:
        return "ちがう課の案件は、統合できません。先に、同じ課に移してください。"
    if lead.decided or other.decided:
        return "決定を待っている案件は、統合できません。"
    return None


def move_to(
    workflow: Workflow, state: str, target: str, roles: Collection[str] | None, event: str | None = None
) -> Move | None:
    """The move that takes a case from its state to a target in one step, with nothing to sign off or to choose; by somebody with these
    roles (None: by whoever), and recorded as that event.
    """
    for move in workflow.moves_from(state, set(roles)) if roles is not None else workflow.moves_from(state):
        fits = event is None or move.event == event
        if fits and tuple(move.targets(state)) == (target,) and not move.signed_off_by and set(move.needs) <= {"note"}:
            return move
    return None

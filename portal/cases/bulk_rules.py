"""Which of several cases are left out of what is done with them together, and why: decided before anything is done, and again for each."""

from collections.abc import Collection
from dataclasses import dataclass

from forms import Move, Workflow
from portal.cases.effects import effects_of
from portal.cases.models import Case
from portal.core.access import StaffIdentity

REASONS = {
    "erased": "保存期間が過ぎて、内容が消えています。",
    "forbidden": "この課の案件に、この操作をする権限がありません。",
    "changed": "選んだあとに、案件の内容や状態が変わりました。",
    "reassigned": "選んだあとに、担当が変わりました。",
    "not_colleague": "担当にする人が、この案件の課にいません。",
    "same": "もう、その人の担当です。",
    "closed": "もう終わった案件です。",
    "decided": "決定を待っています。決定が終わるか、取り消されるまで変えられません。",
    "not_to_accept": "いま、受け付ける段階にありません。",
    "one_by_one": "受け付けるときに書くことや決めることがあるので、1件ずつ受け付けてください。",
    "same_department": "もう、その課の案件です。",
    "joined": "ほかの案件と統合しています。先に分けてください。",
    "department_closed": "移す先の課が、なくなりました。",
    "no_value": "文の差し込みに入る名前や場所が、この案件にありません。",
}
RIGHTS = {
    "assign": "case.assign",
    "message": "case.message",
    "accept": "case.read_answers",
    "transfer": "case.transfer",
}
"""The right that each act needs in the department of a case; who may accept, the workflow says besides."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be done: `assignee` is who is to have the cases (none: nobody), `department` which department."""

    act: str
    assignee: int | None = None
    department: int | None = None
    body: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case as it is now beside how it was when it was chosen."""

    position: int
    case_id: int
    number: str
    procedure: str
    title: str
    department_id: int
    assignee_id: int | None
    lock_version: int
    erased: bool
    closed: bool
    decided: bool
    joined: bool
    seen_assignee: int | None
    seen_version: int


def obstacle(
    proposal: Proposal, staff: StaffIdentity, chosen: Chosen, colleagues: Collection[int], accepting: str | None = None
) -> str | None:
    """Why a case is left out (a name in `REASONS`); None for one that is acted on.

    `colleagues` are those who can have cases of its department, `accepting` is why its workflow does not let it be accepted here and now.
    """
    if chosen.erased:
        return "erased"
    if not staff.may(RIGHTS[proposal.act], chosen.department_id):
        return "forbidden"
    if proposal.act == "assign":
        return _not_assignable(proposal, chosen, colleagues)
    if chosen.lock_version != chosen.seen_version:
        return "changed"
    return None if proposal.act == "message" else _stands_in_the_way(proposal, chosen, accepting)


def _stands_in_the_way(proposal: Proposal, chosen: Chosen, accepting: str | None) -> str | None:
    if chosen.closed or chosen.decided:
        return "closed" if chosen.closed else "decided"
    if proposal.act == "accept":
        return accepting
    if chosen.department_id == proposal.department:
        return "same_department"
    return "joined" if chosen.joined else None


def _not_assignable(proposal: Proposal, chosen: Chosen, colleagues: Collection[int]) -> str | None:
    if chosen.assignee_id == proposal.assignee:
        return "same"
    if chosen.assignee_id != chosen.seen_assignee:
        return "reassigned"
    return None if proposal.assignee is None or proposal.assignee in colleagues else "not_colleague"


def not_acceptable(workflow: Workflow, case: Case, roles: Collection[str]) -> str | None:
    """Why somebody with these roles cannot accept a case together with others; None where nothing has to be written or decided with it."""
    move = accepting_move(workflow, case, roles)
    if move is None:
        return "not_to_accept"
    if move.needs or move.signed_off_by:
        return "one_by_one"
    effects = effects_of(workflow, case, move, by_applicant=False, has_note=False, refundable=0)
    return "one_by_one" if effects.leave_the_office else None


def accepting_move(workflow: Workflow, case: Case, roles: Collection[str]) -> Move | None:
    """The move by which somebody with these roles accepts a case where it stands."""
    return next((move for move in workflow.moves_from(case.state, set(roles)) if move.event == "case.accepted"), None)


def reason_words(reason: str) -> str:
    """The sentence of a reason."""
    return REASONS[reason]

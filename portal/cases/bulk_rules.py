"""Which of several cases are left out of what is done with them together, and why: decided before anything is done, and again for each."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.core.access import StaffIdentity

REASONS = {
    "erased": "保存期間が過ぎて、内容が消えています。",
    "forbidden": "この課の案件に、この操作をする権限がありません。",
    "changed": "選んだあとに、案件の内容や状態が変わりました。",
    "reassigned": "選んだあとに、担当が変わりました。",
    "not_colleague": "担当にする人が、この案件の課にいません。",
    "same": "もう、その人の担当です。",
    "no_value": "文の差し込みに入る名前や場所が、この案件にありません。",
}
RIGHTS = {"assign": "case.assign", "message": "case.message"}


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
    seen_assignee: int | None
    seen_version: int


def obstacle(
    act: str, staff: StaffIdentity, chosen: Chosen, assignee: int | None, colleagues: Collection[int]
) -> str | None:
    """Why a case is left out (a name in `REASONS`); None for one that is acted on.

    `assignee` is who is to have it, `colleagues` who can have cases of its department.
    """
    if chosen.erased:
        return "erased"
    if not staff.may(RIGHTS[act], chosen.department_id):
        return "forbidden"
    if act == "message":
        return "changed" if chosen.lock_version != chosen.seen_version else None
    if chosen.assignee_id == assignee:
        return "same"
    if chosen.assignee_id != chosen.seen_assignee:
        return "reassigned"
    return None if assignee is None or assignee in colleagues else "not_colleague"


def reason_words(reason: str) -> str:
    """The sentence of a reason."""
    return REASONS[reason]

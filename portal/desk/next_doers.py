"""What the drawer says to somebody who cannot take a case further: who can, by name, and how it gets to them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import Case, moves_of_others
from portal.cases.moves import MoveOption, roles_in
from portal.core.access import StaffIdentity
from portal.core.text import _, listed
from portal.identity import city_roles, staff_with_roles


def next_doers(
    session: Session, case: Case, definition: Definition, staff: StaffIdentity, moves: Sequence[MoveOption]
) -> list[str]:
    """A sentence for each way on that others take: what another department is asked always, the rest where this person has no way on."""
    if not staff.may("case.see", case.department_id):
        return []  # somebody of a department that is asked: the office's own ways are none of theirs
    others = moves_of_others(case, definition, roles_in(staff, case))
    if any(move.kind == "main" for move in moves):
        others = [move for move in others if move.elsewhere]
    other_roles = {role for move in others for role in move.roles}
    holders = staff_with_roles(session, case.department_id, other_roles) if other_roles else []
    titles = city_roles.role_titles(session) if other_roles else {}
    sentences = []
    for move in others:
        if move.roles:
            names = list(dict.fromkeys(name for name, role in holders if role in move.roles))
            sentences.append(_by_staff(move.title, [titles.get(role, role) for role in move.roles], names))
        elif move.elsewhere:
            sentences.append(_("「{title}」は、照会した課が行います。答えを待っています。", title=move.title))
        elif move.by_applicant:
            sentences.append(_("「{title}」は、申請した人が行います。返事を待っています。", title=move.title))
        elif move.by_itself:
            sentences.append(_("「{title}」は、支払いや期限に合わせて、自動で行います。", title=move.title))
    return sentences


def _by_staff(title: str, roles: Sequence[str], names: Sequence[str]) -> str:
    of_role = "・".join(f"「{role}」" for role in roles)
    if not names:
        return _(
            "「{title}」は、{role}の役割の職員が行いますが、この課にいません。管理者に、役割を付けるよう伝えてください。",
            title=title,
            role=of_role,
        )
    return _(
        "「{title}」は、{role}の役割の職員が行います({names})。担当を変えると、渡せます。",
        title=title,
        role=of_role,
        names=listed(names),
    )

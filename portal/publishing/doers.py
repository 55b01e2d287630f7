"""Whether somebody of this city's staff can take the moves of a definition. Advice: who does what may be settled after publishing."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from forms import Definition, workflow_of
from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.source import Path
from forms.workflow.stages import APPLICANT
from forms.workflow.ways import SYSTEM, reachable
from portal.identity import city_roles, department_by_key, held_roles

_SEE = "case.see"


def doer_advice(session: Session, definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """The moves and stages that nobody can do as things stand, each role and department once."""
    if definition.unread.workflow or not definition.has_form:
        return
    titles = definition.vocabulary.roles
    own = {role.key: role for role in city_roles.list_city_roles(session)}
    held = held_roles(session)
    here = department_by_key(session, definition.department)
    departments = None if definition.workflow.assign or here is None else {here.id, None}
    in_reach = {role for department, role in held if departments is None or department in departments}
    lacking: dict[tuple[str, ...], tuple[Path, str]] = {}
    for path, title, roles in _doers(definition, titles):
        if roles and not in_reach.intersection(roles):
            lacking.setdefault(roles, (path, title))
    for roles, (path, title) in lacking.items():
        names = "・".join(f"「{titles[role]}」" for role in roles)
        message = f"「{title}」を行う{names}の役割の職員が、担当の課にいません。"
        yield UnlocatedDiagnostic(path, message, "管理者に、役割をつけるよう伝えてください。", "advice")
    blind = {role for _path, _title, roles in _doers(definition, titles) for role in roles if role in own}
    for role in sorted(blind):
        if _SEE not in own[role].rights:
            message = f"役割「{own[role].title}」には、案件を見る権限がありません。"
            yield UnlocatedDiagnostic(
                ("workflow",), message, "管理者に、「市の役割」で権限を加えるよう伝えてください。", "advice"
            )


def _doers(definition: Definition, titles: Mapping[str, str]) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Each move that only staff take, and the stages done in the case's own department, with the roles that do it.

    Giving money back is left out of procedures without a fee.
    """
    workflow = workflow_of(definition)
    written = {move.id: number for number, move in enumerate(definition.workflow.moves)}
    states = set(reachable(workflow))
    for move in workflow.moves:
        if not states.intersection(move.from_) or ("refund" in move.causes and not definition.fee):
            continue
        if move.roles & {APPLICANT, SYSTEM} or any("@" in role for role in move.roles):
            continue
        place: Path = ("workflow", "moves", written[move.id], "who") if move.id in written else ("workflow",)
        yield place, move.title.ja, tuple(role for role in titles if role in move.roles)

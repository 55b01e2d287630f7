"""Faults of states and moves that a definition writes itself: what is missing, names that lead nowhere, moves nobody takes."""

from collections.abc import Collection, Iterator, Mapping

from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.definition.states import Doer, Fork, OwnMove
from forms.definition.workflow import WorkflowUse
from forms.fields import FieldType
from forms.fields.file import Files
from forms.workflow.building import build, without_stages
from forms.workflow.machine import Workflow
from forms.workflow.own import ANSWER, PAY
from forms.workflow.preset import BACK, SAME, presets
from forms.workflow.stages import APPLICANT
from forms.workflow.ways import SYSTEM, ending, is_taken, reachable, starts

_ROOT: Path = ("workflow",)


def own_diagnostics(definition: Definition, use: WorkflowUse) -> list[UnlocatedDiagnostic]:
    """The faults of the own parts of a workflow; of a plain preset there are none."""
    if not (use.states or use.moves or use.start or use.flow):
        return []
    preset = presets()[use.preset] if use.preset is not None else None
    diagnostics = [
        *_states(use, {state.id for state in preset.states} if preset else ()),
        *_moves(use, [move.id for move in preset.moves] if preset else [], definition.vocabulary.roles),
    ]
    diagnostics += _partial_grants(definition, use)
    workflow = build(use)
    diagnostics += _references(use, without_stages(use), workflow)
    diagnostics += _deadlines(use, workflow)
    if not diagnostics:
        diagnostics += [*_reach(use, workflow), *_money(definition, use, workflow)]
    return diagnostics


def _states(use: WorkflowUse, of_preset: Collection[str]) -> Iterator[UnlocatedDiagnostic]:
    seen: set[str] = set()
    for number, state in enumerate(use.states):
        path = (*_ROOT, "states", number)
        if state.id in seen or state.id in (SAME, BACK):
            remedy = "片方を消すか、別のIDにしてください。"
            yield UnlocatedDiagnostic((*path, "id"), f"「{state.id}」という状態はもうあります。", remedy)
        seen.add(state.id)
        for name in ("title", "kind") if state.id not in of_preset else ():
            if getattr(state, name) is None:
                yield _missing(path, name, f"新しい状態「{state.id}」")


def _moves(use: WorkflowUse, of_preset: list[str], roles: Mapping[str, str]) -> Iterator[UnlocatedDiagnostic]:
    seen: set[str] = set()
    for number, move in enumerate(use.moves):
        path = (*_ROOT, "moves", number)
        if move.id in seen or move.id in use.drop:
            remedy = "別のIDにしてください。from には、いくつもの状態を書けます。"
            yield UnlocatedDiagnostic((*path, "id"), f"「{move.id}」という動きはもうあります。", remedy)
        seen.add(move.id)
        if move.id not in of_preset:
            for name in ("title", "from", "to", "who"):
                if getattr(move, "from_" if name == "from" else name) is None:
                    yield _missing(path, name, f"新しい動き「{move.id}」")
        elif of_preset.count(move.id) > 1 and (move.from_ or move.to):
            message = f"「{move.id}」は流れに2つあり、from と to を変えられません。"
            yield UnlocatedDiagnostic(path, message, "別のIDの動きを加え、要らない動きを drop に書いてください。")
        if isinstance(move.to, Fork) and move.fee is None and move.id not in of_preset:
            yield _missing(path, "fee", f"料金で行き先が分かれる動き「{move.id}」")
        yield from _doers(use, path, move, roles)
        yield from _sign_offs(path, move, roles)


def _doers(use: WorkflowUse, path: Path, move: OwnMove, known: Mapping[str, str]) -> Iterator[UnlocatedDiagnostic]:
    who = {APPLICANT: "申請者", SYSTEM: "自動", **known}
    for position, doer in enumerate(move.who or ()):
        role, place = (doer.role, ("role",)) if isinstance(doer, Doer) else (doer, ())
        if role not in who:
            yield unknown_role((*path, "who", position, *place), role, who)
    roles = {doer.role if isinstance(doer, Doer) else doer for doer in move.who or ()}
    by_deadline = any(state.deadline and state.deadline.move == move.id for state in use.states)
    if roles == {SYSTEM} and move.id != PAY and not by_deadline:
        message = f"動き「{move.id}」を進める人がいません。"
        yield UnlocatedDiagnostic(
            (*path, "who"), message, "who に applicant か、市の役割(clerk など)を加えてください。"
        )


def _sign_offs(path: Path, move: OwnMove, known: Mapping[str, str]) -> Iterator[UnlocatedDiagnostic]:
    """Faults of a route of 決裁: roles that the city does not have, and moves that nobody of the office takes."""
    for position, step in enumerate(move.signed_off_by or ()):
        for name in ("role", "deputy"):
            role = getattr(step, name)
            if role is not None and role not in known:
                yield unknown_role((*path, "signed_off_by", position, name), role, known)
    roles = {doer.role if isinstance(doer, Doer) else doer for doer in move.who or ()}
    if move.signed_off_by and roles & {APPLICANT, SYSTEM}:
        message = f"動き「{move.id}」は申請者か自動で進むことがあり、決裁を受けられません。"
        yield UnlocatedDiagnostic(
            (*path, "signed_off_by"), message, "who を市の役割だけにするか、signed_off_by を消してください。"
        )


def _partial_grants(definition: Definition, use: WorkflowUse) -> Iterator[UnlocatedDiagnostic]:
    """Questions of which a part is to be granted although nothing of them could be taken away, or that there are not."""
    for number, move in enumerate(use.moves):
        for position, name in enumerate(move.partial or ()):
            path: Path = (*_ROOT, "moves", number, "partial", position)
            field = definition.fields.get(name)
            if field is None:
                fitting = [key for key, other in definition.fields.items() if may_be_granted_in_part(other)]
                yield UnlocatedDiagnostic(path, f"「{name}」という質問はありません。", nearest(name, fitting))
            elif not may_be_granted_in_part(field):
                message = f"質問「{name}」は、一部だけ認められません。"
                remedy = "整数、数、金額、期間、複数選択の質問か、場所やファイルを聞かないくり返しを書いてください。"
                yield UnlocatedDiagnostic(path, message, remedy)


def may_be_granted_in_part(field: FieldType) -> bool:
    """Whether a part of an answer can be taken away: less of a number, fewer days, fewer options, fewer rows without places and files."""
    if field.type == "group":
        return not any(
            inner.is_place or isinstance(inner, Files) or inner.type == "group" for inner in group_fields(field)
        )
    return field.type in ("integer", "number", "money", "date_range", "choices")


def unknown_role(path: Path, role: str, roles: Mapping[str, str]) -> UnlocatedDiagnostic:
    """A name that is no role of the city; `roles` are those that it has, with their titles."""
    titles = "、".join(f"{name}({title})" for name, title in sorted(roles.items()))
    return UnlocatedDiagnostic(
        path, f"「{role}」という役割はありません。", nearest(role, roles, f"使えるのは {titles} です。")
    )


def _missing(path: Path, name: str, what: str) -> UnlocatedDiagnostic:
    return UnlocatedDiagnostic(path, f"{what}に「{name}」がありません。", f"「{name}: …」を加えてください。")


def _references(use: WorkflowUse, plain: Workflow, whole: Workflow) -> Iterator[UnlocatedDiagnostic]:
    """Names of states that lead nowhere. Moves of the author's own stand before stages are added."""
    names = [
        *_targets((*_ROOT, "start"), use.start),
        *(((*_ROOT, "flow", number), name) for number, name in enumerate(use.flow)),
    ]
    for number, state in enumerate(use.states):
        if state.seen_as is not None:
            names.append(((*_ROOT, "states", number, "seen_as"), state.seen_as))
    own: list[tuple[Path, str]] = []
    for number, move in enumerate(use.moves):
        path = (*_ROOT, "moves", number)
        own += [((*path, "from", position), name) for position, name in enumerate(move.from_ or ())]
        own += [(place, name) for place, name in _targets((*path, "to"), move.to) if name not in (SAME, BACK)]
    for path, name in (*names, *own):
        states = whole.states if path[1] == "flow" else plain.states
        if name not in states:
            yield UnlocatedDiagnostic(path, f"「{name}」という状態はありません。", nearest(name, states))
    bar = use.flow or plain.flow
    for number, state in enumerate(use.states):
        if state.seen_as is not None and state.seen_as in plain.states and state.seen_as not in bar:
            path = (*_ROOT, "states", number, "seen_as")
            message = f"「{state.seen_as}」は、申請者に見せる進みぐあい(flow)にありません。"
            yield UnlocatedDiagnostic(path, message, f"使えるのは {'、'.join(bar)} です。")


def _deadlines(use: WorkflowUse, workflow: Workflow) -> Iterator[UnlocatedDiagnostic]:
    """Moves of deadlines that the portal could not make by itself, and reminders before a deadline that is shorter."""
    for number, state in enumerate(use.states):
        deadline = state.deadline
        if deadline is None or state.id not in workflow.states:
            continue
        path = (*_ROOT, "states", number, "deadline")
        moves = {move.id: move for move in workflow.moves_from(state.id)}
        move = moves.get(deadline.move or "")
        if deadline.move is not None and move is None:
            message = f"状態「{state.id}」からの「{deadline.move}」という動きはありません。"
            yield UnlocatedDiagnostic((*path, "move"), message, nearest(deadline.move, moves))
        elif move is not None and (SYSTEM not in move.roles or move.needs):
            message = f"「{move.id}」は、期限が過ぎたときに自動では進められません。"
            remedy = "この動きの who に system を加え、needs を消してください。"
            yield UnlocatedDiagnostic((*path, "move"), message, remedy)
        for position, reminder in enumerate(deadline.remind):
            if deadline.days is not None and reminder.days_before >= deadline.days:
                place = (*path, "remind", position, "days_before")
                message = f"期限は{deadline.days}日なので、{reminder.days_before}日前の知らせは出ません。"
                yield UnlocatedDiagnostic(place, message, f"{deadline.days}より小さい数にしてください。")


def _targets(path: Path, target: str | Fork | None) -> list[tuple[Path, str]]:
    if isinstance(target, Fork):
        return [((*path, "when_fee_due"), target.when_fee_due), ((*path, "otherwise"), target.otherwise)]
    return [] if target is None else [(path, target)]


def _reach(use: WorkflowUse, workflow: Workflow) -> Iterator[UnlocatedDiagnostic]:
    """Own states that no case comes to, ends that are none, and a workflow without a good end."""
    states = reachable(workflow)
    for number, state in enumerate(use.states):
        path = (*_ROOT, "states", number)
        if state.id not in states:
            message = f"状態「{state.id}」へは、どの道からも進めません。"
            yield UnlocatedDiagnostic(path, message, "この状態を to に書いた動きを moves に加えてください。")
        elif workflow.states[state.id].status == "fix" and not _answers(workflow, state.id):
            message = f"補正の状態「{state.id}」から、申請者が直して送れません。"
            yield UnlocatedDiagnostic(
                path, message, f"「{ANSWER}」という動きの from に「{state.id}」を書いてください。"
            )
        elif workflow.states[state.id].kind == "awaiting_payment" and not any(
            move.id == PAY and is_taken(workflow, state.id, move) for move in workflow.moves_from(state.id)
        ):
            message = f"支払いを待つ状態「{state.id}」から、支払いの後に進めません。"
            remedy = f"「{{id: {PAY}, from: [{state.id}], to: …, who: [system]}}」を moves に書いてください。"
            yield UnlocatedDiagnostic(path, message, remedy)
    yield from _ways_back(use, workflow)
    if not any(workflow.states[state].kind == "done" for state in states):
        yield UnlocatedDiagnostic(
            (*_ROOT, "states"), "完了の状態(kind: done)へ進めません。", "完了の状態と、そこへ進む動きを書いてください。"
        )


def _ways_back(use: WorkflowUse, workflow: Workflow) -> Iterator[UnlocatedDiagnostic]:
    """Moves back from where a case begins: it came there from nowhere."""
    begin = starts(workflow)
    for number, move in enumerate(use.moves):
        for position, state in enumerate(move.from_ or ()) if move.to == BACK else ():
            if state in begin or not workflow.origins(state):
                message = f"「{state}」には、戻る先の状態がありません。"
                remedy = f"申請の始まりではない状態を from に書くか、to に状態のIDを書いてください。{BACK} は、その状態へ来る前の状態に戻ります。"
                yield UnlocatedDiagnostic((*_ROOT, "moves", number, "from", position), message, remedy)


def _answers(workflow: Workflow, state: str) -> bool:
    return any(move.id == ANSWER and APPLICANT in move.roles for move in workflow.moves_from(state))


def _money(definition: Definition, use: WorkflowUse, workflow: Workflow) -> Iterator[UnlocatedDiagnostic]:
    """Fees that nobody would ask for, because no state waits for them."""
    moments = {rule.when for rule in definition.fee}
    if "submission" in moments and not any(
        workflow.states[state].kind == "awaiting_payment" for state in starts(workflow)
    ):
        message = "申請のときに払う料金がありますが、支払いを待つ状態から始まりません。"
        remedy = "「start: {when_fee_due: 支払いを待つ状態, otherwise: 受付の状態}」と書いてください。"
        yield UnlocatedDiagnostic((*_ROOT, "start") if use.start else _ROOT, message, remedy)
    good = ending(workflow)
    asks = any(
        move.fee == "approved" and state in move.from_ and state in good
        for state in reachable(workflow)
        for move in workflow.moves
    )
    if "approved" in moments and not asks:
        message = "許可の後に払う料金がありますが、それを求める動きがありません。"
        remedy = "決定の動きに「fee: approved」と「to: {when_fee_due: …, otherwise: …}」を書いてください。"
        yield UnlocatedDiagnostic((*_ROOT, "moves"), message, remedy)


def role_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Roles of stages, of reductions and of surveys that the city does not have, and departments of applicants. Versions that were published
    with one stay readable.
    """
    roles = definition.vocabulary.roles
    with_applicant = {APPLICANT: "申請者", **roles}
    diagnostics = [
        unknown_role((*_ROOT, "stages", number, "role"), stage.role, with_applicant if stage.at else roles)
        for number, stage in enumerate(definition.workflow.stages)
        if stage.role not in roles and not (stage.at and stage.role == APPLICANT)
    ]
    diagnostics += [
        unknown_role(("fee", number, "reduction", "decided_by"), rule.reduction.decided_by, roles)
        for number, rule in enumerate(definition.fee)
        if rule.reduction is not None and rule.reduction.decided_by not in roles
    ]
    diagnostics += [
        unknown_role(("fee", number, "surveyed", "measured_by"), rule.surveyed.measured_by, roles)
        for number, rule in enumerate(definition.fee)
        if rule.surveyed is not None and rule.surveyed.measured_by not in roles
    ]
    for number, stage in enumerate(definition.workflow.stages):
        if stage.department is not None and stage.role == APPLICANT:
            message = "申請者がする段階に、課(department)は書けません。"
            place = (*_ROOT, "stages", number, "department")
            diagnostics.append(UnlocatedDiagnostic(place, message, "department を消してください。"))
    return diagnostics

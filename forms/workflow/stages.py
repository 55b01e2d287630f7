"""Stages that a definition adds to its preset: a site check, a second opinion."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from forms.definition.states import Who
from forms.definition.workflow import Stage, StageForm
from forms.text.localized import Language, Text
from forms.workflow.machine import OptionalStage, Workflow
from forms.workflow.preset import SAME, Move, State

#: The applicant as the one who does a stage or takes a move.
APPLICANT = "applicant"


def doer_at(stage: Stage) -> str:
    """Who does a stage as moves name them: its role, or that role as another department has it for this stage (`clerk@water`)."""
    return f"{stage.role}@{stage.id}" if stage.department is not None else stage.role


def state_after(stage: Stage) -> str:
    """Return the id of the state after a completed stage."""
    return f"{stage.id}_done"


def with_stage(workflow: Workflow, stage: Stage, before: str, *, skipped: bool = False) -> Workflow:
    """Add a stage: `before` → stage → `<stage>_done`, where everything is possible that `before` allowed.

    The decision moves leave `before`, so nobody decides without the stage; the clerk may pass over it with a note for colleagues. For a
    case that was passed over it (`skipped`) the state behind it is called as the one before, and the bar leaves the stage out.
    """
    origin = workflow.states[before]
    work = State(
        id=stage.id,
        kind="open",
        status="review",
        title=stage.title,
        short=stage.title,
        announcement=stage.announcement,
        next_step=stage.next_step,
    )
    shown = origin.seen_as or before
    title = origin.title if skipped else _title_after(origin.title, stage.title)
    seen_as = shown if skipped else stage.id
    after = origin.model_copy(update={"id": state_after(stage), "title": title, "seen_as": seen_as})
    moves: list[Move] = []
    for move in workflow.moves:
        if before not in move.from_:
            moves.append(move)
        elif move.forward:
            moves.append(
                move.model_copy(update={"from_": tuple(after.id if name == before else name for name in move.from_)})
            )
        else:
            moves.append(move.model_copy(update={"from_": (*move.from_, stage.id, after.id)}))
    office: tuple[Who, ...] = next(
        (move.who for move in workflow.moves if before in move.from_ and move.forward), ("clerk",)
    )
    moves += _stage_moves(stage, before, after.id, tuple(dict.fromkeys(("clerk", *office))))
    place = workflow.flow.index(shown) + 1 if shown in workflow.flow else 0
    flow = workflow.flow if skipped else (*workflow.flow[:place], stage.id, *workflow.flow[place:])
    optional = (OptionalStage(stage.id, stage.when, before, after.id),) if stage.when is not None else ()
    return replace(
        workflow,
        states={**workflow.states, stage.id: work, after.id: after},
        moves=tuple(moves),
        flow=flow,
        optional=workflow.optional + optional,
    )


def without_stage(workflow: Workflow, stage: OptionalStage) -> Workflow:
    """The workflow of a case that goes on without a stage: what is possible after it is possible before. A case that already
    stands in it can still leave it.
    """
    entered = {f"begin_{stage.id}", f"skip_{stage.id}"}
    moves = tuple(
        move.model_copy(update={"from_": (*move.from_, stage.before)})
        if stage.after in move.from_ and stage.before not in move.from_
        else move
        for move in workflow.moves
        if move.id not in entered
    )
    return replace(workflow, moves=moves, flow=tuple(state for state in workflow.flow if state != stage.id))


_AFTER: Mapping[Language, str] = {
    "ja": "{}({}済み)",
    "ja-easy": "{}({}が 終(お)わりました)",
    "en": "{} (after {})",
    "zh": "{}（{}已完成）",
    "ko": "{}({} 완료)",
}


def _title_after(origin: Text, stage: Text) -> Text:
    """What the state after a stage is called, in the languages in which both have their names."""
    texts = {
        language: pattern.format(origin.root[language], stage.root[language])
        for language, pattern in _AFTER.items()
        if origin.has(language) and stage.has(language)
    }
    return Text.model_validate(texts)


def with_task(workflow: Workflow, stage: Stage, state: str) -> Workflow:
    """Add a stage at a state, where it is done beside others: nobody decides before enough of them are done or passed over."""
    office: tuple[Who, ...] = next((move.who for move in workflow.moves if state in move.from_ and move.forward), ())
    ja, en = stage.title.ja, stage.title.for_language("en")
    has_form = isinstance(stage.form, StageForm)
    finish = Move(
        id=f"finish_{stage.id}",
        title=Text.of(f"{ja}を終える", en=f"Finish {en}") if stage.role != APPLICANT else stage.title,
        from_=(state,),
        to=stage.then or SAME,
        who=(stage.role,),
        needs=("form",) if has_form else () if stage.role == APPLICANT else ("internal_note",),
        stage=stage.id if has_form else None,
        passes=stage.id,
        event="case.stage_passed",
    ).model_copy(update={"who": (doer_at(stage),)})
    skip = Move(
        id=f"skip_{stage.id}",
        title=Text.of(f"{ja}を行わずに進める", en=f"Go on without {en}"),
        from_=(state,),
        to=stage.then or SAME,
        who=tuple(dict.fromkeys(("clerk", *office))),
        needs=("internal_note",),
        passes=stage.id,
        event="case.stage_passed",
    )
    return replace(workflow, moves=(*workflow.moves, finish, skip))


def without_waiting(workflow: Workflow, stages: Sequence[Stage], done: Collection[str]) -> Workflow:
    """The workflow of a case that has done these stages: what is done is not done again, and what waits for others is not there."""
    places: dict[str, list[str]] = {}
    for stage in stages:
        if stage.at is not None:
            places.setdefault(stage.at, []).append(stage.id)
    moves = []
    for move in workflow.moves:
        if move.passes in done:
            continue
        begin = tuple(
            state
            for state in move.from_
            if not move.forward or state not in places or _enough(workflow.states[state], places[state], done)
        )
        if begin:
            moves.append(move if begin == move.from_ else move.model_copy(update={"from_": begin}))
    return replace(workflow, moves=tuple(moves))


def _enough(state: State, stages: Sequence[str], done: Collection[str]) -> bool:
    enough = any if state.stages_needed == "any" else all
    return enough(stage in done for stage in stages)


def _stage_moves(stage: Stage, before: str, after: str, office: tuple[Who, ...]) -> list[Move]:
    ja, en = stage.title.ja, stage.title.for_language("en")
    event = "case.stage_passed"
    return [
        Move(
            id=f"begin_{stage.id}",
            title=Text.of(f"{ja}へ進める", en=f"To {en}"),
            from_=(before,),
            to=stage.id,
            who=office,
            event=event,
        ),
        Move(
            id=f"finish_{stage.id}",
            title=Text.of(f"{ja}を終える", en=f"Finish {en}"),
            from_=(stage.id,),
            to=after,
            who=(stage.role,),
            needs=("form",) if isinstance(stage.form, StageForm) else ("internal_note",),
            stage=stage.id if isinstance(stage.form, StageForm) else None,
            event=event,
        ).model_copy(update={"who": (doer_at(stage),)}),
        Move(
            id=f"skip_{stage.id}",
            title=Text.of(f"{ja}を行わずに進める", en=f"Go on without {en}"),
            from_=(before,),
            to=after,
            who=office,
            needs=("internal_note",),
            skips=stage.id,
            event=event,
        ),
    ]

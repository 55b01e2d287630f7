"""Stages that a definition adds to its preset: a site check, a second opinion."""

from collections.abc import Mapping
from dataclasses import replace

from forms.definition.states import Who
from forms.definition.workflow import Stage, StageForm
from forms.text.localized import Language, Text
from forms.workflow.machine import Workflow
from forms.workflow.preset import Move, State


def state_after(stage: Stage) -> str:
    """Return the id of the state after a completed stage."""
    return f"{stage.id}_done"


def with_stage(workflow: Workflow, stage: Stage, before: str) -> Workflow:
    """Add a stage: `before` → stage → `<stage>_done`, where everything is possible that `before` allowed.

    The decision moves leave `before`, so nobody decides without the stage; the clerk may pass over it with a note for colleagues.
    """
    origin = workflow.states[before]
    work = State(id=stage.id, kind="open", status="review", title=stage.title, short=stage.title)
    title = _title_after(origin.title, stage.title)
    after = origin.model_copy(update={"id": state_after(stage), "title": title, "seen_as": stage.id})
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
    place = workflow.flow.index(origin.seen_as or before) + 1 if (origin.seen_as or before) in workflow.flow else 0
    flow = (*workflow.flow[:place], stage.id, *workflow.flow[place:])
    return replace(workflow, states={**workflow.states, stage.id: work, after.id: after}, moves=tuple(moves), flow=flow)


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
        ),
        Move(
            id=f"skip_{stage.id}",
            title=Text.of(f"{ja}を行わずに進める", en=f"Go on without {en}"),
            from_=(before,),
            to=after,
            who=office,
            needs=("internal_note",),
            event=event,
        ),
    ]

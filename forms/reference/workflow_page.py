"""The page of workflows: what a definition may say, and the presets with their states and moves."""

from forms.definition.states import Fork
from forms.reference.markdown import cell, code, page, table, yaml
from forms.reference.prose import prose
from forms.reference.sections import PARTS_OF_PAGE, part_section
from forms.workflow.preset import WORDS_OF_TARGETS, Move, Preset, presets

_KINDS = {
    "open": "職員が進める",
    "with_applicant": "申請者が進める",
    "awaiting_payment": "支払いを待つ",
    "done": "終わり(完了)",
    "refused": "終わり(断った)",
    "withdrawn": "終わり(取下げ)",
}
_PEOPLE = {"applicant": "申請者", "system": "自動"}


def workflow_page() -> str:
    """The settings, then every preset."""
    entry = prose()["workflow"]
    sections = [part_section(name) for name in PARTS_OF_PAGE["workflow"]]
    return page(
        entry["title"],
        entry["text"],
        yaml(entry["example"]),
        *sections,
        *(_preset(name, preset) for name, preset in presets().items()),
    )


def _preset(name: str, preset: Preset) -> str:
    states = table(
        ("状態", "名前", "種類"),
        [(code(state.id), cell(state.title.ja), _KINDS[state.kind]) for state in preset.states],
    )
    moves = table(
        ("動き", "名前", "どこから", "どこへ", "だれが"),
        [
            (code(move.id), cell(move.title.ja), _codes(move.from_), _target(move), _people(move))
            for move in preset.moves
        ],
    )
    return f"## 流れ：{name}\n\n{preset.title.ja}\n\n{states}\n\n{moves}"


def _target(move: Move) -> str:
    if isinstance(move.to, Fork):
        return f"払うものがあれば {code(move.to.when_fee_due)}、なければ {code(move.to.otherwise)}"
    return WORDS_OF_TARGETS.get(move.to) or code(move.to)


def _people(move: Move) -> str:
    return "、".join(_PEOPLE.get(person) or code(person) for person in map(str, move.who))


def _codes(names: tuple[str, ...]) -> str:
    return "、".join(map(code, names))

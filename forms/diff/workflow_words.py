"""What clerks call the states and moves of a definition, and the codes of its workflow."""

from collections.abc import Mapping
from typing import Final

from common.roles import ROLES
from common.status import STATUS_WORDS
from forms.definition.workflow import WorkflowUse
from forms.text.localized import Text
from forms.workflow.preset import SAME, presets

#: The words for codes of states and moves, by the setting in which they stand.
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {
        "open": "職員が進める",
        "with_applicant": "申請者が進める",
        "awaiting_payment": "支払いを待つ",
        "done": "完了",
        "refused": "断った",
        "withdrawn": "取下げ",
    },
    "status": {str(status): word for status, word in STATUS_WORDS.items()},
    "who": {"applicant": "申請者", "system": "自動", **ROLES},
    "role": ROLES,
    "fee": {"submission": "申請のとき", "approved": "許可のあと"},
    "needs": {"note": "申請した人への文", "internal_note": "職員のメモ", "form": "段階の様式"},
    "causes": {"message": "申請した人への知らせ", "refund": "返金"},
}


def workflow_code(setting: str, code: str) -> str | None:
    """The word for a code of a state or move: 完了 for `done`."""
    return _CODES.get(setting, {}).get(code)


def state_title(state: str, use: WorkflowUse) -> str | None:
    """What a state is called where this workflow is used."""
    if state == SAME:
        return "同じ状態"
    preset = presets().get(use.preset or "")
    return _title(state, [*use.states, *(preset.states if preset else ())])


def move_title(move: str, use: WorkflowUse) -> str | None:
    """What a move is called where this workflow is used."""
    preset = presets().get(use.preset or "")
    return _title(move, [*use.moves, *(preset.moves if preset else ())])


def _title(name: str, parts: list[object]) -> str | None:
    titles = (getattr(part, "title", None) for part in parts if getattr(part, "id", None) == name)
    return next((title.ja for title in titles if isinstance(title, Text)), None)

"""What clerks call the states and moves of a definition, and the codes of its workflow."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from common.status import STATUS_WORDS
from forms.definition.document import DocumentRule
from forms.definition.example import Expectation
from forms.definition.fee import FeeRule, Reduction
from forms.definition.states import Doer, Fork, OwnMove, OwnState, Reminder, SignOff, StateDeadline
from forms.definition.survey import Survey
from forms.definition.workflow import Stage, WorkflowUse
from forms.text.localized import Text
from forms.workflow.preset import WORDS_OF_TARGETS, presets

#: What clerks call the settings of states, moves and deadlines.
WORKFLOW_SETTINGS: Final[Mapping[str, str]] = {
    "appeal": "決定への不服",
    "authority": "審査請求をする先",
    "defendant": "取消しの訴えの相手",
    "review_first": "訴えより先に審査請求をすること",
    "working_days": "開庁日の数",
    "until": "期限の日の式",
    "shown": "申請者に見せるか",
    "move": "期限が過ぎたときの動き",
    "remind": "期限の前の知らせ",
    "days_before": "何日前か",
    "start": "始まりの状態",
    "based_on": "もとの案件",
    "of": "前の案件から値を出す式",
    "opens": "同時に開く手続き",
    "hands_over": "ほかの市に引き継ぐ内容",
    "place": "市が決まる住所の質問",
    "items": "渡す項目",
    "at": "並んで行う状態",
    "then": "済ませた後の状態",
    "stages_needed": "決定に要る段階",
    "announcement": "申請した人に告げる文",
    "next_step": "次にすること",
    "flow": "進みぐあい",
    "seen_as": "進みぐあいでの位置",
    "status": "色と絵",
    "to": "どの状態へ",
    "who": "進める人",
    "needs": "要るもの",
    "causes": "起きること",
    "conditions": "条件を付けられるか",
    "corrects": "知らせた決定に代わるか",
    "partial": "一部だけ認められる質問",
    "signed_off_by": "決裁の経路",
    "deputy": "代決する役割",
    "forward": "決定の動きか",
    "when_fee_due": "払うものがあるときの状態",
    "otherwise": "払うものがないときの状態",
}
#: What some of them are called where a setting of that name is something else in other parts.
WORKFLOW_NAMES_IN: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    Stage: {"after": "始まる状態"},
    OwnState: {"kind": "状態の種類"},
    OwnMove: {"from": "どの状態から", "when": "進められる条件", "fee": "求める料金"},
    Doer: {"when": "進められる条件"},
    SignOff: {"when": "この段が要る条件"},
    WorkflowUse: {"moves": "動き"},
}
#: What one part of a list of the workflow is called.
WORKFLOW_NOUNS: Final[Mapping[type[BaseModel], str]] = {
    Stage: "段階",
    OwnState: "状態",
    OwnMove: "動き",
    Reminder: "期限の前の知らせ",
    Doer: "進める人",
    SignOff: "決裁の段",
}
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
    "fee": {"submission": "申請のとき", "approved": "許可のあと"},
    "stages_needed": {"all": "すべて", "any": "どれか1つ"},
    "needs": {"note": "申請した人への文", "internal_note": "職員のメモ", "form": "段階の様式"},
    "causes": {"message": "申請した人への知らせ", "refund": "返金"},
}


#: Settings that name a state, or a move, of the workflow.
_STATES: Final = frozenset(
    {
        (Stage, "after"),
        (Stage, "at"),
        (Stage, "then"),
        (DocumentRule, "when"),
        (Expectation, "state"),
        (FeeRule, "returned_in"),
        (OwnMove, "from"),
        (OwnMove, "to"),
        (OwnState, "seen_as"),
        (Fork, "when_fee_due"),
        (Fork, "otherwise"),
        (WorkflowUse, "start"),
        (WorkflowUse, "flow"),
    }
)
_ROLES: Final = frozenset(
    {
        (OwnMove, "who"),
        (Doer, "role"),
        (SignOff, "role"),
        (SignOff, "deputy"),
        (Stage, "role"),
        (Reduction, "decided_by"),
        (Survey, "measured_by"),
    }
)
_MOVES: Final = frozenset({(WorkflowUse, "drop"), (StateDeadline, "move"), (Expectation, "moves")})


def workflow_word(part: BaseModel, setting: str, code: str, use: WorkflowUse, roles: Mapping[str, str]) -> str | None:
    """The word for a state, a move, a role or a code of them where this workflow is used: 完了 for `done`. None for what is none."""
    preset = presets().get(use.preset or "")
    if isinstance(part, WorkflowUse) and setting == "preset":
        return presets()[code].title.ja if code in presets() else None
    if (type(part), setting) in _STATES:
        return WORDS_OF_TARGETS.get(code) or _title(code, [*use.states, *(preset.states if preset else ())])
    if (type(part), setting) in _MOVES:
        return _title(code, [*use.moves, *(preset.moves if preset else ())])
    if (type(part), setting) in _ROLES:
        return {"applicant": "申請者", "system": "自動", **roles}.get(code)
    if isinstance(part, OwnMove | OwnState | Doer):
        return _CODES.get(setting, {}).get(code)
    return None


def _title(name: str, parts: list[object]) -> str | None:
    titles = (getattr(part, "title", None) for part in parts if getattr(part, "id", None) == name)
    return next((title.ja for title in titles if isinstance(title, Text)), None)

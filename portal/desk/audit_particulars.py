"""The particulars that an event carries, in words: what a key is called, and what its codes and numbers stand for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from common.roles import ROLES
from forms.diff import TOPICS
from portal.cases.channels import CHANNEL_WORDS, OPENED
from portal.cases.queries import CaseWords
from portal.core.events import Event
from portal.core.text import _, date_ja, listed, weekday_ja, yen
from portal.identity import city_roles
from portal.payments import failure_text, method_name

PARTICULARS: Mapping[str, str] = {
    "added": "追加",
    "answer_by": "返事の期限",
    "before": "前の額",
    "asked_by": "申し出た人",
    "asked_how": "申し出の方法",
    "bundle": "いっしょに送ったもの",
    "by": "分け方",
    "came_from": "前の状態",
    "cases": "案件",
    "changed": "変えたもの",
    "changes": "変更の数",
    "channel": "受付の方法",
    "city": "市",
    "closes": "終わり",
    "code": "科目",
    "conditions": "条件の数",
    "confirmed_above": "2人目の確認が要る額",
    "count": "件数",
    "day": "日",
    "department": "課",
    "department_id": "課",
    "decision": "決めたこと",
    "demand_within_days": "求めるまでの日数",
    "deputy": "代理",
    "difference": "差額",
    "draft": "下書き",
    "due": "いまの額",
    "duplicates": "重なり",
    "edition": "回",
    "encoding": "文字コード",
    "entries": "申込みの数",
    "expected": "あるはずの額",
    "features": "件数",
    "fee": "料金",
    "field": "項目",
    "fields": "項目",
    "figure": "測った数",
    "files": "付けたファイルの数",
    "filters": "条件",
    "fingerprint": "種の指紋",
    "first_day": "はじめの日",
    "fiscal_year": "年度",
    "follower_id": "統合した案件",
    "former": "前の決定",
    "from": "はじめ",
    "from_case": "もとの案件",
    "from_department": "前の課",
    "hidden": "見せない",
    "ids": "記録の番号",
    "in_use": "使う",
    "invited": "招待",
    "issued": "発行",
    "items": "項目",
    "key": "キー",
    "keys": "並び",
    "kind": "種類",
    "last_day": "おわりの日",
    "layer": "層",
    "layers": "層",
    "lead_id": "統合先の案件",
    "left": "離れた人",
    "line": "料金の行",
    "lines": "行数",
    "method": "方法",
    "methods": "方法",
    "metres": "距離(m)",
    "missing": "足りない額",
    "move": "決定",
    "moved": "移したもの",
    "name": "名前",
    "need": "使いみち",
    "new": "新しいもの",
    "number": "番号・件数",
    "opens": "始まり",
    "outcome": "結果",
    "parts": "認めたもの",
    "pay_by": "支払いの期限",
    "pay_within_days": "支払うまでの日数",
    "period": "期間",
    "places": "場所の数",
    "procedure": "手続き",
    "procedures": "手続き",
    "reason": "理由",
    "reference": "照合番号",
    "refused": "取り込まなかった行",
    "remind_days_before": "何日前に知らせるか",
    "removed": "削除",
    "requested": "頼まれた額",
    "requested_by": "依頼した人",
    "respond_by": "返事の期限",
    "restored": "もどした版",
    "retention_years": "保存年数",
    "rights": "権限",
    "role": "役割",
    "roles": "役割",
    "rows": "件数",
    "rule": "決まり",
    "scale": "縮尺",
    "scope": "範囲",
    "seed": "種",
    "settlements": "入金の数",
    "sha256": "指紋(SHA-256)",
    "shifts": "当番の数",
    "staff_id": "職員",
    "state": "状態",
    "steps": "手順の数",
    "successor": "引き継ぐ課",
    "surplus": "多い額",
    "to": "おわり",
    "to_department": "新しい課",
    "topics": "変えたところ",
    "from_day": "公開する日",
    "needed": "2人の確認",
    "transfer_within_days": "振り込むまでの日数",
    "until": "いつまで",
    "valid_until": "使える日",
    "version": "版",
    "visible_to": "見せる人",
    "weekday": "曜日",
    "weeks": "月の何回目",
    "what": "内容",
    "won": "当選",
    "works": "工事",
    "year": "年",
}
"""What a key of an event is called."""
UNSAID: Final = frozenset({"amount", "case_id"})
"""Keys that stand in the sentence of the event or in what it happened to."""

_MONEY = frozenset({"before", "missing", "due", "expected", "difference", "confirmed_above", "requested", "surplus"})
CASES: Final = frozenset({"lead_id", "follower_id", "from_case"})
"""Keys that have the id of another case."""
_DEPARTMENTS = frozenset({"department_id", "from_department", "to_department"})
_PEOPLE = frozenset({"staff_id", "requested_by"})
_WORDS: Mapping[str, Mapping[str, str]] = {
    "channel": {**CHANNEL_WORDS, OPENED: "前の手続きから"},
    "outcome": {
        "granted": "認めた",
        "denied": "認めなかった",
        "accepted": "受け入れた",
        "declined": "断った",
        "ended": "終わった",
        "changed": "直した",
    },
    "scope": {"city": "市ぜんたい", "department": "課ごと"},
    "encoding": {"cp932": "CP932(Shift_JIS)", "utf-8": "UTF-8"},
    "topics": dict[str, str](TOPICS.items()),
    "what": {"payments": "支払い", "journal": "仕訳", "cases": "案件"},
}
_CHANGED: Mapping[str, str] = {
    "name": "名前",
    "name_kana": "読み",
    "name_en": "英語の名前",
    "email": "メールアドレス",
    "title": "名前",
    "phone": "電話",
    "mail": "メールアドレス",
    "hours": "受付時間",
    "place": "場所",
    "position": "位置",
    "postal_code": "郵便番号",
    "address": "住所",
    "opens": "開く時刻",
    "closes": "閉まる時刻",
    "center": "地図の中心",
    "theme": "色",
    "mail_name": "差出人の名前",
    "reply_to": "返信先",
}
_NO_WORDS = CaseWords({}, {}, {})


@dataclass(frozen=True)
class Names:
    """What the numbers and codes in events stand for: departments, staff, layers, procedures; of cases the number and the procedure's
    title, and what their definitions call states, moves and questions.
    """

    departments: Mapping[int, str]
    staff: Mapping[int, str]
    layers: Mapping[int, str]
    procedures: Mapping[str, str]
    own_roles: Mapping[str, str]
    cases: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    case_words: Mapping[int, CaseWords] = field(default_factory=dict)


def particulars(event: Event, names: Names) -> list[str]:
    """What an event says besides its sentence: 状態:許可済み."""
    words = names.case_words.get(event.history_id or 0, _NO_WORDS) if event.history_kind == "case" else _NO_WORDS
    return [
        f"{_(_called(key, value))}:{_value(key, value, names, words)}"
        for key, value in event.data.items()
        if _is_said(key, event)
    ]


def _is_said(key: str, event: Event) -> bool:
    """Numbers of rows tell nothing to people, but those of departments, staff and cases, which are called something; nor does a key that the
    subject names.
    """
    named = key == "key" and event.subject_kind == "procedure"
    return key not in UNSAID and not named and (not key.endswith("_id") or key in PARTICULARS)


def _called(key: str, value: Any) -> str:
    return "新しい担当" if key == "to" and not isinstance(value, str) else PARTICULARS.get(key, key)


def _value(key: str, value: Any, names: Names, words: CaseWords) -> str:
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listed(_value(key, each, names, words) for each in value) or _("なし")
    if key in _MONEY and isinstance(value, int):
        return yen(value)
    spell = _SPELLED.get(key)
    return spell(value, names, words) if spell else _plain(key, value)


def _plain(key: str, value: Any) -> str:
    text = str(value)
    if known := _WORDS.get(key, {}).get(text):
        return _(known)
    try:
        return date_ja(date.fromisoformat(text), year=True) if len(text) == 10 else text or _("なし")
    except ValueError:
        return text


def _role(code: Any, names: Names, _words: CaseWords) -> str:
    """`3:clerk`, a role of a department; `*:clerk`, in every one; `clerk` alone."""
    office, colon, role = str(code).rpartition(":")
    title = _(ROLES.get(role) or names.own_roles.get(role, role))
    if not colon:
        return title
    where = names.departments.get(int(office), office) if office.isdecimal() else _("すべての課")
    return f"{where} {title}"


def _person(value: Any, names: Names, _words: CaseWords) -> str:
    return names.staff.get(value, str(value)) if isinstance(value, int) else _plain("to", value)


def _department(value: Any, names: Names, _words: CaseWords) -> str:
    return names.departments.get(value, str(value))


def _case(value: Any, names: Names, _words: CaseWords) -> str:
    """Its receipt number; of one that is gone, or that whoever asks does not audit, no more than that it is another."""
    number, _title = names.cases.get(value, ("", ""))
    return number or _("ほかの案件")


def _procedure(value: Any, names: Names, _words: CaseWords) -> str:
    return names.procedures.get(value, str(value))


def _right(value: Any, _names: Names, _words: CaseWords) -> str:
    return _(city_roles.grantable_rights().get(value, str(value)))


def _state(value: Any, _names: Names, words: CaseWords) -> str:
    return words.states.get(value, str(value))


def _move(value: Any, _names: Names, words: CaseWords) -> str:
    return words.moves.get(value, str(value))


def _question(value: Any, _names: Names, words: CaseWords) -> str:
    return words.questions.get(str(value).rpartition(".")[2], str(value))


def _reason(value: Any, _names: Names, _words: CaseWords) -> str:
    return failure_text(str(value)) if value else _("なし")


_Spelling = Callable[[Any, Names, CaseWords], str]
_SPELLED: Mapping[str, _Spelling] = {
    **dict.fromkeys(_DEPARTMENTS, _department),
    **dict.fromkeys(CASES, _case),
    **dict.fromkeys((*_PEOPLE, "to", "deputy"), _person),
    **dict.fromkeys(("roles", "role"), _role),
    **dict.fromkeys(("state", "came_from"), _state),
    **dict.fromkeys(("procedure", "procedures"), _procedure),
    **dict.fromkeys(("method", "methods"), lambda value, _names, _words: method_name(value)),
    "rights": _right,
    "move": _move,
    "fields": _question,
    "field": _question,
    "changed": lambda value, _names, _words: _(_CHANGED.get(value, str(value))),
    "weekday": lambda value, _names, _words: weekday_ja(value),
    "bundle": lambda _value, _names, _words: _("はい"),
}

"""What the trail of events says in words: groups of kinds, what something happened to, and the particulars that an event carries.

An event carries codes and numbers alone, so nothing that a resident wrote can come up here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.roles import ROLES
from portal.core.events import Event, event_kinds
from portal.core.text import _, yen
from portal.desk.event_labels import event_label

GROUPS: Mapping[str, str] = {
    "looks": "見た記録",
    "exports": "書き出し・受け取り",
    "rights": "職員と権限",
    "cases": "案件のうごき",
    "money": "お金",
    "map": "地図",
    "settings": "市の設定",
    "trail": "記録そのもの",
}
"""The kinds of events as the filter groups them."""

_EXPORTS = re.compile(r"(exported|downloaded|fetched|export\.made)$")
_OF_PREFIX = {
    "rights": ("staff", "city_role", "program_key"),
    "money": ("payment", "refund", "payment_policy", "payout", "ledger", "slip", "till"),
    "map": ("layer", "map_print"),
    "settings": ("department", "list", "word", "windows", "news", "standard_text", "synonyms"),
    "trail": ("chain", "audit"),
}
_GROUP_OF_PREFIX = {prefix: group for group, prefixes in _OF_PREFIX.items() for prefix in prefixes}

SUBJECTS: Mapping[str, str] = {
    "account": "住民のアカウント",
    "audit": "監査の記録",
    "bank_statement": "入出金明細",
    "card_statement": "カード会社の明細",
    "case": "案件",
    "chain": "記録の鎖",
    "city": "市の情報",
    "city_role": "市の役割",
    "department": "課",
    "document": "書類",
    "document_switch": "領収書の設定",
    "dossier": "場所の調書",
    "export": "書き出し",
    "layer": "地図の層",
    "ledger": "帳簿",
    "ledger_closing": "帳簿の締め",
    "ledger_difference": "帳簿のちがい",
    "list": "一覧・共有の表",
    "lottery": "抽選・選考",
    "map_print": "印刷した地図",
    "neighbours": "近くの住所の一覧",
    "news": "お知らせ",
    "payment": "支払い",
    "payment_policy": "支払いの設定",
    "payout": "交付",
    "payout_batch": "振込のファイル",
    "program_key": "プログラムの鍵",
    "refund": "返金",
    "slip_file": "納付書の収納データ",
    "staff": "職員",
    "standard_text": "文例",
    "synonyms": "さがす言葉",
    "till": "レジ",
    "windows": "最初のページの窓口",
    "word": "共通の言葉",
}
"""What each kind of subject is called."""

_PARTICULARS: Mapping[str, str] = {
    "added": "追加",
    "answer_by": "返事の期限",
    "changed": "変えたもの",
    "channel": "受付の方法",
    "count": "件数",
    "department_id": "課",
    "encoding": "文字コード",
    "features": "件数",
    "fields": "項目",
    "filters": "条件",
    "from": "はじめ",
    "from_department": "前の課",
    "items": "項目",
    "key": "キー",
    "kind": "種類",
    "layers": "層",
    "lines": "行数",
    "metres": "距離(m)",
    "method": "方法",
    "number": "番号・件数",
    "outcome": "結果",
    "procedure": "手続き",
    "procedures": "手続き",
    "reason": "理由",
    "removed": "削除",
    "requested_by": "依頼した人",
    "rights": "権限",
    "roles": "役割",
    "rows": "件数",
    "scale": "縮尺",
    "staff_id": "職員",
    "state": "状態",
    "to": "おわり",
    "to_department": "新しい課",
    "version": "版",
    "what": "内容",
}
"""What a key of an event is called; one that is not here keeps its own name."""
_UNSAID = frozenset({"amount", "case_id"})
"""Keys that stand in the sentence of the event or in what it happened to."""


@dataclass(frozen=True)
class Names:
    """What the numbers in events stand for: departments, staff, layers, and of cases the number and the procedure's title."""

    departments: Mapping[int, str]
    staff: Mapping[int, str]
    layers: Mapping[int, str]
    cases: Mapping[int, tuple[str, str]]
    own_roles: Mapping[str, str]


@dataclass(frozen=True)
class TrailLine:
    """One event in words. `case_number` and `staff_id` lead to more of the same."""

    id: int
    at: datetime
    who: str
    staff_id: int | None
    group: str
    what: str
    subject: str
    case_number: str
    procedure: str
    particulars: str


def group_of(name: str) -> str:
    """The group of a kind of events."""
    if name.endswith("viewed") or name == "case.file_opened":
        return "looks"
    if _EXPORTS.search(name):
        return "exports"
    return _GROUP_OF_PREFIX.get(name.partition(".")[0], "cases")


def kinds_by_group() -> dict[str, list[tuple[str, str]]]:
    """The kinds of events of each group, by name and in words."""
    grouped: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for name, kind in event_kinds().items():
        grouped[group_of(name)].append((name, _(kind.office)))
    return grouped


def line_of(event: Event, names: Names) -> TrailLine:
    """An event as the page and the file have it."""
    number, procedure = names.cases.get(event.history_id or 0, ("", "")) if event.history_kind == "case" else ("", "")
    return TrailLine(
        id=event.id,
        at=event.at,
        who=event.actor_name or _({"applicant": "申請した人", "staff": "職員", "system": "システム"}[event.actor_kind]),
        staff_id=event.actor_id if event.actor_kind == "staff" else None,
        group=_(GROUPS[group_of(event.name)]),
        what=event_label(event),
        subject=_subject(event, names),
        case_number=number,
        procedure=procedure,
        particulars="・".join(_particulars(event.data, names)),
    )


def _subject(event: Event, names: Names) -> str:
    kind, subject_id = event.subject_kind, event.subject_id
    word = _(SUBJECTS.get(kind, kind))
    known = {"staff": names.staff, "department": names.departments, "layer": names.layers}.get(kind, {})
    if subject_id is None or kind in {"case", "account"}:
        return word
    return (
        f"{word} {known[subject_id]}" if subject_id in known else _("{thing} {number}番", thing=word, number=subject_id)
    )


def _particulars(data: Mapping[str, Any], names: Names) -> list[str]:
    return [f"{_(_called(key, value))}:{_value(key, value, names)}" for key, value in data.items() if _is_said(key)]


def _is_said(key: str) -> bool:
    """Numbers of rows tell nothing to people, but those of departments and staff, which have names."""
    return key not in _UNSAID and (not key.endswith("_id") or key in _PARTICULARS)


def _called(key: str, value: Any) -> str:
    return "新しい担当" if key == "to" and not isinstance(value, str) else _PARTICULARS.get(key, key)


def _value(key: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if key in {"department_id", "from_department", "to_department"}:
        return names.departments.get(value, str(value))
    if key in {"staff_id", "requested_by"} or (key == "to" and isinstance(value, int)):
        return names.staff.get(value, str(value))
    if key == "roles" and isinstance(value, list):
        return "、".join(_role(str(each), names) for each in value) or _("なし")
    if key in {"before", "due", "expected", "difference"} and isinstance(value, int):
        return yen(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(map(str, value)) or _("なし")
    return str(value) or _("なし")


def _role(code: str, names: Names) -> str:
    """`3:clerk`, a role of a department; `*:clerk`, in every one."""
    office, _colon, role = code.partition(":")
    title = ROLES.get(role) or names.own_roles.get(role, role)
    where = names.departments.get(int(office), office) if office.isdecimal() else _("すべての課")
    return f"{where} {_(title)}"


_FAULTS: tuple[tuple[str, str], ...] = (
    (r"event (?P<id>\d+) was altered", "{id}番の記録の中身が、書かれたあとで変えられています。"),
    (r"follow the same event", "つながりの途中に、あとから記録が差し込まれています。"),
    (r"an event is missing", "つながりの途中の記録がなくなっているか、あとから記録が差し込まれています。"),
    (r"the newest events are missing", "いちばん新しい記録が、いくつか消されています。"),
    (r"is gone$", "外に書き留めてあった終わりの記録が、いまの記録の中にありません。"),
    (r"but was number", "記録の順番が、外に書き留めてあったものと違います。"),
    (r"marked as redacted", "文章を取り除いたという印のある記録に、取り除いた記録がありません。"),
    (r"anchors cannot be read", "外に書き留めた控えのファイルが読めないので、確かめられませんでした。"),
)


def fault_in_words(fault: str) -> str:
    """What a check found, which is kept in English for operators, for those who read the trail."""
    for pattern, words in _FAULTS:
        if found := re.search(pattern, fault):
            return _(words, **found.groupdict())
    return _("記録のつながりが、確かめられませんでした。")

"""What the trail of events says in words: groups of kinds, and what something happened to.

An event carries codes and numbers alone, so nothing that a resident wrote can come up here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.core.events import Event, event_kinds
from portal.core.text import _
from portal.desk.audit_particulars import Names, particulars
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
    "settings": ("city", "department", "list", "word", "windows", "procedure", "news", "standard_text", "synonyms"),
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
    "procedure": "手続き",
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
        particulars="・".join(particulars(event, names)),
    )


def _subject(event: Event, names: Names) -> str:
    kind, subject_id = event.subject_kind, event.subject_id
    word = _(SUBJECTS.get(kind, kind))
    known = {"staff": names.staff, "department": names.departments, "layer": names.layers}.get(kind, {})
    if kind == "procedure":
        return f"{word} {names.procedures.get(event.data.get('key', ''), event.data.get('key', ''))}"
    if subject_id is None or kind in {"case", "account"}:
        return word
    return (
        f"{word} {known[subject_id]}" if subject_id in known else _("{thing} {number}番", thing=word, number=subject_id)
    )


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
        if match := re.search(pattern, fault):
            return _(words, **match.groupdict())
    return _("記録のつながりが、確かめられませんでした。")

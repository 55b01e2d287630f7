"""The changes between two versions of a definition, in sentences for clerks."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import BaseModel, JsonValue

from forms.definition.diagnostics import shown
from forms.definition.fee import FeeRule, fee_rule_pairs
from forms.definition.procedure import Definition
from forms.fields import FieldType

#: What clerks call the settings of a definition.
SETTING_NAMES = {
    # the procedure
    "title": "名前",
    "summary": "説明",
    "search_words": "検索の言葉",
    "department": "担当の部署",
    "legal_basis": "根拠",
    "standard_days": "標準処理期間",
    "assurance": "本人確認",
    "retention_years": "保存年限",
    "kind": "種類",
    "routing": "案内の条件",
    "workflow": "審査の流れ",
    "documents": "交付する書類",
    "examples": "試しの答え",
    # pages
    "short": "短い名前",
    "fields": "中の質問",
    "checks": "答えの確かめ",
    # the fee
    "id": "ID",
    "amount": "計算式",
    "when": "支払う時",
    "waived_when": "免除の条件",
    "applies_when": "かかる条件",
    "explain": "計算の説明",
    "rounding": "端数",
    "max_amount": "上限",
    "each": "くりかえす行",
    # questions
    "type": "答え方",
    "label": "質問の文",
    "help": "説明",
    "required": "必須",
    "item": "共通の項目",
    "show_when": "表示の条件",
    "sensitive": "暗号化",
    "options": "選択肢",
    "display": "見せ方",
    "text": "本文",
    "tone": "知らせの強さ",
    "yes": "「はい」の言葉",
    "no": "「いいえ」の言葉",
    "row": "行の名前",
    "rows": "入力欄の行数",
    "min": "最小",
    "max": "最大",
    "unit": "単位",
    "decimals": "小数の桁数",
    "min_length": "文字数の下限",
    "max_length": "文字数の上限",
    "max_days": "日数の上限",
    "open_days_only": "開庁日だけ",
    "step_minutes": "時刻の間隔(分)",
    "autocomplete": "自動入力",
    "pattern": "書き方の型",
    "pattern_message": "書き方が合わないときの文",
    "abroad": "海外の住所",
    "accept": "ファイルの種類",
    "max_mb": "ファイルの大きさの上限(MB)",
    "rules": "場所の決まり",
    "look_up": "地図から引く値",
    "max_area_m2": "広さの上限(m²)",
    "max_length_m": "長さの上限(m)",
}
#: What is compared one by one elsewhere.
_OWN_PARTS = {"procedure", "steps", "fee"}


@dataclass(frozen=True)
class Change:
    """One change. `path` names the part (`fields.period`, `fee.permit_fee`), `text` describes it in Japanese."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    text: str

    def as_dict(self) -> dict[str, str]:
        """The change as plain JSON."""
        return asdict(self)


def diff(old: Definition, new: Definition) -> list[Change]:
    """Return every change from `old` to `new`: settings, pages, questions, the fee."""
    return [*_whole(old, new), *_steps(old, new), *_fields(old, new), *_fees(old, new)]


def _whole(old: Definition, new: Definition) -> Iterator[Change]:
    before, after = _plain(old), _plain(new)
    for key in before.keys() - _OWN_PARTS:
        if before[key] != after[key]:
            yield Change(
                key, "changed", f"{SETTING_NAMES.get(key, key)}が変わりました{_from_to(before[key], after[key])}。"
            )


def _steps(old: Definition, new: Definition) -> Iterator[Change]:
    before = {step.id: step for step in old.steps}
    after = {step.id: step for step in new.steps}
    for step_id in after.keys() - before.keys():
        yield Change(f"steps.{step_id}", "added", f"ページ「{after[step_id].title.ja}」が加わりました。")
    for step_id in before.keys() - after.keys():
        yield Change(f"steps.{step_id}", "removed", f"ページ「{before[step_id].title.ja}」がなくなりました。")
    common = [step_id for step_id in before if step_id in after]
    if common != [step_id for step_id in after if step_id in before]:
        yield Change("steps", "moved", "ページの順番が変わりました。")
    for step_id in common:
        was, now = _plain(before[step_id]), _plain(after[step_id])
        for key in was.keys() - {"fields"}:
            if was[key] != now[key]:
                title = after[step_id].title.ja
                text = f"ページ「{title}」の{SETTING_NAMES.get(key, key)}が変わりました{_from_to(was[key], now[key])}。"
                yield Change(f"steps.{step_id}.{key}", "changed", text)


def _fields(old: Definition, new: Definition) -> Iterator[Change]:
    for field_id, field in new.fields.items():
        if field_id not in old.fields:
            need = "必須" if field.required else "任意"
            yield Change(f"fields.{field_id}", "added", f"質問「{_label(field)}」が加わりました({need})。")
    for field_id, field in old.fields.items():
        if field_id not in new.fields:
            yield Change(f"fields.{field_id}", "removed", f"質問「{_label(field)}」がなくなりました。")
            continue
        yield from _field(field, new.fields[field_id])
        was, now = old.step_of(field_id), new.step_of(field_id)
        if was.id != now.id:
            text = f"質問「{_label(new.fields[field_id])}」がページ「{now.title.ja}」に移りました。"
            yield Change(f"fields.{field_id}", "moved", text)


def _field(old: FieldType, new: FieldType) -> Iterator[Change]:
    was, now = _plain(old), _plain(new)
    for key in dict.fromkeys([*was, *now]):
        before, after = was.get(key), now.get(key)
        if before == after:
            continue
        text = f"質問「{_label(new)}」の{SETTING_NAMES.get(key, key)}が変わりました"
        if key == "required":
            text = f"質問「{_label(new)}」が{'必須' if after else '任意'}になりました"
        elif key == "options":
            text = f"質問「{_label(new)}」の選択肢が変わりました{_options(before, after)}"
        else:
            text += _from_to(before, after)
        yield Change(f"fields.{new.id}.{key}", "changed", f"{text}。")


def _fees(old: Definition, new: Definition) -> Iterator[Change]:
    for old_id, new_id in fee_rule_pairs(old.fee_rules, new.fee_rules):
        if old_id is None and new_id is not None:
            rule = new.fee_rules[new_id]
            yield Change(f"fee.{new_id}", "added", f"手数料「{rule.label.ja}」が加わりました({shown(rule.amount)})。")
        elif old_id is not None and new_id is None:
            yield Change(f"fee.{old_id}", "removed", f"手数料「{old.fee_rules[old_id].label.ja}」がなくなりました。")
        elif old_id is not None and new_id is not None:
            yield from _fee(new_id, old.fee_rules[old_id], new.fee_rules[new_id])


def _fee(rule_id: str, old: FeeRule, new: FeeRule) -> Iterator[Change]:
    was, now = _plain(old), _plain(new)
    for key in was:
        if was[key] != now[key]:
            name = "名前" if key == "label" else SETTING_NAMES.get(key, key)
            text = f"手数料「{new.label.ja}」の{name}が変わりました{_from_to(was[key], now[key])}。"
            yield Change(f"fee.{rule_id}.{key}", "changed", text)


def _plain(part: BaseModel) -> dict[str, JsonValue]:
    dumped: dict[str, JsonValue] = part.model_dump(mode="json", by_alias=True)
    return dumped


def _label(field: FieldType) -> str:
    return field.label_in("ja")


def _from_to(before: JsonValue, after: JsonValue) -> str:
    """(A → B) for single values and texts; nothing for larger parts, which a clerk reads in the form itself."""
    was, now = _word(before), _word(after)
    return f"({was} → {now})" if was is not None and now is not None and was != now else ""


def _word(value: JsonValue) -> str | None:
    if isinstance(value, dict) and isinstance(value.get("ja"), str):
        return shown(value["ja"])
    if isinstance(value, dict | list):
        return None
    if value is None:
        return "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return f"{value:g}" if isinstance(value, float) else shown(value)


def _options(before: JsonValue, after: JsonValue) -> str:
    was, now = _option_labels(before), _option_labels(after)
    parts = [
        *(f"「{label}」が加わりました" for key, label in now.items() if key not in was),
        *(f"「{label}」がなくなりました" for key, label in was.items() if key not in now),
    ]
    return f"({'、'.join(parts)})" if parts else ""


def _option_labels(options: JsonValue) -> dict[str, str]:
    labels: dict[str, str] = {}
    for option in options if isinstance(options, list) else ():
        if isinstance(option, dict):
            labels[str(option.get("id"))] = _word(option.get("label")) or str(option.get("id"))
    return labels

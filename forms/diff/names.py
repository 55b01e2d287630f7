"""What clerks call the settings of a definition, and the codes that stand in them."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from forms.catalogue.vocabulary import Vocabulary
from forms.definition.acceptance import AcceptanceWindow
from forms.definition.capacity import CapacityRule
from forms.definition.computed import Computed
from forms.definition.consent import ConsentRule
from forms.definition.diagnostics import shown
from forms.definition.document import TEMPLATES, DocumentRule
from forms.definition.example import WrittenExample
from forms.definition.fee import FeeRule
from forms.definition.office import Office
from forms.definition.payout import PayoutRule
from forms.definition.place_rules import LookUp, PlaceRule
from forms.definition.procedure import Definition
from forms.definition.routing import Deadline, HeldPaper, Routing, SpecialDeadline
from forms.definition.schedule import FeeSchedule
from forms.definition.step import Check, Step
from forms.definition.table import Table
from forms.definition.workflow import WorkflowUse
from forms.diff.capacity_words import CAPACITY_NAMES, RULE_NAMES
from forms.diff.consent_words import CONSENT_NAMES
from forms.diff.option_words import OPTION_NAMES, OPTION_NAMES_IN, OPTION_NOUNS, OPTION_TYPES
from forms.diff.people_words import PEOPLE_CODES, PEOPLE_SETTINGS
from forms.diff.place_words import PLACE_CODES, PLACE_NAMES, PLACE_NAMES_IN
from forms.diff.row_words import ROW_NAMES
from forms.diff.workflow_words import WORKFLOW_NAMES_IN, WORKFLOW_NOUNS, WORKFLOW_SETTINGS, workflow_word
from forms.fields import FieldType
from forms.fields.date import Day
from forms.fields.date_range import DateRangeField
from forms.fields.details import Details
from forms.fields.file import Files
from forms.fields.group import GroupField, JointApplicants, Unique
from forms.fields.options import Option
from forms.fields.picture import Picture
from forms.fields.statement import StatementField
from forms.fields.time import TimeField
from forms.text.localized import Text
from forms.text.ways import WAYS

#: What clerks call the settings of a definition.
SETTING_NAMES: Final[Mapping[str, str]] = {
    **CAPACITY_NAMES,
    **WORKFLOW_SETTINGS,
    # the procedure
    "procedure": "手続きのID",
    "title": "名前",
    "summary": "説明",
    "search_words": "検索の言葉",
    "done_by": "行かずにするしかた",
    "department": "担当の部署",
    "legal_basis": "根拠",
    "standard_days": "標準処理期間",
    "assurance": "本人確認",
    "retention_years": "保存年限",
    "languages": "そろえる言語",
    "kind": "種類",
    "submission": "送るものの呼び名",
    "acceptance": "受付期間",
    "routing": "案内",
    "steps": "ページ",
    "tables": "表",
    "compute": "計算する値",
    "value": "計算式",
    "fee": "手数料",
    **PEOPLE_SETTINGS,
    "capacity": "定員",
    "workflow": "審査の流れ",
    "documents": "交付する書類",
    "examples": "試しの答え",
    # leading residents to it
    "life_events": "案内するできごと",
    "applies_when": "条件",
    "deadline": "期限",
    "after": "後",
    "before": "前",
    "bring": "持ち物",
    "held": "市にあるもの",
    "optional": "任意か",
    "offices": "行き先",
    "cities": "出す市",
    "address": "所在地",
    "position": "位置",
    "window": "窓口",
    "hours": "時間",
    "phone": "電話",
    "link": "案内のページ",
    "sample": "見本か",
    "special_deadlines": "条件つきの期限",
    "earliest": "できる最初の日",
    "show_facts": "いっしょに見せる事実",
    "if_late": "期限を過ぎたときの案内",
    "days": "日数",
    "months": "月数",
    "counts_first_day": "初日を数えるか",
    # pages
    "short": "短い名前",
    "fields": "質問",
    "checks": "答えの確かめ",
    "assert": "成り立つべき条件",
    "message": "知らせる文",
    "field": "知らせる場所の質問",
    "level": "止め方",
    # the fee
    "id": "ID",
    "amount": "計算式",
    "when": "支払う時",
    "waived_when": "免除の条件",
    "explain": "計算の説明",
    "rounding": "端数",
    "max_amount": "上限",
    "each": "くりかえす行",
    # the workflow and its documents
    "preset": "型",
    "assign": "担当の振り分け",
    "by": "担当の振り分けの式",
    "stages": "加えた段階",
    "drop": "使わない動き",
    "role": "担当する役割",
    "form": "記録する質問",
    "template": "書式",
    "sign": "電子署名",
    "valid_until": "有効期限の式",
    # examples
    "name": "名前",
    "on": "日",
    "city": "市",
    "key": "キー",
    "code": "団体コード",
    "answers": "答え",
    "facts": "地図の値",
    "expect": "結果の見込み",
    "visible": "表示される質問",
    "hidden": "表示されない質問",
    "errors": "直すところ",
    "moves": "進め方",
    "state": "状態",
    # questions
    "type": "答え方",
    "label": "質問の文",
    "help": "説明",
    "details": "くわしい説明",
    "picture": "画像",
    "file": "画像のファイル",
    "alt": "画像のかわりの文",
    "example": "答えの例",
    "required": "必須・任意",
    "item": "共通の項目",
    "required_when": "必須になる条件",
    "show_when": "表示の条件",
    "sensitive": "暗号化",
    "options": "選択肢",
    "values": "値",
    "display": "見せ方",
    "text": "本文",
    "tone": "知らせの強さ",
    "leads_to": "つながる手続き",
    "call": "電話をかける先",
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
    "offer": "選べる日",
    "weekdays": "曜日",
    "weekday": "曜日の式",
    "show": "はじめに並べる日の数",
    "rule": "決まりの文",
    "on_the_day": "その日にすること",
    "time": "時刻の言葉",
    "to_do": "申請した人がすること",
    "step_minutes": "時刻の間隔",
    "autocomplete": "自動入力",
    "pattern": "書き方の型",
    "pattern_message": "書き方が合わないときの文",
    "accept": "ファイルの種類",
    "max_mb": "ファイルの大きさの上限",
    **OPTION_NAMES,
    **ROW_NAMES,
    **PLACE_NAMES,
    "default": "初めの答え",
    "read_only": "書き換えの禁止",
}
#: Names that a setting has in one model only; subclasses inherit them.
_NAMES_IN: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    Details: {"summary": "見出し", "text": "文"},
    **PLACE_NAMES_IN,
    Definition: {"title": "手続きの名前", "summary": "手続きの説明", "kind": "手続きの種類"},
    Routing: {"applies_when": "案内の条件", "after": "先に済ませる手続き"},
    Deadline: {"before": "起点(その日より前)", "after": "起点(その日より後)"},
    SpecialDeadline: {"when": "この期限になる条件"},
    HeldPaper: {"what": "もの", "when": "いらなくなる条件"},
    Office: {"name": "名前", "hours": "開いている時間"},
    ConsentRule: CONSENT_NAMES,
    PayoutRule: {"label": "名前", "applies_when": "払う条件"},
    FeeRule: {"label": "名前", "applies_when": "かかる条件"},
    FeeSchedule: {"from": "最初の期の初日", "until": "最後の期の末日"},
    CapacityRule: RULE_NAMES,
    Check: {"fields": "知らせる場所の質問"},
    Computed: {"label": "名前"},
    Option: {"label": "名前"},
    **OPTION_NAMES_IN,
    Table: {"key": "調べる列", "rows": "行"},
    **WORKFLOW_NAMES_IN,
    DocumentRule: {
        "when": "交付する状態",
        "answers": "載せる答え",
        "text": "書き出しの文",
        "labels": "書類での呼び名",
        "to_do": "書類を受け取った人がすること",
    },
    WrittenExample: {"name": "名前", "like": "もとの試し"},
    LookUp: {"type": "値の種類", "default": "地図に無いときの値"},
    Files: {"min": "ファイルの数の下限", "max": "ファイルの数の上限"},
    GroupField: {"min": "行の数の下限", "max": "行の数の上限", "fields": "行の質問"},
    Unique: {"fields": "比べる質問"},
    Day: {"min": "いちばん早い日", "max": "いちばん遅い日"},
    DateRangeField: {"min": "いちばん早い日", "max": "いちばん遅い日"},
    TimeField: {"min": "いちばん早い時刻", "max": "いちばん遅い時刻"},
}
#: What one part of a list is called.
_NOUNS: Final[Mapping[type[BaseModel], str]] = {
    Step: "ページ",
    StatementField: "お知らせの文",
    Details: "くわしい説明",
    Picture: "画像",
    FieldType: "質問",
    Option: "選択肢",
    **OPTION_NOUNS,
    Unique: "同じ行を許さない決まり",
    JointApplicants: "連名の申請者",
    AcceptanceWindow: "受付期間",
    Computed: "計算する値",
    Table: "表",
    FeeRule: "手数料",
    CapacityRule: "定員",
    ConsentRule: "ほかの人の同意",
    PayoutRule: "市が払うお金",
    Check: "答えの確かめ",
    PlaceRule: "場所の決まり",
    LookUp: "地図から引く値",
    SpecialDeadline: "条件つきの期限",
    HeldPaper: "市にあるもの",
    Office: "行き先",
    **WORKFLOW_NOUNS,
    DocumentRule: "書類",
    WrittenExample: "試し",
}
#: The words for codes, by the setting in which they stand.
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {
        "notification": "届出",
        "permit": "許可",
        "certificate": "証明書",
        "report": "連絡・通報",
        "booking": "予約",
        "survey": "アンケート",
        "visit": "窓口の手続き",
        "elsewhere": "ほかの機関の手続き",
    },
    "done_by": {"phone": "電話", "web": "ほかの機関のページ", "post": "郵送"},
    "assurance": {"none": "なし", "email": "メール", "verified": "本人確認済み"},
    "moment": {"submission": "申請のとき", "approved": "許可のあと"},
    **PEOPLE_CODES,
    "template": TEMPLATES,
    "rounding": {"down": "切り捨て", "up": "切り上げ", "half_up": "四捨五入"},
    "level": {"error": "止める", "warning": "知らせるだけ"},
    "pages": {"one": "1ページに全部", "each": "1行ずつ別のページ"},
    "allocation": {"first_come": "先着順", "lottery": "抽選", "points": "点数の順"},
    "tone": {"info": "お知らせ", "warn": "注意"},
    "display": {"cards": "カード", "list": "一覧から選ぶ", "search": "言葉でさがす"},
    "accept": {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "heic": "HEIC"},
    **PLACE_CODES,
    "type": {
        "text": "文字",
        "long_text": "長い文",
        "integer": "整数",
        "number": "数",
        "money": "金額",
        "date": "日付",
        "date_range": "期間",
        "time": "時刻",
        "appointment": "予約の日時",
        **OPTION_TYPES,
        "yes_no": "はい・いいえ",
        "person_name": "氏名",
        "person_kana": "氏名のフリガナ",
        "birthday": "生年月日",
        "address": "住所",
        "applicant": "申請する人",
        "proxy": "代理人",
        "phone": "電話番号",
        "email": "メールアドレス",
        "file": "ファイル",
        "photo": "写真",
        "point": "地図の点",
        "line": "地図の線",
        "polygon": "地図の範囲",
        "signature": "署名",
        "bank_account": "口座",
        "consent": "同意",
        "statement": "お知らせの文",
        "group": "くりかえす行",
    },
}
MAX_TITLE_LENGTH: Final = 60

#: Settings that name questions by their ids.
_QUESTIONS: Final = frozenset(
    {
        "account",
        "proof",
        "shows",
        "field",
        "totals",
        "during",
        "each",
        "visible",
        "hidden",
        "errors",
        "answers",
        "facts",
    }
)


def setting_name(model: type[BaseModel], setting: str) -> str:
    """The Japanese name of a setting of a model; the setting itself where it has none yet."""
    for cls in model.__mro__:
        if issubclass(cls, BaseModel) and setting in _NAMES_IN.get(cls, ()):
            return _NAMES_IN[cls][setting]
    return SETTING_NAMES.get(setting, setting)


def noun(model: type[BaseModel]) -> str:
    """What one part of a list is called: ページ, 質問, 手数料."""
    return next((_NOUNS[cls] for cls in model.__mro__ if cls in _NOUNS), "項目")


def title(part: BaseModel) -> str:
    """The name by which a clerk knows a part of a definition, in one line; empty where nothing names it."""
    return shown(_title(part), MAX_TITLE_LENGTH)


def _title(part: BaseModel) -> str:
    if isinstance(part, StatementField) and part.label is None:
        return shown(part.text.ja, 20)
    if isinstance(part, FieldType):
        return part.label_in("ja")
    if isinstance(part, LookUp):
        return part.as_
    if isinstance(part, PlaceRule):
        return part.layer or (part.clear_of.procedure if part.clear_of else "")
    if isinstance(part, Check):
        return part.message.ja
    named = (getattr(part, setting, None) for setting in ("title", "label", "name", "id"))
    name = next((value for value in named if value), "")
    return name.ja if isinstance(name, Text) else str(name)


def language_name(language: str) -> str:
    """やさしい日本語, 英語 and so on."""
    return next((ways.in_japanese for known, ways in WAYS.items() if known == language), language)


def names_questions(setting: str) -> bool:
    """Whether a setting holds ids of questions."""
    return setting in _QUESTIONS


def code_word(part: BaseModel, setting: str, code: str, use: WorkflowUse, vocabulary: Vocabulary) -> str | None:
    """The word for a code: 許可のあと for `approved`. None where what stands there is no code with a word.

    `use` is the definition's workflow, by which its states and moves are called; facts are called by what they ask.
    """
    if isinstance(part, FeeRule) and setting == "when":
        return _CODES["moment"].get(code)
    if isinstance(part, LookUp) and setting == "type":
        return _CODES["look_up"].get(code)
    if isinstance(part, Deadline) and setting in ("before", "after"):
        fact = vocabulary.facts.get(code)
        return fact.question.ja if fact and fact.question else None
    if isinstance(part, Definition) and setting == "languages":
        return language_name(code)
    if word := workflow_word(part, setting, code, use, vocabulary.roles):
        return word
    return _CODES.get(setting, {}).get(code)

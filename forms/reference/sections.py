"""Sections of the reference: each part of a definition with its settings, and the page on which it stands."""

from collections.abc import Mapping
from typing import Any

from forms.definition.schema import json_schema
from forms.fields import FieldType
from forms.reference.descriptions import SettingDescription, part_of
from forms.reference.markdown import cell, code, table
from forms.reference.shapes import default, shape

#: The parts that each page describes, by the name of the page.
PARTS_OF_PAGE: Mapping[str, tuple[str, ...]] = {
    "definition": (
        "Definition",
        "AcceptanceWindow",
        "Step",
        "Details",
        "Picture",
        "Check",
        "Table",
        "Computed",
        "DocumentRule",
    ),
    "question-types": (
        "FieldType",
        "OpenHours",
        "DayOffer",
        "OnTheDay",
        "Option",
        "OptionsFrom",
        "FeatureValue",
        "Unique",
        "JointApplicants",
        "RowsFrom",
        "RowValue",
        "MatrixRow",
    ),
    "fees": ("FeeRule", "FeeSchedule", "DueRule", "Reduction", "Survey", "FeeTotal"),
    "payouts": ("PayoutRule", "Budget"),
    "consents": ("ConsentRule",),
    "capacity": ("CapacityRule", "CapacityDays"),
    "workflow": (
        "WorkflowUse",
        "OwnState",
        "StateDeadline",
        "Reminder",
        "OwnMove",
        "Doer",
        "SignOff",
        "Fork",
        "Assign",
        "Stage",
        "StageForm",
    ),
    "routing": (
        "Routing",
        "Office",
        "Appeal",
        "Deadline",
        "SpecialDeadline",
        "HeldPaper",
        "BasedOn",
        "EarlierValue",
        "Opening",
        "HandsOver",
    ),
    "places": ("PlaceRule", "ClearOf", "LookUp", "CaseLayer", "PublicLayer"),
    "texts": ("Text", "Unit"),
    "examples": ("WrittenExample", "ExampleCity", "Expectation", "JsonValue"),
}
_PAGE_OF = {part: name for name, parts in PARTS_OF_PAGE.items() for part in parts}

#: The types of CEL in words.
TYPES: Mapping[str, str] = {
    "bool": "はい・いいえ",
    "int": "整数",
    "double": "数",
    "string": "文字",
    "timestamp": "日",
    "list<string>": "文字の一覧",
    "rows": "組の一覧",
}


def part_section(name: str, title: str | None = None) -> str:
    """A part with all its settings, under a title, its name if there is no other."""
    model, described = _model(name), part_of(name)
    rows = settings_table(model, described.settings) if "properties" in model else _languages(described.settings)
    return "\n\n".join(block for block in (f"## {title or name}", described.meaning, rows) if block)


def settings_table(model: Mapping[str, Any], settings: Mapping[str, SettingDescription]) -> str:
    """The settings of a part: what may stand behind each, what holds without it, what it means; empty for none."""
    if not settings:
        return ""
    properties: Mapping[str, Mapping[str, Any]] = model["properties"]
    required = model.get("required", ())
    return table(
        ("設定", "値", "省いたとき", "意味"),
        [
            (
                code(name),
                shape(properties[name], setting, part_link),
                default(properties[name], required=name in required),
                cell(setting.meaning),
            )
            for name, setting in settings.items()
        ],
    )


def part_link(name: str) -> str:
    """A link to the section of a part."""
    return f"[{name}]({_PAGE_OF[name]}.md#{name.lower()})"


def _model(name: str) -> Mapping[str, Any]:
    """The JSON Schema of a part. That of what all question types share stands in no definition by itself."""
    if name == "FieldType":
        return FieldType.model_json_schema()
    schema = json_schema()
    model: Mapping[str, Any] = schema if name == "Definition" else schema["$defs"][name]
    return model


def _languages(settings: Mapping[str, SettingDescription]) -> str:
    rows = [(code(name), cell(setting.meaning)) for name, setting in settings.items()]
    return table(("言語", "意味"), rows) if rows else ""

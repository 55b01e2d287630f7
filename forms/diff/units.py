"""The units in which the numbers of a definition count."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from forms.diff.capacity_words import CAPACITY_UNITS
from forms.diff.option_words import OPTION_UNITS
from forms.fields.file import Files
from forms.fields.group import GroupField
from forms.fields.money import MoneyField
from forms.text.localized import Text

_UNITS: Final[Mapping[str, str]] = {
    "standard_days": "日",
    "retention_years": "年",
    "days": "日",
    "months": "か月",
    "max_days": "日",
    "max_amount": "円",
    "rate": "%",
    "round_to": "円",
    "fee": "円",
    "decimals": "けた",
    "min_length": "文字",
    "max_length": "文字",
    "rows": "行",
    "step_minutes": "分",
    "max_mb": "MB",
    **CAPACITY_UNITS,
    "max_area_m2": "m²",
    "max_length_m": "m",
    "within": "m",
}


def unit_of(part: BaseModel, setting: str) -> str:
    """The unit in which a number of a setting counts; empty where it has none."""
    if setting in ("min", "max", "value"):
        if isinstance(part, MoneyField):
            return "円"
        if isinstance(part, (Files, *OPTION_UNITS)):
            return "個"
        if isinstance(part, GroupField):
            return "行"
        unit = getattr(part, "unit", None)
        return unit.ja if isinstance(unit, Text) else ""
    return _UNITS.get(setting, "")

"""For which disasters a place of refuge is meant (自治体標準オープンデータセット, 指定緊急避難場所一覧: 災害種別_…)."""

from collections.abc import Mapping
from typing import Any

HAZARDS: Mapping[str, str] = {
    "flood": "洪水",
    "landslide": "崖崩れ、土石流及び地滑り",
    "storm-surge": "高潮",
    "earthquake": "地震",
    "tsunami": "津波",
    "fire": "大規模な火事",
    "inland-flood": "内水氾濫",
    "volcano": "火山現象",
}
"""The disasters by the names that addresses have for them."""
PREFIX = "災害種別_"
_YES = frozenset({"1", "1.0", "○", "〇", "◯", "有", "はい", "true", "TRUE"})


def meant_for(properties: Mapping[str, Any]) -> list[str]:
    """The disasters, by their names in addresses, that the columns of a place say it is meant for."""
    return [
        key for key, word in HAZARDS.items() if str(properties.get(f"{PREFIX}{word}", "")).strip() in _YES | {"True"}
    ]


def tells_hazards(columns: Mapping[str, Any]) -> bool:
    """Whether a layer has such columns."""
    return any(name.startswith(PREFIX) for name in columns)

"""What the settings of a place are called in differences: its rules, and the layers that its cases make."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from forms.definition.case_layers import CaseLayer, PublicLayer

PLACE_NAMES: Final[Mapping[str, str]] = {
    "rules": "場所の決まり",
    "look_up": "地図から引く値",
    "case_layer": "プログラムが読む案件の層",
    "public_layer": "だれでも見る地図の層",
    "exactness": "場所のくわしさ",
    "streets": "道の地図の層",
    "cell_m": "升の1辺の長さ",
    "days_before": "期間の前に出す日数",
    "days_after": "期間のあとに出す日数",
    "max_area_m2": "広さの上限",
    "max_length_m": "長さの上限",
    "inside": "中にあるべき地図の層",
    "intersects": "重なるべき地図の層",
    "clear_of": "重なってはいけない申請",
    "states": "状態",
    "during": "重なりを見る期間の質問",
}
PLACE_NAMES_IN: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    PublicLayer: {"title": "層の名前", "description": "層の説明", "answers": "出す答え"},
    CaseLayer: {"answers": "読ませる答え"},
}
EXACTNESS: Final[Mapping[str, str]] = {"exact": "描いたとおり", "street": "近い道", "grid": "升だけ"}
"""The words for how exactly a place is shown."""

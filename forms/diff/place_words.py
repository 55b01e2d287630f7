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
    "touches": "接するべき地図の層",
    "outside": "かかってはいけない地図の層",
    "covers": "図形を含むべき地図の層",
    "nearer": "近くにあるべき地図の層",
    "farther": "離れるべき地図の層",
    "share": "割合をはかる地図の層",
    "length": "長さをはかる地図の層",
    "count": "数える地図の層",
    "firm": "地図がちがうと言われても外さない",
    "within": "距離",
    "at_least": "下限",
    "at_most": "上限",
    "only": "数える図形の値",
    "since": "図形の初日の項目",
    "until": "図形の末日の項目",
    "clear_of": "重なってはいけない申請",
    "states": "状態",
    "during": "重なりを見る期間の質問",
    "layer": "地図の層",
    "property": "層の項目",
    "as": "式での名前",
    "take": "調べ方",
    "law": "町名・番地の定めの項目",
}

PLACE_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "exactness": {"exact": "描いたとおり", "street": "近い道", "grid": "升だけ"},
    "look_up": {
        "any": "なんでも",
        "bool": "はい・いいえ",
        "int": "整数",
        "double": "小数",
        "string": "文字",
        "list": "文字の一覧",
    },
    "take": {
        "largest": "いちばん広くかかる値",
        "nearest": "いちばん近い図形の値",
        "all": "かかる値のすべて",
        "distance": "いちばん近い図形までの距離(m)",
        "share": "かかる割合(%)",
        "area": "かかる面積(m²)",
        "length": "かかる長さ(m)",
        "count": "近くの図形の数",
        "touches": "接しているか",
    },
}

PLACE_NAMES_IN: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    PublicLayer: {"title": "層の名前", "description": "層の説明", "answers": "出す答え"},
    CaseLayer: {"answers": "読ませる答え"},
}

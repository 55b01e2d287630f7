"""What clerks call the settings of options, of those that stand elsewhere too."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from forms.fields.choices import ChoicesField
from forms.fields.matrix import MatrixField, MatrixRow
from forms.fields.options import FeatureValue, OptionsFrom
from forms.fields.quantities import QuantitiesField
from forms.fields.ranking import RankingField

OPTION_NAMES: Final[Mapping[str, str]] = {
    "table": "選択肢の表",
    "label_en": "名前の英語",
    "price": "値段",
    "search": "読みの列",
    "near": "近い順の場所の質問",
    "where": "選択肢の条件",
    "shared": "共有の表",
    "columns": "使う列",
    "each_max": "1つあたりの上限",
    "scale": "段階",
}
#: Names that a setting has in one model only.
OPTION_NAMES_IN: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    ChoicesField: {"min": "選ぶ数の下限", "max": "選ぶ数の上限"},
    RankingField: {"min": "選ぶ数の下限", "max": "選ぶ数の上限"},
    QuantitiesField: {"min": "合わせた数の下限", "max": "合わせた数の上限"},
    MatrixField: {"rows": "項目"},
    MatrixRow: {"label": "名前"},
    OptionsFrom: {"label": "名前", "values": "値", "price": "値段の列", "answers": "くり返しの答え"},
    FeatureValue: {"type": "値の種類"},
}
OPTION_NOUNS: Final[Mapping[type[BaseModel], str]] = {
    OptionsFrom: "選択肢のもと",
    FeatureValue: "地図から引く値",
    MatrixRow: "項目",
}
#: The words for types of questions that offer options.
OPTION_TYPES: Final[Mapping[str, str]] = {
    "choice": "1つ選ぶ",
    "choices": "いくつか選ぶ",
    "ranking": "希望の順",
    "quantities": "数を選ぶ",
    "matrix": "項目ごとに選ぶ",
}
#: Whose `min` and `max` count things.
OPTION_UNITS: Final = (ChoicesField, RankingField, QuantitiesField)

"""What clerks call the settings of options, of those that stand elsewhere too."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from forms.fields.options import FeatureValue, OptionsFrom

OPTION_NAMES: Final[Mapping[str, str]] = {
    "table": "選択肢の表",
    "label_en": "名前の英語",
    "price": "値段",
    "search": "読みの列",
    "near": "近い順の場所の質問",
    "where": "選択肢の条件",
}
#: Names that a setting has in one model only.
OPTION_NAMES_IN: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    OptionsFrom: {"label": "名前", "values": "値", "price": "値段の列", "answers": "くり返しの答え"},
    FeatureValue: {"type": "値の種類"},
}
OPTION_NOUNS: Final[Mapping[type[BaseModel], str]] = {OptionsFrom: "選択肢のもと", FeatureValue: "地図から引く値"}

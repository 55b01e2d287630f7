"""What is said to an editor whose shape, coordinates or values cannot be taken: what is wrong, where, and how it is put right."""

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from shapely import to_geojson

from common.plane import Plane
from geo.editing import MAX_POSITIONS, PositionFault, ShapeFault
from portal.core.errors import Invalid

REACH = 0.4
"""Degrees from the middle of the city within which something is drawn or typed by hand: some 40 km."""
MAX_TEXT = 2000
ACTS = {
    "draw": "描いた",
    "shape": "形を変えた",
    "positions": "座標を入力した",
    "move": "動かした",
    "properties": "項目を変えた",
    "remove": "消した",
    "split": "分けた",
    "cut": "切り取った",
    "part": "部分を足した",
    "merge": "1つに合わせた",
    "restore": "前の内容を入れた",
    "revert": "変更をやめた",
    "mine": "自分の変更を残した",
    "theirs": "ほかの人の変更を残した",
    "both": "両方を残した",
}
"""Steps of a draft, as undoing names them."""
_KINDS = {"polygon": "面", "line": "線", "point": "点"}
_MOST = 1e15


class UnfitShape(Invalid):
    """A shape that cannot be taken; `at` is the place of the fault (longitude, latitude), `repaired` a shape (GeoJSON text) that would be."""

    def __init__(self, fault: ShapeFault, kind: str, plane: Plane) -> None:
        sentence = _shape_sentence(fault, kind, plane)
        super().__init__(sentence, {"geometry": sentence})
        self.at = fault.at
        self.repaired = None if fault.repaired is None else to_geojson(fault.repaired)


_UNREADABLE = "形を読み取れません。座標が数で、点が足りているか(線は2点、面は3点から)を確かめてください。"
_SHAPE_FAULTS: Mapping[str, str] = {
    "unreadable": _UNREADABLE,
    "crosses": "外枠が、自分と交わるか、同じところに触れています({where})。頂点を動かして交わりをなくすか、直した形を使ってください。",
    "too_many": f"頂点が多すぎます。1つの地物は{MAX_POSITIONS:,}点までです。もっと細かい形は、ファイルから取り込んでください。",
    "kind": "この層は{kind}の層なので、この形は入りません。{kind}を描いてください。",
    "swapped": "緯度と経度が逆になっています。緯度(35前後)、経度(139前後)の順にしてください。",
    "abroad": "日本の外の座標です。座標の値と、平面直角座標か緯度経度かを確かめてください。",
    "far": "市のまん中から40kmより遠くにあります({where})。座標の値と、座標系を確かめてください。",
    "open": "外枠が閉じていません。はじめの点と終わりの点を同じにしてください。",
    "apart": "線が地物を2つに分けていません。外から外へ、地物を横切る線を引いてください。",
    "nothing_left": "切り取ると何も残りません。残すところがあるように囲むか、地物を消してください。",
    "outside": "囲んだところは、この地物に重なっていません。地物の中を囲んでください。",
    "single": "合わせる地物を2つ以上選んでください。",
}
_POSITION_FAULTS: Mapping[str, str] = {
    "numbers": "{n}行目を読み取れません。1行に、X(北)とY(東)、または緯度と経度の2つの数を、空白で区切って入力してください。",
    "heading": "{n}行目の「穴」の前に、外枠がありません。「部分」の行と外枠の点を先に書いてください。",
    "short": "{n}行目から始まる部分の点が足りません。線は2点、面は3点から要ります。",
    "nothing": "座標がありません。1行に1点ずつ入力してください。",
}


def _shape_sentence(fault: ShapeFault, kind: str, plane: Plane) -> str:
    return _SHAPE_FAULTS[fault.code].format(where=_where(fault.at, plane), kind=_KINDS[kind])


def _where(at: tuple[float, float] | None, plane: Plane) -> str:
    if at is None:
        return ""
    [(east, north)] = plane.project([at])
    if not (math.isfinite(east) and math.isfinite(north)):
        return f"緯度{at[1]:.6f}、経度{at[0]:.6f}のあたり"
    return f"X={north:.1f}、Y={east:.1f}のあたり"


def unreadable_positions(fault: PositionFault) -> Invalid:
    """What is said of coordinates that were typed."""
    sentence = _POSITION_FAULTS[fault.code].format(n=fault.line)
    return Invalid(sentence, {"positions": sentence})


def shown_value(value: object) -> str:
    """A value of a feature as its input shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
    return str(value)


def typed_properties(columns: Mapping[str, str], typed: Mapping[str, str], former: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a feature after what was typed in the inputs of columns. Raises Invalid with a sentence for each column.

    What was not changed keeps its value and its type, and text stays text, whatever it begins with.
    """
    row, faults = dict(former), dict[str, str]()
    for name, sent in typed.items():
        text = sent.replace("\r\n", "\n")  # as browsers send the lines of a text
        if name in columns and text != shown_value(former.get(name)):
            try:
                value = _value(name, columns[name], text)
            except ValueError as error:
                faults[name] = str(error)
                continue
            if value is None:
                row.pop(name, None)
            else:
                row[name] = value
    if faults:
        raise Invalid("入力を確かめてください。", faults)
    return row


def _value(name: str, kind: str, text: str) -> str | int | float | bool | None:
    if len(text) > MAX_TEXT:
        raise ValueError(f"「{name}」は、{MAX_TEXT:,}文字までにしてください。いまは{len(text):,}文字です。")
    if "\0" in text:
        raise ValueError(f"「{name}」に、使えない文字(NUL)があります。消してください。")
    if not text.strip():
        return None
    if kind == "number":
        return _number(name, text)
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise ValueError(f"「{name}」は、はい・いいえのどちらかを選んでください。")
        return text == "true"
    return text


def _number(name: str, text: str) -> int | float:
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    try:
        number = float(plain)
    except ValueError as error:
        raise ValueError(f"「{name}」は、数で入力してください。例：12.5") from error
    if not abs(number) < _MOST:  # false for NaN as well
        raise ValueError(f"「{name}」の数が大きすぎます。15桁までにしてください。")
    return int(plain) if plain.lstrip("+-").isdecimal() else number

"""What clerks call the settings of acceptance, limited places and appointments, and the units in which they count."""

from collections.abc import Mapping
from typing import Final

CAPACITY_NAMES: Final[Mapping[str, str]] = {
    # when it is open
    "from": "初日",
    "until": "末日",
    "opens_at": "始まりの時刻",
    "closes_at": "終わりの時刻",
    # limited places
    "limit": "数",
    "hold_minutes": "仮に押さえる時間",
    "pay_days": "支払いを待つ日数",
    "waiting_days": "空きの返事を待つ日数",
    "allocation": "決めかた",
    "points": "順を決める点数",
    "wishes": "希望の順の質問",
    "winners": "当選した申請の動き",
    # appointments
    "resource": "予約するもの",
    "resource_by": "予約するものを分ける質問",
    "counters": "同時に受ける数",
    "minutes": "1件の長さ",
    "buffer_minutes": "次までの間",
    "hours": "受ける時間",
    "closed": "休みの日",
    "change_days": "変えられる期限",
}
CAPACITY_UNITS: Final[Mapping[str, str]] = {
    "hold_minutes": "分",
    "pay_days": "日",
    "waiting_days": "日",
    "minutes": "分",
    "buffer_minutes": "分",
    "change_days": "日前",
}
#: Names that a setting has in a rule of limited places only.
RULE_NAMES: Final[Mapping[str, str]] = {
    "label": "名前",
    "by": "数える単位",
    "amount": "使う数",
    "days": "使う日",
    "applies_when": "数える条件",
}

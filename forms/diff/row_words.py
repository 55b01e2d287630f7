"""What clerks call the settings of rows."""

from collections.abc import Mapping
from typing import Final

ROW_NAMES: Final[Mapping[str, str]] = {
    "unique": "同じ行を許さない決まり",
    "totals": "合計を見せる質問",
    "same_as_above": "上と同じにするボタン",
    "pages": "行を書くページ",
    "applicants": "連名の申請者",
    "rows_from": "先に入れておく行",
    "compute": "行の値",
    "items": "先に入れておく人の項目",
    "who": "申請者の質問",
    "representative": "代表者の質問",
}

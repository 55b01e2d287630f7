"""What clerks call the settings of consents of others."""

from collections.abc import Mapping
from typing import Final

CONSENT_NAMES: Final[Mapping[str, str]] = {
    "name": "氏名の質問",
    "email": "メールアドレスの質問",
    "applies_when": "同意を求める条件",
    "shows": "見せる答え",
    "signature": "署名を求めるか",
    "before": "いつまでに要るか",
    "days": "返事の期限",
}

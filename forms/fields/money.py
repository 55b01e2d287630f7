"""`money`: an amount in whole yen that the applicant states (income, a price)."""

import re
from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import ReadContext, Reading
from forms.fields.integer import WholeNumber
from forms.text.ways import ways_of
from writing.folding import CODE

_AROUND = re.compile(r"(?:[¥\\]|金|JPY)?\s*(.*?)\s*(?:円(?:也)?|えん|yen|JPY|日元|日圆|엔)?-?", re.IGNORECASE)


class MoneyField(WholeNumber):
    """Whole yen. `1,200円`, `￥1200-` and `30万円` are read."""

    type: Literal["money"]

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        amount = _AROUND.fullmatch(CODE(text))
        return super().parse(amount[1] if amount else text, context)

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return ways_of(language).show_money(value) if isinstance(value, int) else ""

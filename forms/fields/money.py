"""`money`: an amount in whole yen that the applicant states (income, a price)."""

from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import ReadContext, Reading
from forms.fields.integer import WholeNumber
from forms.text.width import fold


class MoneyField(WholeNumber):
    """Whole yen. `1,200円` and `￥1200` are read as 1200."""

    type: Literal["money"]

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        return super().parse(fold(text).lstrip("¥\\").rstrip("円"), context)

    @override
    def show(self, value: JsonValue, language: str) -> str:
        if not isinstance(value, int):
            return ""
        return f"¥{value:,}" if language == "en" else f"{value:,}円"

"""Every function that expressions may call, by name; the reference and the checker are made from this."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from forms.expressions.functions.dates import DATES
from forms.expressions.functions.function import Function
from forms.expressions.functions.numbers import NUMBERS
from forms.expressions.functions.periods import PERIODS
from forms.expressions.functions.texts import TEXTS

FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {function.name: function for function in (*NUMBERS, *DATES, *PERIODS, *TEXTS)}
)

__all__ = ["FUNCTIONS", "Function"]

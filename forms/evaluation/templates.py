"""Explanations with expressions in braces: `{ceil(area.area_m2)} m² × {area.unit_price}円`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from forms.expressions.language import Compiled
from forms.expressions.values import ExpressionFailed, NotDecided
from forms.text.localized import Worded
from forms.text.ways import ways_of

_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Template:
    """A compiled text with expressions in braces: literal text and expressions alternate."""

    parts: Sequence[str | Compiled]

    @classmethod
    def compile(cls, text: str, compile_expression: Callable[[str], Compiled | None]) -> "Template":
        """Split a text at its braces and compile what they hold; what does not compile stays out."""
        parts: list[str | Compiled] = []
        for position, part in enumerate(_BRACES.split(text)):
            compiled = compile_expression(part.strip()) if position % 2 else part
            if compiled:
                parts.append(compiled)
        return cls(tuple(parts))

    def fill(self, values: dict[str, Any], language: str) -> str:
        """The text with its values; unknown values are shown as a dash."""
        return "".join(part if isinstance(part, str) else _filled(part, values, language) for part in self.parts)


def _filled(expression: Compiled, values: dict[str, Any], language: str) -> str:
    try:
        value = expression.value(values)
    except (ExpressionFailed, NotDecided):
        value = None
    return shown_value(value, language)


def shown_value(value: object, language: str) -> str:
    """One value as people write it: 23,400 / 18.36 / はい / 2026年4月10日."""
    match value:
        case bool():
            return ways_of(language).show_yes_no(value)
        case int():
            return f"{value:,}"
        case Fraction():
            whole, point, fraction = f"{float(value):,.2f}".partition(".")
            fraction = fraction.rstrip("0")
            return whole + (point + fraction if fraction else "")
        case date():
            return ways_of(language).show_plain_date(value)
        case Worded():
            return next((words for key, words in value.text.root.items() if key == language), str(value))
        case str():
            return value
        case list():
            return ways_of(language).listed(shown_value(item, language) for item in value)
    return "—"

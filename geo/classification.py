"""Classes that fit what a layer holds: its most frequent values, or ranges of its numbers."""

from typing import Any, Literal

from sqlalchemy import Connection, Float, Select, Text, case, cast, func, select
from sqlalchemy.orm import Session

from geo.style import CATEGORIES, MAX_CLASSES, StyleClass, range_colours
from geo.tables import layer, layer_feature

Method = Literal["equal_count", "equal_step"]
_ROUND = 3
"""Significant digits of a limit that nobody typed."""


def categories(connection: Connection | Session, key: str, name: str) -> list[StyleClass]:
    """The most frequent values of a property, in their order, each with a colour of its own."""
    value = layer_feature.c.properties[name].astext
    query = _of(key, value.label("value"), func.count().label("count")).where(value.is_not(None))
    query = query.group_by(value).order_by(func.count().desc(), value).limit(MAX_CLASSES)
    values = sorted((str(row.value) for row in connection.execute(query)), key=_order)
    return [StyleClass(colour=CATEGORIES[n], value=text[:200]) for n, text in enumerate(values)]


def ranges(connection: Connection | Session, key: str, name: str, count: int, method: Method) -> list[StyleClass]:
    """At most `count` ranges of the numbers of a property: of as many features each, or of the same width. Empty without numbers."""
    value = layer_feature.c.properties[name]
    number = case((func.jsonb_typeof(value) == "number", cast(cast(value, Text), Float)))
    numbers = _of(key, number.label("number")).subquery()
    shares = [step / count for step in range(1, count)]
    spread = connection.execute(
        select(
            func.min(numbers.c.number),
            func.max(numbers.c.number),
            func.percentile_cont(shares).within_group(numbers.c.number),
        )
    ).one()
    least, most, parts = spread
    if least is None:
        return []
    if method == "equal_step":
        parts = [least + (most - least) * share for share in shares]
    limits = sorted({_rounded(part) for part in parts or [] if least <= part < most})
    colours = range_colours(len(limits) + 1)
    return [StyleClass(colour=colour, upper=limit) for colour, limit in zip(colours, [*limits, None], strict=True)]


def _of(key: str, *columns: Any) -> Select[Any]:
    return select(*columns).join(layer, layer.c.id == layer_feature.c.layer_id).where(layer.c.key == key)


def _rounded(number: float) -> float:
    return float(f"{number:.{_ROUND}g}")


def _order(text: str) -> tuple[float, str]:
    """Numbers among the values by their size, before other texts."""
    try:
        return float(text), text
    except ValueError:
        return float("inf"), text

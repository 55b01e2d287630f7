"""Where the parts of a chart stand. Templates draw them as SVG: across in percent, so that letters keep their size on any screen, down in pixels.

Why no library draws them: docs/decisions/0124.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEIGHT = 200
"""Of the part in which lines and bars stand, in pixels."""
_HEAD = 22
"""Room above the tallest bar for what is said of it."""
_LABELS = 4
"""So many labels fit side by side on a telephone."""


@dataclass(frozen=True)
class Tick:
    """A line across at a round number, and how far down it stands."""

    value: int
    y: float


@dataclass(frozen=True)
class Mark:
    """Words under the chart, and how far across they stand."""

    text: str
    x: float


@dataclass(frozen=True)
class Line:
    """A line: its points as SVG has them, and its name with the sum of its values. An `area` is filled down to the ground."""

    points: str
    said: str

    @property
    def area(self) -> str:
        """The same with its ground."""
        first, last = self.points.split(" ")[0].partition(",")[0], self.points.rsplit(" ", 1)[-1].partition(",")[0]
        return f"{first},{HEIGHT} {self.points} {last},{HEIGHT}"


@dataclass(frozen=True)
class LineChart:
    """Lines over time, by the same scale."""

    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Bar:
    """A bar of two parts, one on the other: where it stands, how wide it is, and the top and height of each part."""

    x: float
    width: float
    lower: tuple[float, float]
    upper: tuple[float, float]
    middle: float


@dataclass(frozen=True)
class BarChart:
    """Bars side by side, by the same scale."""

    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Part:
    """A part of a whole, lying in one bar: how far across it begins, and how wide it is, in percent."""

    x: float
    width: float


def line_chart(labels: Sequence[str], lines: Sequence[tuple[str, Sequence[int]]]) -> LineChart:
    """Lines through values that belong to the labels, each with its name."""
    top, ticks = _scale(max((value for _name, values in lines for value in values), default=0))
    count = max(len(labels) - 1, 1)
    drawn = []
    for name, values in lines:
        points = [(100 * place / count, _y(value, top)) for place, value in enumerate(values)]
        if len(points) == 1:  # of one day a line across, so that something is to be seen
            points = [points[0], (100.0, points[0][1])]
        drawn.append(Line(" ".join(f"{x:.2f},{y:.1f}" for x, y in points), f"{name} {sum(values):,}"))
    every = -(-len(labels) // _LABELS)
    marks = tuple(Mark(label, 100 * place / count) for place, label in enumerate(labels) if place % every == 0)
    return LineChart(ticks, marks, tuple(drawn))


def bar_chart(labels: Sequence[str], values: Sequence[tuple[int, int]]) -> BarChart:
    """Bars of two parts each: the lower, and what stands on it."""
    top, ticks = _scale(max((lower + upper for lower, upper in values), default=0))
    step = 100 / max(len(values), 1)
    bars = []
    for place, (lower, upper) in enumerate(values):
        middle, tip = _y(lower, top), _y(lower + upper, top)
        parts = (middle, HEIGHT - middle), (tip, middle - tip)
        bars.append(Bar(step * place + step * 0.1, step * 0.8, *parts, middle=step * (place + 0.5)))
    marks = tuple(Mark(label, step * (place + 0.5)) for place, label in enumerate(labels))
    return BarChart(ticks, marks, tuple(bars))


def sparkline(values: Sequence[float]) -> str:
    """A line of a finger's size, from its own lowest to its own highest value; empty for fewer than two."""
    if len(values) < 2:
        return ""
    low, span = min(values), (max(values) - min(values)) or 1
    return " ".join(
        f"{100 * place / (len(values) - 1):.1f},{22 - 20 * (value - low) / span:.1f}"
        for place, value in enumerate(values)
    )


def parts_of(amounts: Sequence[int]) -> list[Part]:
    """The parts of one bar, in their order."""
    whole, parts, begin = sum(amounts) or 1, [], 0.0
    for amount in amounts:
        width = 100 * amount / whole
        parts.append(Part(round(begin, 2), round(width, 2)))
        begin += width
    return parts


def _y(value: float, top: int) -> float:
    return round(_HEAD + (HEIGHT - _HEAD) * (1 - value / top), 1)


def _scale(most: int) -> tuple[int, tuple[Tick, ...]]:
    """The value at the top, and at most three round numbers with the ground."""
    step = next(size for size in _steps() if size * 3 >= most)
    top = max(most, step)
    return top, tuple(Tick(value, _y(value, top)) for value in range(0, top + 1, step))


def _steps() -> Iterator[int]:
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10

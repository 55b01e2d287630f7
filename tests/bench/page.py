"""A page that is measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bench.client import Ask

Varied = Callable[[], Mapping[Any, str]]


@dataclass(frozen=True)
class Page:
    """A page to measure. `samples` requests are recorded for the bare run; `varied` then says what must differ in it.

    supply: how many requests can be made before something (an application that can be sent once) is used up.
    """

    name: str
    make: Callable[[int], Ask]
    samples: int = 1
    varied: Varied = field(default=dict)
    supply: int | None = None

"""The rows of a table as options, by the day, and looked for by what somebody typed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from forms.definition.table import Row, Table
from forms.fields.base import CelType
from forms.fields.options import PRICE, Option, OptionsFrom
from forms.text.localized import Text
from writing.folding import SEARCH

#: Typed words beyond this are not looked for.
_MAX_WORDS = 6
_MAX_TYPED = 100


def option_of(option_id: str, label: Text, values: Mapping[str, Any] | None = None, **more: Any) -> Option:
    """An option from elsewhere, whose id may be any text."""
    return Option.model_construct(
        id=option_id, label=label, values=dict(values or {}), **{"help": None, "price": None, "show_when": None, **more}
    )


class Finder:
    """Options in their order, found by their id and by words in what they are called."""

    def __init__(self, options: Sequence[Option], readings: Sequence[str] = ()) -> None:
        self.options = options
        self._readings = readings or [""] * len(options)

    @cached_property
    def by_id(self) -> Mapping[str, Option]:
        """The options by their ids."""
        return {option.id: option for option in self.options}

    @cached_property
    def _folded(self) -> Sequence[tuple[str, Option]]:
        return [
            (SEARCH(" ".join([*option.label.root.values(), reading])), option)
            for option, reading in zip(self.options, self._readings, strict=True)
        ]

    def search(self, text: str, most: int, is_offered: Callable[[Option], bool]) -> Sequence[Option]:
        """Those in which every typed word stands, first those that begin with the first; the first ones where nothing was typed."""
        words = SEARCH(text[:_MAX_TYPED]).split()[:_MAX_WORDS]
        hits = [entry for entry in self._folded if all(word in entry[0] for word in words)]
        if words:
            hits.sort(key=lambda entry: not entry[0].startswith(words[0]))
        return list(islice((option for _, option in hits if is_offered(option)), most))


class TableOptions:
    """The rows of a table that hold on a day."""

    def __init__(self, table: Table, source: OptionsFrom) -> None:
        self.table, self.source = table, source
        self.finder = lru_cache(maxsize=4)(self._made)
        """The options of a day, in the order of the table."""

    @property
    def most(self) -> int:
        """How many options there may be on a day."""
        return len(self.table.by_key)

    @property
    def types(self) -> dict[str, CelType]:
        """The columns that are values of the options, and the price."""
        columns: dict[str, CelType] = {
            name: kind for name, kind in self.table.columns.items() if name != self.source.price
        }
        return columns | ({PRICE: "int"} if self.source.price else {})

    def _made(self, day: date) -> Finder:
        rows = [row for key in self.table.by_key if (row := self.table.row(key, day)) is not None]
        readings = [" ".join(str(row[name]) for name in self.source.search if name in row) for row in rows]
        return Finder([self._option(row) for row in rows], readings)

    def _option(self, row: Row) -> Option:
        source = self.source
        label = Text.model_construct({"ja": str(row.get(source.label or "", ""))})
        if source.label_en and row.get(source.label_en):
            label.root["en"] = str(row[source.label_en])
        price = row.get(source.price) if source.price else None
        values = {name: row[name] for name in self.table.columns if name != source.price}
        helped = Text.of(str(row[source.help])) if source.help and row.get(source.help) else None
        return option_of(str(row[self.table.key[0]]), label, values, price=price, help=helped)

"""The shape shared by questions that offer options, wherever these stand.

The answer to an option that the definition writes is its id. One from elsewhere is kept with what it was called and was worth when
it was chosen, `{"id": …, "label": {"ja": …}, "values": {…}}`, because tables, layers and answers change.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import JsonValue, PrivateAttr, ValidationError
from typing_extensions import override

from forms.definition.table import Table
from forms.expressions.values import NOTHING_FOUND
from forms.fields.base import CelType, FieldError, FieldType, ReadContext
from forms.fields.options import PRICE, Option, Options, OptionsFrom, value_types
from forms.fields.table_options import Finder, TableOptions, option_of
from forms.text.localized import Text, Worded

#: More options than this are looked for by typing.
LIST_UP_TO = 100
#: So many options come up at most when somebody looks for one.
MAX_FOUND = 20
_MAX_ID = 200


class OffersOptions(FieldType):
    """A question that offers options."""

    options: Options
    display: Literal["cards", "list", "search"] | None = None

    _table: TableOptions | None = PrivateAttr(default=None)

    @property
    def written_options(self) -> Sequence[Option]:
        """The options that the definition writes; none where they stand elsewhere."""
        return self.options if isinstance(self.options, list) else ()

    @property
    def source(self) -> OptionsFrom | None:
        """Where the options stand, if not in the definition."""
        return self.options if isinstance(self.options, OptionsFrom) else None

    def take_from(self, table: Table) -> None:
        """Offer the rows of a table: that of the definition which `source` names."""
        assert self.source is not None  # noqa: S101 - only such a question is given a table
        self._table = TableOptions(table, self.source)

    @property
    def is_searched(self) -> bool:
        """Whether options are looked for by typing, so that no page holds them all."""
        if self.display is not None or self.source is None or self.source.answers is not None:
            return self.display == "search"
        return self._table is None or self._table.most > LIST_UP_TO

    def offered(self, context: ReadContext) -> Sequence[Option]:
        """Every option on the day, with those that a condition hides; none of a layer, which only the map can look through."""
        if self._table is not None:
            return self._table.finder(context.today).options
        if self.source is not None and self.source.answers is not None:
            return context.row_options(self) if context.row_options else ()
        return self.written_options

    def find(self, option_id: object, context: ReadContext) -> Option | None:
        """The option of an id on the day; None where there is none."""
        if not isinstance(option_id, str) or not 0 < len(option_id) <= _MAX_ID:
            return None
        if self._table is not None:
            return self._table.finder(context.today).by_id.get(option_id)
        if self.source is not None and self.source.layer is not None:
            return context.features.find(self, option_id) if context.features else None
        if self.source is not None and context.row_options is None:
            return option_of(option_id, Text.read_by_all(option_id))  # the evaluation knows the rows, and judges again
        return next((option for option in self.offered(context) if option.id == option_id), None)

    def search(self, text: str, context: ReadContext, most: int) -> Sequence[Option]:
        """The best options for what was typed, at most so many; those that a condition hides are left out."""
        if self.source is not None and self.source.layer is not None:
            near = context.answers.get(self.source.near) if self.source.near else None
            place = near if isinstance(near, Mapping) else None
            return context.features.search(self, text, most, place) if context.features else ()
        finder = self._table.finder(context.today) if self._table else Finder(self.offered(context))
        return finder.search(text, most, lambda option: not context.withholds(self, option))

    def answer(self, option: Option) -> JsonValue:
        """The answer that an option is."""
        if self.source is None:
            return option.id
        label: dict[str, JsonValue] = (
            {"ja": option.label.ja} if self.source.answers else dict(option.label.root.items())
        )
        answer: dict[str, JsonValue] = {"id": option.id, "label": label}
        values: dict[str, JsonValue] = dict(option.all_values)
        return answer | ({"values": values} if values else {})

    def chosen(self, value: object) -> Option | None:
        """The option of an answer as it was when it was chosen; None for what is none."""
        if isinstance(value, str):
            return next((option for option in self.written_options if option.id == value), None)
        if self.source is None or not isinstance(value, Mapping) or not value.keys() <= {"id", "label", "values"}:
            return None
        option_id, values = value.get("id"), value.get("values", {})
        if not isinstance(option_id, str) or not 0 < len(option_id) <= _MAX_ID or not isinstance(values, Mapping):
            return None
        if not all(isinstance(item, bool | int | float | str) for item in values.values()):
            return None
        try:
            label = Text.model_validate(value.get("label"))
            return option_of(option_id, Text.read_by_all(label.ja) if self.source.answers else label, values)
        except ValidationError:
            return None

    def id_of(self, value: object) -> str:
        """The id of an answer, empty for what is none."""
        option = self.chosen(value)
        return option.id if option else ""

    def whole(self, value: Any, context: ReadContext) -> Any:
        """An answer that names an option from elsewhere by its id alone, as examples do, with the rest of it."""
        if self.source is None or not isinstance(value, str):
            return value
        option = self.find(value, context)
        return value if option is None else self.answer(option)

    def option_errors(self, value: object, context: ReadContext) -> list[FieldError]:
        """The errors of one chosen option: that it is none, is not offered, or is not any more what it was."""
        chosen = self.chosen(value)
        if chosen is None:
            return [FieldError("choice")]
        source = self.source
        if source is None:
            return [FieldError("choice_not_offered")] if context.withholds(self, chosen) else []
        if source.layer is not None and context.features is None:
            return []  # nobody here can ask the map; it is asked when the application is sent
        option = self.find(chosen.id, context)
        if option is None or context.withholds(self, option):
            return [FieldError("choice_not_offered")]
        rows_unknown = source.answers is not None and context.row_options is None
        if not rows_unknown and self.answer(option) != value:
            return [FieldError("choice_changed")]
        return []

    def option_types(self) -> dict[str, CelType]:
        """What expressions see of a chosen option, beside its id."""
        if self._table is not None:
            return {"label": "string", **self._table.types}
        if self.source is not None:
            return {"label": "string", **{value.as_: value.type for value in self.source.values}}
        return (
            {"label": "string", **value_types(self.written_options, some_unpriced=True)} if self.written_options else {}
        )

    def option_values(self, option: Option) -> dict[str, object]:
        """The values of `option_types`, and the id. A price that only the office tells is like what no map layer knows."""
        unpriced: dict[str, object] = {PRICE: NOTHING_FOUND} if self.is_partly_priced else {}
        return {**unpriced, "": option.id, "label": Worded(option.label), **option.all_values}

    @property
    def is_partly_priced(self) -> bool:
        """Whether some of the written options have a price, and of others only the office tells it."""
        return {option.price is None for option in self.written_options or ()} == {True, False}

    @override
    def normalized(self, value: Any, context: ReadContext) -> Any:
        return self.whole(value, context)

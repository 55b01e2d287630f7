"""The shape shared by questions to which several options are the answer, ticked or in an order."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, ReadContext
from forms.fields.offering import OffersOptions
from forms.fields.options import Option


class SeveralOptions(OffersOptions):
    """A question whose answer is a list of options; expressions see their ids."""

    missing_code: ClassVar[str] = "choice_missing"

    @override
    def normalized(self, value: Any, context: ReadContext) -> Any:
        return [self.whole(item, context) for item in value] if isinstance(value, list) else value

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "list<string>"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": self.ids_of(value)} if isinstance(value, list) else {}

    def ids_of(self, value: JsonValue) -> list[str]:
        """The ids of the options in an answer, in its order."""
        return [option_id for item in value if (option_id := self.id_of(item))] if isinstance(value, list) else []

    def options_of(self, value: JsonValue) -> list[Option | None]:
        """The options in an answer, in its order; None for what is none."""
        return [self.chosen(item) for item in value] if isinstance(value, list) else []

"""The two places of a group: on a page of the form, and in the rows of such a group, but no deeper."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from forms.fields.base import FieldType
from forms.fields.group import GroupField
from forms.fields.simple import SimpleField

#: Rows of all rows together: what a page can hold, and a person fill in.
MAX_INNER_ROWS = 2000
_NOT_IN_INNER_ROWS = frozenset({"appointment"})


class InnerGroup(GroupField):
    """A group in each row of a group: 「それぞれの勤務先」.

    Its conditions, limits and defaults see its own row, the row around it and everything outside.
    """

    fields: list[SimpleField] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _stands_on_the_page_of_its_row(self) -> Self:
        if self.pages == "each":
            raise ValueError("くり返しの中のくり返しには、pages: each を書けません。外側のくり返しに書いてください。")
        if self.applicants is not None:
            raise ValueError("くり返しの中のくり返しには、applicants を書けません。外側のくり返しに書いてください。")
        if self.rows_from is not None:
            raise ValueError("くり返しの中のくり返しには、rows_from を書けません。外側のくり返しに書いてください。")
        return self

    @model_validator(mode="after")
    def _asks_what_its_rows_can_hold(self) -> Self:
        for field in self.fields:
            if field.is_place or field.type in _NOT_IN_INNER_ROWS:
                what = "地図の場所" if field.is_place else "予約の日時"
                raise ValueError(
                    f"くり返しの中のくり返しでは、{what}({field.id})をたずねられません。"
                    "外側のくり返しの質問にしてください。"
                )
        return self


class OuterGroup(GroupField):
    """A group on a page, whose rows may have groups of their own, once."""

    fields: list[Annotated[SimpleField | InnerGroup, Field(discriminator="type")]] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _rows_fit_on_a_page(self) -> Self:
        for inner in self.inner_groups:
            written = isinstance(self.max, int) and isinstance(inner.max, int)
            if written and self.most * inner.most > MAX_INNER_ROWS:
                raise ValueError(
                    f"「{inner.id}」の行は、全部で{self.most:,}×{inner.most:,}行になります。"
                    f"合わせて{MAX_INNER_ROWS:,}行までになるように、max を小さくしてください。"
                )
        return self


def asks_rows_on_own_pages(field: FieldType) -> bool:
    """Whether a question is a group whose rows have pages of their own."""
    return isinstance(field, OuterGroup) and field.pages == "each"

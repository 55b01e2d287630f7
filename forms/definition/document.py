"""A document that the office issues from a case."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from forms.definition.strict_model import Expression, Id, Key, StrictModel
from forms.text.localized import Text

TEMPLATES: Final[Mapping[str, str]] = {"permit": "許可書", "certificate": "証明書", "notice": "決定通知書"}
"""The templates of documents with the title that a document of each has where its rule names none."""


class DocumentRule(StrictModel):
    """A document (許可書, 証明書) made when the case reaches the state `when`.

    `text` is the sentence with which it grants, in Japanese as the document is, `answers` the questions that it shows, `valid_until` CEL that
    gives its last day. `labels` are the names of answers on paper, in Japanese (占用物件), where the question is no noun; `to_do` is what
    its holder does with it.
    """

    id: Id
    when: Id
    template: Key
    title: Text | None = None
    text: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    answers: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    labels: dict[Id, Annotated[str, Field(min_length=1, max_length=60)]] = Field(default_factory=dict, max_length=20)
    to_do: Text | None = None
    sign: bool = False
    valid_until: Expression | None = None

    @property
    def title_ja(self) -> str:
        """The title in the language of the office, in which documents are made."""
        return self.title.for_language("ja") if self.title is not None else TEMPLATES.get(self.template, self.template)

"""The shape shared by questions that are several questions in one, some of which follow from the kind that is chosen first."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.choice import ChoiceField
from forms.fields.path import joined
from forms.fields.reader import FormReader
from forms.text.messages import messages
from forms.text.ways import ways_of

KIND = "kind"


class CompositeField(FieldType):
    """A question whose answer is a mapping of the answers to its parts; `kind` is the first, and says which others are asked.

    A part that only some kinds ask has a condition, so that pages show and hide it like any conditional question. Parts stay in
    the answer only while their kind is chosen.
    """

    kinds: tuple[str, ...]

    @abstractmethod
    def parts_of(self, kind: str) -> Sequence[FieldType]:
        """The questions of a kind, in their order."""

    @property
    def kinds_offered(self) -> Sequence[str]:
        """The kinds to choose from, each once; of a single one nobody is asked."""
        return tuple(dict.fromkeys(self.kinds))

    def kind_question(self) -> FieldType:
        """The question for the kind."""
        return _kind_question(self.type, self.kinds_offered)

    @property
    def only_kind(self) -> str | None:
        """The kind, where there is but one."""
        return self.kinds_offered[0] if len(self.kinds_offered) == 1 else None

    @cached_property
    def parts(self) -> tuple[FieldType, ...]:
        """Every question that some kind asks, each once."""
        by_id: dict[str, FieldType] = {}
        if self.only_kind is None:
            by_id[KIND] = self.kind_question().model_copy(update={"required": self.required})
        asked_by = {kind: self.parts_of(kind) for kind in self.kinds_offered}
        for questions in asked_by.values():
            for question in questions:
                by_all = all(any(other.id == question.id for other in others) for others in asked_by.values())
                condition = None if by_all and self.only_kind else KIND
                by_id.setdefault(question.id, question.model_copy(update={"show_when": condition}))
        return tuple(by_id.values())

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        readings = {part.id: part.read(form.within(part.id), context) for part in self.parts}
        kind = self.only_kind or readings[KIND].value
        if not isinstance(kind, str):
            errors = tuple(error.under(KIND) for error in readings[KIND].errors)
            return Reading(None, errors) if errors else self.absent()
        parts = self.parts_of(kind)
        shown = tuple(part.id for part in parts) if self.only_kind is None else ()
        value: dict[str, JsonValue] = {KIND: kind}
        value |= {part.id: readings[part.id].value for part in parts if readings[part.id].value is not None}
        if len(value) == 1 and self.only_kind and not any(form.text(name).strip() for name in form.raw()):
            return self.absent()
        errors = tuple(error.under(part.id) for part in parts for error in readings[part.id].errors)
        return Reading(None if errors else value, errors, shown)

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, dict) or value.get(KIND) not in self.kinds_offered:
            return [FieldError("malformed")]
        parts = self.parts_of(value[KIND])
        if not value.keys() <= {KIND, *(part.id for part in parts)}:
            return [FieldError("malformed")]
        return [error.under(part.id) for part in parts for error in part.check(value.get(part.id), context)]

    @override
    def taken(self, value: Any) -> Any:
        kind = self.kind_of(value)
        if kind is None:
            return value
        own = {KIND, *(part.id for part in self.parts_of(kind))}
        return {part: answer for part, answer in value.items() if part in own}

    @override
    def missing(self) -> list[FieldError]:
        if not self.required:
            return []
        if self.only_kind is None:
            return [FieldError("choice_missing", KIND)]
        return [error.under(part.id) for part in self.parts for error in part.missing()]

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        filled: dict[str, str | list[str]] = {}
        if isinstance(value, dict) and self.only_kind is None and isinstance(value.get(KIND), str):
            filled[KIND] = str(value[KIND])
        for part, answer in self.answered(value):
            filled |= {joined(part.id, inner): text for inner, text in part.inputs(answer).items()}
        return filled

    @override
    def show(self, value: JsonValue, language: str) -> str:
        kind = self.kind_of(value)
        lines = [] if self.only_kind or kind is None else [self.kind_question().show(kind, language)]
        lines += [
            ways_of(language).labelled(part.label_in(language), text)
            for part, answer in self.answered(value)
            if (text := part.show(answer, language))
        ]
        return "\n".join(lines)

    def kind_of(self, value: object) -> str | None:
        """The kind that an answer has."""
        kind = value.get(KIND) if isinstance(value, dict) else None
        return kind if kind in self.kinds_offered else None

    def answered(self, value: object) -> Iterator[tuple[FieldType, Any]]:
        """The questions of the answer's kind that were answered, with their answers."""
        kind = self.kind_of(value)
        if kind is not None and isinstance(value, Mapping):
            for part in self.parts_of(kind):
                if value.get(part.id) is not None:
                    yield part, value[part.id]

    def part_text(self, value: object, *parts: str) -> str:
        """The answer to the first of some parts that has one, as text in Japanese."""
        texts = {part.id: part.show(answer, "ja") for part, answer in self.answered(value)}
        return next((texts[part] for part in parts if texts.get(part)), "")


@cache
def _kind_question(field_type: str, kinds: Sequence[str]) -> FieldType:
    options = [{"id": kind, "label": messages()[f"{field_type}_{kind}"]} for kind in kinds]
    return part(ChoiceField, KIND, f"part_{field_type}_kind", options=options)


def part(cls: type[FieldType], part_id: str, label: str, *, required: bool = True, **settings: Any) -> FieldType:
    """A part, with its label from `messages.yaml`."""
    kind = cls.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr] # every type is a Literal
    return cls.model_validate(
        {"id": part_id, "type": kind, "label": messages()[label], "required": required, **settings}
    )

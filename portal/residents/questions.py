"""The questions of one page as HTML: the library's own macros, given what was saved or typed and what must be mended."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import current_app
from markupsafe import Markup

from forms import Definition, Evaluation, Step, inputs_of
from forms.definition.procedure import group_fields
from forms.fields import FieldType, Problem
from forms.fields.rendering import FieldPage, FileLinks
from forms.text.localized import Text
from portal.core.text import _, current_language

Typed = Mapping[str, str | list[str]]
Errors = Mapping[str, Sequence[str]]

_ROW_TO_COME = "__n__"


@dataclass
class Questions:
    """What a page asks. `typed` holds texts by the full name of their input, `errors` sentences by path.

    `only` limits the page to some of its questions (a correction). `more_rows` are groups that just got another row.
    `carried` are questions filled in from an earlier application.
    """

    definition: Definition
    step: Step
    outcome: Evaluation
    typed: Typed
    errors: Errors = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    more_rows: frozenset[str] = frozenset()
    draw_map: Callable[[FieldType, str, str], str] | None = None
    only: frozenset[str] | None = None
    carried: frozenset[str] = frozenset()
    file_links: FileLinks | None = None

    @property
    def fields(self) -> list[FieldType]:
        """The questions of the page, whether they show or not."""
        return [one for one in self.step.fields if self.only is None or one.id in self.only]

    @property
    def visible(self) -> list[FieldType]:
        """The questions that show."""
        return [one for one in self.fields if self.outcome.shows(one.id)]

    @property
    def place(self) -> FieldType | None:
        """The question whose map fills the page beside the others: the only place of the page, if no map stands at it."""
        places = [one for one in self.fields if one.is_place]
        alone = len(places) == 1 and self.draw_map is None and self.outcome.shows(places[0].id)
        return places[0] if alone else None

    def html(self, asked: FieldType) -> Markup:
        """One question. What helps to answer the one with the map is the heading of its page and is not said again."""
        inputs = {part: text for name, text in self.typed.items() if (part := _within(name, asked.id)) is not None}
        problems = [
            Problem("said", part, text=Text.of(sentence))
            for path, sentences in self.errors.items()
            if (part := _within(path, asked.id)) is not None
            for sentence in sentences
        ]
        return self._page.render(asked.model_copy(update={"help": self._help(asked)}), asked.id, inputs, problems)

    def _help(self, asked: FieldType) -> Text | None:
        """What stands under the label: the definition's own words, and where an answer came from that nobody typed here."""
        own = None if asked is self.place else asked.help
        if asked.id not in self.carried:
            return own
        from_sign_in = _("サインインしたメールアドレスを入れました。変えるときは、書き直してください。")
        from_before = _("前の申請から入れました。変わったときは、書き直してください。")
        said = from_sign_in if asked.type == "email" else from_before
        return Text.of(f"{own.in_(current_language())} {said}" if own else said)

    @property
    def conditional(self) -> list[str]:
        """The paths of conditional questions that show now. The page posts them, so that the next answer can tell a change."""
        plain = [one.id for one in self.visible if one.show_when]
        return plain + [path for path in self._inner(self._rows) if path not in self._hidden]

    def changed(self, before: Iterable[str]) -> list[FieldType]:
        """The questions in whose frame something else shows than before."""
        was, shows = set(before), set(self.conditional)
        return [one for one in self.fields if _under(was, one.id) != _under(shows, one.id)]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What must be mended, in the order of the page: the id of the input to go to, and what to do there."""
        order = {one.id: number for number, one in enumerate(self.fields)}
        paths = sorted(self.errors, key=lambda path: order.get(_head(path), -1))
        return [
            (path if _head(path) in order else "questions", self._with_label(path, sentence))
            for path in paths
            for sentence in self.errors[path]
        ]

    def _with_label(self, path: str, sentence: str) -> str:
        asked = self.definition.fields.get(_head(path))
        if asked is None:
            return sentence
        inner = {one.id: one for one in group_fields(asked)}
        named = inner.get(path.split(".")[2] if path.count(".") >= 2 else "", asked)
        return _("{label}:{sentence}", label=named.label_in(current_language()), sentence=sentence)

    @cached_property
    def _page(self) -> FieldPage:
        return FieldPage(
            language=current_language(),
            draw_map=self.draw_map,
            hidden=self._hidden,
            more_rows=self.more_rows,
            readings=_readings(self.step),
            files=self.files,
            file_links=self.file_links,
            environment=current_app.jinja_env,
        )

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """Questions inside groups that do not show: their condition does not hold and nothing was typed into them."""
        typed = {".".join(name.split(".")[:3]) for name, text in self.typed.items() if text}
        paths = self._inner(lambda group: [*self._rows(group), _ROW_TO_COME])
        return frozenset(path for path in paths if not self.outcome.shows(path) and path not in typed)

    def _inner(self, rows: Callable[[FieldType], list[str]]) -> list[str]:
        return [
            f"{group.id}.{row}.{asked.id}"
            for group in self.visible
            for asked in group_fields(group)
            if asked.show_when
            for row in rows(group)
        ]

    def _rows(self, group: FieldType) -> list[str]:
        paths = [*self.typed, *self.outcome.visible]
        return sorted({part.split(".")[0] for path in paths if (part := _within(path, group.id))})


def saved_questions(
    definition: Definition, step: Step, outcome: Evaluation, answers: Mapping[str, Any], **more: Any
) -> Questions:
    """The questions of a page filled with saved answers."""
    return Questions(definition, step, outcome, inputs_of(definition, step.id, answers), **more)


def _head(path: str) -> str:
    return path.split(".", 1)[0]


def _within(path: str, field_id: str) -> str | None:
    """What is left of a path inside a question: `""` for the question itself, None outside it."""
    if path == field_id:
        return ""
    return path[len(field_id) + 1 :] if path.startswith(f"{field_id}.") else None


def _under(paths: set[str], field_id: str) -> set[str]:
    return {path for path in paths if _head(path) == field_id}


def _readings(step: Step) -> dict[str, str]:
    """Which question asks for the reading of which name: the first of each kind, the second of each, and so on."""
    names = [one.id for one in step.fields if one.type == "person_name"]
    kana = [one.id for one in step.fields if one.type == "person_kana"]
    return dict(zip(names, kana, strict=False))

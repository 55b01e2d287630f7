"""The questions of one page as HTML: the library's own macros, given what was saved or typed and what must be corrected."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from flask import current_app
from markupsafe import Markup

from forms import Definition, Evaluation, Step, StepReading
from forms.fields import FieldError, FieldType
from forms.fields.days_of_page import FreeSlots
from forms.fields.file_links import FileLinks
from forms.fields.group import GroupField, rows_of
from forms.fields.marks import default_mark, limits_mark
from forms.fields.offering import OffersOptions
from forms.fields.path import FieldPath, head_of, joined
from forms.fields.place_rendering import place_finder
from forms.fields.rendering import FieldPage
from forms.fields.shown import FindPlaces, ListedRow, ShownPicture, ShownPieces
from forms.fields.statement import StatementField
from forms.text.localized import Text
from forms.text.ruby import without_readings
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.text import current_language
from portal.residents.carried_sources import source_of_carried
from portal.residents.default_sources import source_of_default
from portal.residents.fault_labels import with_label
from portal.residents.form_submission import open_rows
from portal.residents.listed_rows import listed_rows, shortened
from portal.residents.name_readings import name_readings
from portal.residents.pictures import shown_pictures
from portal.residents.telephones import answering_hours, telephone_of

#: Stands behind the path of a question whose answer its condition demands; no question in a row has such an id.
_DEMANDED = "-demanded"
FOLDED_FROM = 20  # rows: with more of them finished ones stand on the page in a few words each

Typed = Mapping[str, str | list[str]]
Errors = Mapping[str, Sequence[str]]


@dataclass
class Questions:
    """What a page asks. `typed` holds texts by the full name of their input, `errors` sentences by path.

    `shown` are the conditional questions inside rows that show. `only` limits the page to some of its questions (a correction), of which the
    office named those in `requested`. `more_rows` are groups that just got another row. `carried` are questions filled in, with the source of each answer,
    `rests` what is left of limited places by question and option,
    `full_days` the offered days that have none, `pieces` the questions whose options are pieces of the map; `find_places` looks for places to choose instead
    of drawing. `rows` has what is sound in the rows of each group, by its path and the row's number on the page; `unfinished` are the paths of rows with
    something to correct, `open_rows` of those not to be folded. `takes_tables`: groups can be filled in from a table here. `row_keys` are the keys of rows
    that the page only lists, by their group; the page of one shows that `own_row` alone. `picture_page` is the view that serves the definition's pictures.
    """

    definition: Definition
    step: Step
    outcome: Evaluation
    typed: Typed
    errors: Errors = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    files: Mapping[str, Any] = field(default_factory=dict)
    more_rows: frozenset[str] = frozenset()
    draw_map: Callable[[FieldType, str, str], str] | None = None
    only: frozenset[str] | None = None
    requested: frozenset[str] = frozenset()
    carried: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    file_links: FileLinks | None = None
    rests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    full_days: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pieces: Mapping[str, ShownPieces] = field(default_factory=dict)
    free_slots: FreeSlots | None = None
    searches: Mapping[str, str] = field(default_factory=dict)
    search_url: str = ""
    find_places: FindPlaces | None = None
    rows: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()
    open_rows: frozenset[str] = frozenset()
    takes_tables: bool = False
    row_keys: Mapping[str, Sequence[int]] = field(default_factory=dict)
    own_row: str = ""
    picture_page: str = "residents.picture"

    @property
    def fields(self) -> list[FieldType]:
        """The questions of the page, whether they show or not."""
        if self.own_row:
            return [question for question in self.step.fields if question.id == head_of(self.own_row)]
        return [question for question in self.step.fields if self.only is None or question.id in self.only]

    @property
    def visible(self) -> list[FieldType]:
        """The questions that show."""
        return [question for question in self.fields if self.outcome.is_visible(question.id)]

    @property
    def place(self) -> FieldType | None:
        """The question whose map fills the page beside the others: the only place of the page, if no map stands at it."""
        places = [question for question in self.fields if question.is_place]
        alone = len(places) == 1 and self.draw_map is None and self.outcome.is_visible(places[0].id)
        return places[0] if alone else None

    def html(self, question: FieldType) -> Markup:
        """One question. What helps to answer the one with the map is the heading of its page and is not said again."""
        errors = [
            FieldError("said", part, text=Text.read_by_all(sentence))
            for path, sentences in self.errors.items()
            if (part := _within(path, question.id)) is not None
            for sentence in sentences
        ]
        with_help = question.model_copy(update={"help": self._help(question)})
        if isinstance(question, StatementField):
            with_help = question.model_copy(update={"text": self.outcome.statements.get(question.id, question.text)})
        if question.read_only:
            return self.page.render_fixed(with_help, question.id, self._fixed_text(question), errors)
        return self.page.render(with_help, question.id, self._inputs(question), errors)

    @property
    def place_finder(self) -> Markup:
        """The search of the place whose map fills the page."""
        place = self.place
        return place_finder(self.page, place, place.id, self._inputs(place)) if place and self.find_places else Markup()

    def carried_along(self, question: FieldType) -> Markup:
        """What was typed into a question that does not show now, as unseen inputs."""
        return self.page.carried(question.id, self._inputs(question))

    def _inputs(self, question: FieldType) -> dict[str, str | list[str]]:
        return {part: text for name, text in self.typed.items() if (part := _within(name, question.id)) is not None}

    def _help(self, question: FieldType) -> Text | None:
        """What stands under the label: the definition's own words, and where an answer came from that nobody typed here."""
        own = None if question is self.place else question.help
        if question.read_only or self._shows_default(question):
            origin = source_of_default(self.definition, question)
            return Text.read_by_all(f"{own.for_language(current_language())} {origin}" if own else origin)
        if question.id not in self.carried:
            return own
        origin = source_of_carried(self.carried[question.id])
        return Text.read_by_all(f"{own.for_language(current_language())} {origin}" if own else origin)

    def _shows_default(self, question: FieldType) -> bool:
        """Whether the definition has answered the question, and nobody has written anything else into it."""
        answer = self.outcome.answers.get(question.id)
        return question.id in self.outcome.defaults and self._inputs(question) == question.inputs(answer)

    def _fixed_text(self, question: FieldType) -> str:
        answer = self.outcome.answers.get(question.id)
        return "" if answer is None else question.show(answer, current_language())

    def _default_marks(self) -> list[str]:
        """Marks of what is shown of defaults, and of statements with answers in their words, which change with them."""
        shown: list[tuple[FieldType, dict[str, str | list[str]]]] = [
            (question, {"": self._fixed_text(question)} if question.read_only else self._inputs(question))
            for question in self.visible
            if question.read_only or self._shows_default(question)
        ]
        shown += [
            (question, {"": text.for_language(current_language())})
            for question in self.visible
            if (text := self.outcome.statements.get(question.id))
        ]
        return [default_mark(question.id, parts) for question, parts in shown]

    def _offer_marks(self) -> list[str]:
        """Marks of the options that show, where they follow from answers."""
        offers = self.outcome.offers
        marks = [offers.mark(question, question.id) for question in self.visible] if offers else []
        return [mark for mark in marks if mark is not None]

    @property
    def conditional(self) -> list[str]:
        """The paths of conditional questions that show now, and marks of those demanded by a condition, of defaults, and of limits of rows.

        The page posts them, so that the next answer can tell a change.
        """
        visible = {question.id for question in self.visible}
        plain = [question.id for question in self.visible if question.show_when]
        demanded = [f"{path}.{_DEMANDED}" for path in self.outcome.required if head_of(path) in visible]
        limits = [
            limits_mark(path, least, most) for path, (least, most) in self.outcome.row_limits.items() if path in visible
        ]
        return (
            plain
            + sorted(path for path in self.shown if head_of(path) in visible and self._is_here(path))
            + sorted(path for path in demanded if self._is_here(path))
            + self._default_marks()
            + self._offer_marks()
            + sorted(limits)
        )

    def changed(self, before: Iterable[str]) -> list[FieldType]:
        """The questions in whose frame something else shows than before."""
        was, shows = set(before), {*self.conditional, *self._row_marks()}
        return [question for question in self.fields if _under(was, question.id) != _under(shows, question.id)]

    def _row_marks(self) -> list[str]:
        """The marks that rows post themselves."""
        return [
            mark
            for group in self.visible
            if isinstance(group, GroupField)
            if self.own_row or group.id not in self.row_keys
            for mark in self.page.marks_in_rows(group, group.id, self._inputs(group))
            if self._is_here(mark)
        ]

    def _is_here(self, path: str) -> bool:
        """Whether a path does not lead to another row than that of the page."""
        own, at = FieldPath.parse(self.own_row), FieldPath.parse(path)
        return not self.own_row or at.row is None or at.row == own.row

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What must be corrected, in the order of the page: the id of the input to go to, and what to do there."""
        order = {question.id: number for number, question in enumerate(self.fields)}
        paths = sorted(self.errors, key=lambda path: order.get(head_of(path), -1))
        return [
            (
                path if head_of(path) in order else "step-form",
                with_label(self.definition, path, sentence, names_row=not self.own_row),
            )
            for path in paths
            for sentence in self.errors[path]
        ]

    @property
    def totals(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What stands under the rows of each group that shows totals: its id, and label and sum of each."""
        if self.own_row:
            return []
        return [
            (path, group.shown_totals(list(self.rows.get(path, {}).values()), current_language()))
            for question in self.visible
            for path, group in _groups_in(question, question.id, self.rows)
            if group.totals
        ]

    @cached_property
    def pictures(self) -> Mapping[str, ShownPicture]:
        """The pictures of the definition by their files."""
        return shown_pictures(self.definition, self.picture_page)

    @property
    def _folded(self) -> dict[str, str]:
        """The finished rows of groups with many, by path, each in a few words."""
        folded = {}
        for group in self.visible:
            rows = self.rows.get(group.id, {})
            if not isinstance(group, GroupField) or len(rows) <= FOLDED_FROM or group.id in self.row_keys:
                continue
            for number, row in rows.items():
                path = f"{group.id}.{number}"
                if path not in self.unfinished | self.open_rows:
                    folded[path] = shortened(group.show_row(row, current_language()))
        return folded

    def _listed(self) -> dict[str, list[ListedRow]]:
        """The rows that are filled in on pages of their own; none on such a page itself."""
        groups = [] if self.own_row else [group for group in self.visible if isinstance(group, GroupField)]
        return {
            group.id: listed_rows(group, self.row_keys[group.id], self.rows.get(group.id, {}), self.unfinished)
            for group in groups
            if group.id in self.row_keys
        }

    @property
    def most_rows(self) -> int:
        """How many rows the group of this page may have."""
        group = next(question for question in self.fields if isinstance(question, GroupField))
        return self.page.limits_of(group, group.id)[1]

    def options_found(self, path: str) -> dict[str, Any]:
        """The options that come up for what was typed into the question at a path, for a script. Raises NotFound for any other path."""
        question = self.definition.question_at(path)
        if not isinstance(question, OffersOptions) or head_of(path) not in {field.id for field in self.visible}:
            raise NotFound
        page = self._page_at(path)
        options = page.offers.search(question, self.searches.get(path, "")) if page.offers else ()
        return {
            "status": without_readings(page.found_message(question, path)),
            "options": [
                {"id": option.id, "label": page.text(option.label), "note": page.note_of(path, option) or ""}
                for option in options
            ],
        }

    def _page_at(self, path: str) -> FieldPage:
        """The page as the question at a path has it: in the row in which it stands."""
        page, here, rest = self.page, "", FieldPath.parse(path)
        while rest.row is not None:
            here = joined(here, rest.head)
            group = self.definition.question_at(here)
            if not isinstance(group, GroupField):
                raise NotFound
            page = page.in_row(group, here, str(rest.row))
            here, rest = f"{here}.{rest.row}", rest.in_row
        return page

    @cached_property
    def page(self) -> FieldPage:
        return FieldPage(
            language=current_language(),
            draw_map=self.draw_map,
            shown=self.shown,
            demanded=self.outcome.required,
            requested=self.requested,
            row_limits=self.outcome.row_limits,
            folded=self._folded,
            tables_from=FOLDED_FROM if self.takes_tables else None,
            listed_rows=self._listed(),
            own_row=self.own_row,
            pictures=self.pictures,
            totals=dict(self.totals),
            more_rows=self.more_rows,
            readings=name_readings(self.step),
            files=self.files,
            rests=self.rests,
            full_days=self.full_days,
            pieces=self.pieces,
            free_slots=self.free_slots,
            today=today(),
            file_links=self.file_links,
            offers=self.outcome.offers,
            sound=self.rows,
            searches=self.searches,
            search_url=self.search_url,
            find_places=self.find_places,
            phone_of=telephone_of,
            phone_hours=answering_hours(),
            finder_apart=self.place.id if self.place and not self.own_row else "",
            environment=current_app.jinja_env,
        )


def questions_read(
    definition: Definition,
    step: Step,
    outcome: Evaluation,
    reading: StepReading,
    errors: Errors = MappingProxyType({}),
    **more: Any,
) -> Questions:
    """The questions of a page as a reading has them: of what was just sent, or of what was saved."""
    rows: dict[str, dict[int, Mapping[str, Any]]] = {}
    for path, numbers in reading.rows.items():  # a group comes before those in its rows
        outer, _, inner = path.rpartition(".")
        group, _, number = outer.rpartition(".")
        row = rows.get(group, {}).get(int(number), {}) if group else reading.sound
        rows[path] = dict(zip(numbers, rows_of(row.get(inner)), strict=False))
    return Questions(
        definition,
        step,
        outcome,
        reading.raw,
        errors,
        reading.shown,
        rows=rows,
        unfinished=reading.unfinished,
        open_rows=open_rows(),
        **more,
    )


def _groups_in(
    question: FieldType, path: str, rows: Mapping[str, Mapping[int, Any]]
) -> Iterator[tuple[str, GroupField]]:
    """A group of the page and those in its rows, by their paths."""
    if isinstance(question, GroupField):
        yield path, question
        for number in rows.get(path, {}):
            for inner in question.inner_groups:
                yield from _groups_in(inner, f"{path}.{number}.{inner.id}", rows)


def _within(path: str, field_id: str) -> str | None:
    """The path seen from a question: `""` for the question itself, None for a path of another one."""
    return None if (inner := FieldPath.parse(path).within(FieldPath.parse(field_id))) is None else str(inner)


def _under(paths: set[str], field_id: str) -> set[str]:
    return {path for path in paths if head_of(path) == field_id}

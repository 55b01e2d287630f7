"""Questions as HTML: the page that the macros in `forms/templates/fields/` are given, which also runs them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup, escape

from forms.fields.base import FieldError, FieldType, StoredFile
from forms.fields.days_of_page import DaysOfPage, FreeSlots
from forms.fields.file import Files
from forms.fields.file_links import FileLinks
from forms.fields.group import GroupField
from forms.fields.marks import default_mark, limits_mark, listed
from forms.fields.offering import MAX_FOUND, OffersOptions
from forms.fields.options import Option
from forms.fields.path import FieldPath, joined
from forms.fields.shown import FindPlaces, ListedRow, ShownPicture, ShownPieces
from forms.text.addresses import show_prefecture
from forms.text.localized import Text
from forms.text.messages import message
from forms.text.ruby import ruby, without_readings
from forms.text.ways import ways_of

if TYPE_CHECKING:
    from forms.evaluation.offered import Offers, RowOffers

#: To be loaded under the prefix `fields/`.
TEMPLATES = Path(__file__).parents[1] / "templates" / "fields"

#: What pages around questions call `csrf_token`, `flash` and `main` is theirs; every other name and id of theirs has a hyphen, which the
#: id of a question cannot have.
PAGE_IDS = frozenset({"csrf_token", "flash", "main"})

Inputs = Mapping[str, str | list[str]]


def _is_near(question: OffersOptions) -> bool:
    """Whether options come up before anything is typed: those nearest to a place."""
    return question.source is not None and question.source.near is not None


@dataclass(frozen=True)
class ShownRow:
    """One row of a group with its own inputs and errors; a folded one in a few words."""

    number: str
    inputs: Inputs
    errors: Sequence[FieldError]
    folded: str | None


@dataclass(frozen=True)
class FieldPage:
    """The page on which questions are rendered.

    `draw_map(field, path, geometry_id)` gives the map of a place question, whose hidden input has the id
    `geometry_id`. `shown` are the paths of conditional questions inside rows that show (`items.0.other`). `more_rows` are
    groups to which the applicant has just asked to add a row. `demanded` are the paths of questions that must be answered by
    their condition, `requested` the questions that the office asks to be answered or corrected.
    `row_limits` are the fewest and the most rows of a group where that follows from other answers; `folded` are
    finished rows of a long list, by path, which stand there in a few words; `totals` what is shown under the rows of a group, as label
    and value. `files` are the stored files an answer may refer to.
    `rests` says by question and option what is left of limited places, `full_days` which of the days that a question offers
    have none, `pieces` has the questions whose options are drawn on a map, `free_slots` which
    appointments of a question are free; without it all are, from `today` on. `file_links` are their addresses; without them they stand there by name alone.
    Groups that may have more than `tables_from` rows can be filled in from a table. `listed_rows` are the rows of groups that are filled in
    on pages of their own; such a page shows `own_row` alone (`children.2`). `pictures` are those of the definition, by their files.
    `readings` tells which question asks for the reading of a name (`name` -> `kana`), so that typing fills it.
    `sound` has what is sound in the rows of each group, by its path and the number of the row on the page. Inside a row `row` is what
    that offers and fills in. `offers` are the options as far as the answers go, `searches` what was typed to look for some, by the path of the question,
    and `search_url` where a script looks for them.
    `find_places` looks for the places that words may mean; without it a page lets only draw and type. The search of the place asked at
    `finder_apart` stands elsewhere on the page.
    `phone_of` knows the telephone of the city (`city`) and of its departments, for notes that tell people to phone, and `phone_hours`
    says whether they answer now, or when next.
    `environment` loads `TEMPLATES` under the prefix `fields/` and escapes.
    """

    language: str = "ja"
    draw_map: Callable[[FieldType, str, str], str] | None = None
    shown: frozenset[str] = frozenset()
    more_rows: frozenset[str] = frozenset()
    demanded: frozenset[str] = frozenset()
    requested: frozenset[str] = frozenset()
    readings: Mapping[str, str] = field(default_factory=dict)
    row_limits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    folded: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    file_links: FileLinks | None = None
    rests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    full_days: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pieces: Mapping[str, ShownPieces] = field(default_factory=dict)
    tables_from: int | None = None
    listed_rows: Mapping[str, Sequence[ListedRow]] = field(default_factory=dict)
    own_row: str = ""
    pictures: Mapping[str, ShownPicture] = field(default_factory=dict)
    free_slots: FreeSlots | None = None
    today: date | None = None
    offers: "Offers | None" = None
    row: "RowOffers | None" = None
    sound: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    searches: Mapping[str, str] = field(default_factory=dict)
    search_url: str = ""
    find_places: FindPlaces | None = None
    finder_apart: str = ""
    phone_of: Callable[[str], str] | None = None
    phone_hours: str = ""
    environment: Environment = field(kw_only=True, repr=False, compare=False)

    @property
    def days(self) -> DaysOfPage:
        """The days and appointments that questions offer."""
        return DaysOfPage(self.language, self.today, self.offers, self.free_slots, self.rests, self.full_days)

    def message(self, code: str, **values: str | int) -> Markup:
        """Return the message `code` of `messages.yaml`, with readings as ruby."""
        return ruby(message(code, self.language, **values))

    def plain(self, code: str, **values: str | int) -> str:
        """Return the same message without markup, for attributes."""
        return without_readings(message(code, self.language, **values))

    def text(self, text: Text) -> Markup:
        """A text of the definition, with readings as ruby."""
        return ruby(text.for_language(self.language))

    def lines(self, text: Text) -> Markup:
        """A text of the definition whose line breaks stay."""
        return Markup("<br>").join(ruby(line) for line in text.for_language(self.language).splitlines())

    def with_example(
        self, question: FieldType, codes: Sequence[str], values: Mapping[str, str | int]
    ) -> tuple[Sequence[str], Mapping[str, str | int]]:
        """The hints under a question's label with its example before them, where it has one."""
        example: Text | None = getattr(question, "example", None)
        if example is None:
            return codes, values
        return ("hint_example", *codes), {**values, "example": example.for_language(self.language)}

    def plain_text(self, text: Text) -> str:
        """A text of the definition without markup, for options of a list."""
        return without_readings(text.for_language(self.language))

    def plain_words(self, text: str) -> str:
        """Words of ours without markup, for options of a list."""
        return without_readings(text)

    def ruby(self, text: str) -> Markup:
        """Return a text with its readings as ruby."""
        return ruby(text)

    def note_of(self, path: str, option: Option) -> Markup | None:
        """What stands below an option: its price, its help, and how many places are left of it."""
        notes = [self.message("price", yen=f"{option.price:,}")] if option.price is not None else []
        notes += [self.text(option.help)] if option.help else []
        rest = self.rests.get(path, {}).get(option.id)
        return escape(ways_of(self.language).dot).join([*notes, ruby(rest)] if rest else notes) or None

    def in_list(self, path: str, option: Option) -> str:
        """An option of a drop-down list, with its price and how many places are left of it."""
        price = [self.plain("price", yen=f"{option.price:,}")] if option.price is not None else []
        rest = self.rests.get(path, {}).get(option.id)
        notes = [*price, without_readings(rest)] if rest else price
        text = self.plain_text(option.label)
        ways = ways_of(self.language)
        return text + ways.aside.format(ways.dot.join(notes)) if notes else text

    def one_after_another(self, texts: Iterable[str]) -> str:
        """Texts in a list as the reader's language writes it: PDF、JPEG, PDF and JPEG."""
        return ways_of(self.language).listed(texts)

    def listed(self, value: str | list[str] | None) -> list[str]:
        """An input's text or texts as a list."""
        return [value] if isinstance(value, str) else list(value or [])

    def map(self, question: FieldType, path: str) -> Markup:
        """The map of a place question; nothing where the page has none."""
        drawn = self.draw_map(question, path, f"{path}.geometry") if self.draw_map else ""
        return Markup(drawn)  # noqa: S704 - HTML by contract of `draw_map`

    def kana_of(self, path: str) -> str:
        """The question that asks for the reading of the name asked at `path`; empty if there is none on the page."""
        return self.readings.get(path, "")

    def options(self, question: OffersOptions) -> Sequence[Option]:
        """The options that a question shows."""
        return self.offers.shown(question) if self.offers else question.written_options

    def search_results(self, question: OffersOptions, path: str, chosen: Sequence[str]) -> list[Option]:
        """The options that were chosen, and those that come up for what was typed to look for them."""
        if self.offers is None:
            return []
        own = [option for option_id in chosen if (option := self.offers.find(question, option_id)) is not None]
        text = self.searches.get(path, "")
        ids = {option.id for option in own}
        return own + [
            o for o in (self.offers.search(question, text) if text or _is_near(question) else ()) if o.id not in ids
        ]

    def found_message(self, question: OffersOptions, path: str) -> Markup:
        """How many options came up for what was typed; nothing where nothing was."""
        text = self.searches.get(path, "")
        if self.offers is None or not text:
            return Markup("")
        count = len(self.offers.search(question, text, MAX_FOUND + 1))
        if count > MAX_FOUND:
            return self.message("option_search_more", count=MAX_FOUND)
        return self.message("option_search_count", count=count) if count else self.message("option_search_none")

    def row_name(self, group: GroupField) -> str:
        """What one row of a group is called, readings still in brackets."""
        return group.row.for_language(self.language) if group.row else message("row", self.language)

    def prefecture(self, name: str) -> str:
        """A prefecture as the reader's list has it."""
        return show_prefecture(name, self.language)

    def label(self, question: FieldType) -> Markup:
        """The label of a question."""
        return ruby(question.label_in(self.language))

    def error_messages(self, errors: Sequence[FieldError], part: str = "") -> list[Markup]:
        """Return the error messages of one part of a question."""
        return [ruby(error.message(self.language)) for error in errors if error.path == part]

    def in_row(self, group: GroupField, path: str, number: str) -> "FieldPage":
        """The page as the questions in one row of a group have it; one that is not there yet is empty."""
        if self.offers is None or self.offers.is_plain(group):
            return replace(self, row=None)
        known = self.sound.get(path, {})
        rows = list(known.values())
        if number.isdigit() and int(number) in known:
            position = list(known).index(int(number))
        else:
            rows, position = [*rows, {}], len(rows)
        row = self.offers.row(group, rows, position)
        return replace(self, row=row, offers=row.offers)

    def asked_in(self, group: GroupField) -> Sequence[FieldType]:
        """The questions of the row that this page stands in, demanded and limited as its answers say."""
        row_questions = self.row.questions if self.row else {}
        return [row_questions.get(question.id, question) for question in group.fields]

    def is_visible(self, question: FieldType, path: str) -> bool:
        """Whether a question inside a row is shown: a row that is not there yet asks what an empty one does."""
        if question.show_when is None or path in self.shown:
            return True
        return "__n__" in path and self.row is not None and question.id in self.row.questions

    def shows_default(self, question: FieldType, inputs: Inputs) -> bool:
        """Whether the definition answers a question of this row, and nobody has written anything else into it."""
        if self.row is None or question.id not in self.row.defaults:
            return False
        return question.read_only or not any(listed(texts) for texts in inputs.values())

    def filled(self, question: FieldType, inputs: Inputs) -> Inputs:
        """What stands in the inputs of a question of this row: what was typed, else its default."""
        if self.row is not None and self.shows_default(question, inputs):
            return question.inputs(self.row.defaults[question.id])
        return inputs

    def fixed_text(self, question: FieldType) -> str:
        """The answer of a question in this row that only the definition answers."""
        answer = self.row.defaults.get(question.id) if self.row else None
        return "" if answer is None else question.show(answer, self.language)

    def marks(self, question: FieldType, path: str, inputs: Inputs) -> list[str]:
        """What is posted with a question of this row, so that a change of its default, its options or its limits can be told."""
        if self.row is None:
            return []
        marks = [default_mark(path, self.filled(question, inputs))] if self.shows_default(question, inputs) else []
        if self.offers and (options := self.offers.mark(question, path)) is not None:
            marks.append(options)
        if isinstance(question, GroupField) and self.row.offers.limits_rows(question):
            marks.append(limits_mark(path, question.least, question.most))
        return marks

    def marks_in_rows(self, group: GroupField, path: str, inputs: Inputs) -> list[str]:
        """The marks of all rows of a group."""
        if self.offers is None or self.offers.is_plain(group):
            return []
        marks: list[str] = []
        for row in self.rows(group, path, inputs, ()):
            inside = self.in_row(group, path, row.number)
            for question in inside.asked_in(group):
                here, own = f"{path}.{row.number}.{question.id}", self.inputs_within(row.inputs, question.id)
                marks += inside.marks(question, here, own)
                if isinstance(question, GroupField):
                    marks += inside.marks_in_rows(question, here, own)
        return marks

    def carried(self, path: str, inputs: Inputs) -> Markup:
        """What was typed into a question that does not show now, in unseen inputs: it comes back with the question."""
        unseen = Markup('<input type="hidden" name="{}" value="{}">')
        return Markup("").join(
            unseen.format(joined(path, part), text)
            for part, texts in inputs.items()
            for text in self.listed(texts)
            if text
        )

    def inputs_within(self, inputs: Inputs, part: str) -> dict[str, str | list[str]]:
        """The inputs of the question nested as `part`."""
        paths = ((FieldPath.parse(name).within(FieldPath.parse(part)), text) for name, text in inputs.items())
        return {str(path): text for path, text in paths if path is not None}

    def errors_within(self, errors: Sequence[FieldError], part: str) -> list[FieldError]:
        """The errors of the question nested as `part`."""
        paths = ((FieldPath.parse(error.path).within(FieldPath.parse(part)), error) for error in errors)
        return [replace(error, path=str(path)) for path, error in paths if path is not None]

    def limits_of(self, group: GroupField, path: str) -> tuple[int, int]:
        """The fewest and the most rows of a group."""
        return self.row_limits.get(path, (group.least, group.most))

    def rows(self, group: GroupField, path: str, inputs: Inputs, errors: Sequence[FieldError]) -> list[ShownRow]:
        """The rows to show: those that were typed, at least as many as are needed, and one more if it was asked for."""
        by_row: dict[int, dict[str, str | list[str]]] = {}
        for name, text in inputs.items():
            inner = FieldPath.parse(name)
            if inner.number is not None:
                by_row.setdefault(inner.number, {})[str(inner.rest)] = text
        errors_by_row: dict[int, list[FieldError]] = {}
        for error in errors:
            inner = FieldPath.parse(error.path)
            if inner.number is not None:
                errors_by_row.setdefault(inner.number, []).append(replace(error, path=str(inner.rest)))
        numbers = sorted(by_row)
        least, most = self.limits_of(group, path)
        count = max(len(numbers), least, 1) + (path in self.more_rows and bool(numbers))
        following = max(numbers, default=-1) + 1
        # rows that are too many have been typed all the same, and can only be taken away where they are seen
        shown = (numbers + list(range(following, following + count)))[: max(min(count, most), len(numbers), 1)]
        return [
            ShownRow(
                str(number),
                by_row.get(number, {}),
                errors_by_row.get(number, []),
                self.folded.get(f"{path}.{number}") if number not in errors_by_row else None,
            )
            for number in shown
        ]

    def takes_table(self, group: GroupField) -> bool:
        """Whether a group can be filled in from a table."""
        return self.tables_from is not None and group.most > self.tables_from

    def new_row(self) -> ShownRow:
        """An empty row, whose number a script puts in place of `__n__`, the number of its own group alone."""
        return ShownRow("__n__", {}, [], None)

    def size(self, size: int) -> str:
        """A size in bytes as people read it: 340 KB, 1.2 MB."""
        value, unit = (size / 1000, "KB") if size < 1_000_000 else (size / 1_000_000, "MB")
        return f"{max(value, 0.1):.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"

    def stored(self, inputs: Inputs) -> list[StoredFile]:
        """The stored files that an answer refers to."""
        return [self.files[file_id] for file_id in self.listed(inputs.get("files")) if file_id in self.files]

    def note(self, file: StoredFile) -> Markup:
        """What is to be said of a stored file beside it; nothing of most."""
        return ruby(self.file_links.notes.get(str(file["id"]), "")) if self.file_links else Markup("")

    def progress(self, question: Files, inputs: Inputs) -> Markup:
        """How many files a question has, and how many more it needs or takes."""
        return ruby(question.progress(len(self.stored(inputs))).message(self.language))

    def file_list(self, question: Files, path: str, inputs: Inputs) -> Markup:
        """The files of a question by themselves, to take the place of those that a page shows."""
        macros: Any = self.environment.get_template("fields/_files.html").module
        return Markup(macros.listed(question, path, inputs, self))  # noqa: S704 - macros escape

    def render_fixed(self, question: FieldType, path: str, text: str, errors: Sequence[FieldError]) -> Markup:
        """One question that only the definition answers, with its answer as `text`."""
        macros: Any = self.environment.get_template("fields/_question.html").module
        return Markup(macros.fixed(question, path, text, errors, self))  # noqa: S704 - macros escape

    def render(self, question: FieldType, path: str, inputs: Inputs, errors: Sequence[FieldError]) -> Markup:
        """One question as HTML. `inputs` are by part (`FieldType.inputs`, `FormReader.raw`), `errors` its own."""
        question = question.demanded() if path in self.demanded else question
        macros: Any = self.environment.get_template(f"fields/{question.type}.html").module
        return Markup(macros.field(question, path, inputs, errors, self.language, self))  # noqa: S704 - macros escape

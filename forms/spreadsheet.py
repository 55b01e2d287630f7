"""The rows of a group as a table, as spreadsheets copy it or save it: columns by the questions' labels or ids, one line a row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from forms.fields import FieldType, GroupField
from forms.fields.choice import ChoiceField
from forms.fields.choices import ChoicesField
from forms.fields.date_range import DateRangeField
from forms.fields.parts import PartsField
from forms.fields.path import joined
from forms.fields.point import PointField
from forms.fields.reader import MAX_ROWS
from forms.fields.single import SingleInput
from forms.fields.yes_no import YesNoField
from forms.text.messages import message
from writing.folding import CODE, Fold

_MANY = "、"
_SAME: Fold = CODE


class UnreadableTable(ValueError):
    """A text in which no table can be seen. `code` names a text of `messages.yaml`."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Column:
    """One input of a row: `name` is its path in the row (`person.family`), `title` what a table calls it."""

    name: str
    title: str
    question: FieldType


@dataclass(frozen=True)
class TableRow:
    """One line of a table, counted from 1 with the line of titles, and its texts by the name of the column."""

    line: int
    texts: dict[str, str | list[str]]


@dataclass(frozen=True)
class ReadTable:
    """What a table says. `unknown` are titles that no question has, whose columns are left out."""

    columns: Sequence[Column]
    rows: Sequence[TableRow]
    unknown: Sequence[str] = field(default=())


def columns_of(group: GroupField, language: str = "ja") -> list[Column]:
    """The columns of a group's table. Files, and what is drawn or has parts of many kinds, stand in none and are added afterwards."""
    columns = []
    for question in group.fields:
        label = question.label_in(language)
        columns += [
            Column(joined(question.id, part), f"{label} {message(code, language)}" if code else label, question)
            for part, code in _parts_of(question)
        ]
    return columns


def left_out_of(group: GroupField) -> list[FieldType]:
    """The questions of a group that no column can hold: they are answered on the page."""
    return [question for question in group.fields if question.is_question and not list(_parts_of(question))]


def _parts_of(question: FieldType) -> Iterator[tuple[str, str]]:
    """The inputs of a question that a cell can hold, each with the text that names it."""
    match question:
        case PartsField():
            kana = "_kana" if question.type == "person_kana" else ""
            yield from ((part, f"part_{part}{kana}") for part in question.parts)
        case DateRangeField():
            yield from (("start", "part_start"), ("end", "part_end"))
        case PointField():
            yield from (("lat", "part_lat"), ("lon", "part_lon"))
        case SingleInput() | ChoicesField():
            yield ("", "")


def template(group: GroupField, language: str) -> str:
    """A table with the titles alone, to be filled in."""
    out = io.StringIO()
    csv.writer(out).writerow([column.title for column in columns_of(group, language)])
    return out.getvalue()


def read_table(group: GroupField, text: str, language: str = "ja") -> ReadTable:
    """Read a table that was pasted (tabs) or saved (commas, semicolons). Raises UnreadableTable; never anything else."""
    lines = _lines(text)
    if not lines:
        raise UnreadableTable("table_empty")
    titles = [cell.strip() for cell in lines[0][1]]
    offered = columns_of(group, language)
    by_title = {_SAME(name): column for column in offered for name in (column.title, column.name)}
    columns = [by_title.get(_SAME(title)) for title in titles]
    known = [column for column in columns if column is not None]
    if not known:
        raise UnreadableTable("table_titles", titles=_MANY.join(column.title for column in offered))
    if len(known) > len({column.name for column in known}):
        raise UnreadableTable("table_twice")
    rows = [
        TableRow(line, _texts(columns, cells, language))
        for line, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]
    if len(rows) > MAX_ROWS:
        raise UnreadableTable("rows_max", max=MAX_ROWS)
    unknown = [title for title, column in zip(titles, columns, strict=True) if column is None and title]
    return ReadTable(known, rows, unknown)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The lines of a table with their numbers, as a spreadsheet counts them."""
    text = text.lstrip("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max("\t,;", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise UnreadableTable("table_unreadable") from None
    return [(number, cells) for number, cells in enumerate(rows, start=1) if any(cell.strip() for cell in cells)]


def _texts(columns: Sequence[Column | None], cells: Sequence[str], language: str) -> dict[str, str | list[str]]:
    filled = zip(columns, cells, strict=False)
    return {
        column.name: _text(column.question, cell.strip(), language)
        for column, cell in filled
        if column and cell.strip()
    }


def _text(question: FieldType, cell: str, language: str) -> str | list[str]:
    """What the input of a question holds for a cell: the id of an option that is written with its label."""
    match question:
        case ChoicesField():
            return [
                _option(question, text.strip(), language)
                for text in cell.replace(",", _MANY).split(_MANY)
                if text.strip()
            ]
        case ChoiceField():
            return _option(question, cell, language)
        case YesNoField():
            words = {question.word(value, language): name for value, name in ((True, "yes"), (False, "no"))}
            common = {"はい": "yes", "いいえ": "no", "○": "yes", "×": "no", "1": "yes", "0": "no"}
            return {**common, **words}.get(cell, cell)
    if question.type == "consent":
        return "yes" if cell in ("はい", "○", "1", "yes") else cell
    return cell


def _option(question: ChoiceField | ChoicesField, cell: str, language: str) -> str:
    same = (
        option.id for option in question.written_options if _SAME(option.label.for_language(language)) == _SAME(cell)
    )
    return next(same, cell)

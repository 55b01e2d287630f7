"""Filling in the rows of a group from a table: checked line by line and column by column, and taken when it was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flask import redirect, render_template
from werkzeug.wrappers import Response

from forms import Step, StepReading, as_form
from forms.fields import GroupField
from forms.fields.path import FieldPath, head_of
from forms.spreadsheet import (
    Column,
    ReadTable,
    TableRow,
    UnreadableTable,
    columns_of,
    left_out_of,
    read_table,
    template,
)
from forms.text.messages import message
from forms.text.ruby import without_readings
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, NotFound
from portal.core.text import _, current_language, listed
from portal.core.web import db
from portal.residents.blueprint import bp
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.form_submission import kept_to_review
from portal.residents.forms import RowsTableForm
from writing.decoding import decode_file

_MAX_BYTES = 2_000_000


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, or in a whole line (no column)."""

    line: int
    column: str
    sentence: str


@dataclass
class Preview:
    """A table as it was read, with its faults; `reading` is the page with its rows in place."""

    table: ReadTable
    reading: StepReading
    faults: list[Fault] = field(default_factory=list)

    def sentences(self, row: TableRow, column: Column) -> list[str]:
        """What is wrong in one cell."""
        return self._by_cell.get((row.line, column.title), [])

    @cached_property
    def _by_cell(self) -> dict[tuple[int, str], list[str]]:
        by_cell: dict[tuple[int, str], list[str]] = {}
        for fault in self.faults:
            by_cell.setdefault((fault.line, fault.column), []).append(fault.sentence)
        return by_cell

    def shown(self, row: TableRow, column: Column) -> str:
        """What stands in one cell, in the words of its question."""
        text = row.texts.get(column.name, "")
        return listed(text) if isinstance(text, list) else text


@bp.get("/apply/d/<public_id>/<step_id>/rows/<key>")
@allow(PUBLIC)
def rows_table(public_id: str, step_id: str, key: str) -> str:
    """The page to paste a table into."""
    application, step, group = _open(public_id, step_id, key)
    return _page(application, step, group, RowsTableForm(formdata=None))


@bp.get("/apply/d/<public_id>/<step_id>/rows/<key>/template.csv")
@allow(PUBLIC)
def rows_template(public_id: str, step_id: str, key: str) -> Response:
    """An empty table with the right columns, as spreadsheets open it."""
    _application, _step, group = _open(public_id, step_id, key)
    content = template(group, current_language()).encode("utf-8-sig")
    headers = {"Content-Disposition": f'attachment; filename="{group.id}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


@bp.post("/apply/d/<public_id>/<step_id>/rows/<key>")
@allow(PUBLIC)
def take_rows_table(public_id: str, step_id: str, key: str) -> str | Response | tuple[str, int]:
    """Check a table and show what it says; take it when it is sent once more and nothing in it is wrong."""
    form = RowsTableForm()
    application, step, group = _open(public_id, step_id, key, lock=bool(form.take.data))
    try:
        if form.file.data:
            form.table.data = _decoded(form.file.data.read(_MAX_BYTES + 1))
        table = read_table(group, form.table.data, current_language())
    except UnreadableTable as fault:
        form.table.errors = [message(fault.code, current_language(), **fault.values)]
        return _page(application, step, group, form), 422
    preview = _preview(application, step, group, table, keep=form.keep.data == "yes")
    if form.take.data and not preview.faults:
        application.keep(step, preview.reading)
        if form.keep.data != "yes":
            application.renew_rows(group)
        return redirect(kept_to_review(f"{application.address(step)}#{group.id}"), 303)
    return _page(application, step, group, form, preview), 422 if preview.faults else 200


def _open(public_id: str, step_id: str, key: str, *, lock: bool = False) -> tuple[DraftApplication, Step, GroupField]:
    application = open_application(db(), public_id, lock=lock)
    if application.is_sent:
        raise Conflict(_("この手続きは、もう送られています。"))
    step = application.step(step_id)
    for question in step.fields:
        if question.id == key and isinstance(question, GroupField) and application.outcome.is_visible(key):
            return application, step, question
    raise NotFound


def _preview(application: DraftApplication, step: Step, group: GroupField, table: ReadTable, *, keep: bool) -> Preview:
    """Read the page with the rows of the table behind those that are kept."""
    saved = application.saved_form(step)
    own = {name for name in saved if head_of(name) == group.id}
    numbers = {row for name in own if (row := FieldPath.parse(name).row) is not None} if keep else set()
    first = max(numbers, default=-1) + 1
    texts = {name: values for name, values in saved.items() if keep or name not in own}
    texts |= as_form(
        {
            f"{group.id}.{first + position}.{name}": text
            for position, row in enumerate(table.rows)
            for name, text in row.texts.items()
        }
    )
    on_page = frozenset(application.outcome.visible)
    reading = application.read(step, texts, on_page=on_page)
    return Preview(table, reading, list(_faults(group, table, reading, first)))


def _faults(group: GroupField, table: ReadTable, reading: StepReading, first: int) -> Sequence[Fault]:
    """What is wrong in the columns that a table can have, by line; what cannot stand in a table is filled in on the page."""
    columns = columns_of(group, current_language())
    titles = {column.name: column.title for column in columns}
    heads = {column.question.id: column.title for column in reversed(columns)}
    order = {column.title: number for number, column in enumerate(columns)}
    faults = []
    for path, sentences in reading.errors.items():
        at = FieldPath.parse(path)
        if at.head != group.id:
            continue
        if at.row is None:
            faults += [Fault(1, "", sentence) for sentence in sentences]
        elif at.row >= first:
            inner = str(at.in_row)
            title = titles.get(inner) or heads.get(head_of(inner))
            if title is not None:
                faults += [Fault(table.rows[at.row - first].line, title, sentence) for sentence in sentences]
    return sorted(faults, key=lambda fault: (fault.line, order.get(fault.column, -1)))


def _decoded(content: bytes) -> str:
    """The text of a file: as spreadsheets in Japan save it, or in UTF-8. Raises UnreadableTable."""
    if len(content) > _MAX_BYTES:
        raise UnreadableTable("table_large", max=_MAX_BYTES // 1_000_000)
    text = decode_file(content)
    if text is None:
        raise UnreadableTable("table_encoding")
    return text


def _page(
    application: DraftApplication, step: Step, group: GroupField, form: RowsTableForm, preview: Preview | None = None
) -> str:
    address = f"{application.address(step)}/rows/{group.id}"
    has_rows = any(
        FieldPath.parse(name).row is not None for name in application.saved_inputs(step) if head_of(name) == group.id
    )
    return render_template(
        "residents/rows_table.html",
        application=application,
        definition=application.definition,
        step=step,
        group_title=without_readings(group.label_in(current_language())),
        form=form,
        left_out=[without_readings(inner.label_in(current_language())) for inner in left_out_of(group)],
        preview=preview,
        has_rows=has_rows,
        back=kept_to_review(application.address(step)),
        address=kept_to_review(address),
        template_address=f"{address}/template.csv",
    )

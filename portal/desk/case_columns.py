"""The columns of the table of cases: what each is called, what order its head leads to, and what stands in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.status import STATUS_WORDS
from portal.cases.case_list import CaseRow
from portal.cases.case_table import CaseCells, questions_for_columns
from portal.cases.channels import CHANNEL_WORDS
from portal.core.clock import local_date
from portal.core.text import _, yen
from portal.desk.case_filter_form import MONEY_WORDS
from portal.procedures import Offer

ANSWER = "answer."
"""Before the id of a question whose answer is a column."""


@dataclass(frozen=True)
class Column:
    """A column: `order` is the order of the list that its head leads to; `cell` is a text, a number or a day of one case."""

    key: str
    title: str
    cell: Callable[[CaseRow, CaseCells], str | int | date | None]
    order: str = ""
    numeric: bool = False
    yen: bool = False


def shown(value: str | int | date | None, column: Column) -> str:
    """A cell in words, as the page has it."""
    if value is None:
        return ""
    if column.yen and isinstance(value, int):
        return yen(value)
    return f"{value:%Y/%m/%d}" if isinstance(value, date) else str(value)


def _status(row: CaseRow, _cells: CaseCells) -> str:
    return _(STATUS_WORDS[row.status])  # type: ignore[index] # a status by the check of its column


def _applicant(row: CaseRow, _cells: CaseCells) -> str:
    name = row.applicant_name or _("匿名")
    return _("{name} ほか{count}名", name=name, count=row.co_applicants) if row.co_applicants else name


def _period(_row: CaseRow, cells: CaseCells) -> str | None:
    if cells.starts_on is None:
        return None
    last = cells.ends_on and f"{cells.ends_on:%Y/%m/%d}"
    return f"{cells.starts_on:%Y/%m/%d}〜{last or ''}"


def _fixed() -> list[Column]:
    return [
        Column("number", _("受付番号"), lambda row, _cells: row.number, "number"),
        Column("status", _("状態"), _status, "state"),
        Column("title", _("手続き"), lambda row, _cells: row.title),
        Column("applicant", _("申請した人"), _applicant),
        Column("place", _("場所"), lambda row, _cells: row.place_label or None, "place"),
        Column("due", _("期限"), lambda row, _cells: None if row.closed_at else row.due_on, "due"),
        Column("submitted", _("届いた日"), lambda row, _cells: local_date(row.submitted_at), "new"),
        Column("assignee", _("担当"), lambda row, _cells: row.assignee, "assignee"),
        Column("amount", _("料金"), lambda _row, cells: cells.amount, "money", numeric=True, yen=True),
        Column("money", _("支払い"), lambda _row, cells: _(MONEY_WORDS[cells.money]) if cells.money else None),
        Column("period", _("期間"), _period),
        Column("answer_by", _("補正の回答期限"), lambda _row, cells: cells.answer_by),
        Column("channel", _("受け付けた方法"), lambda _row, cells: _(CHANNEL_WORDS.get(cells.channel, cells.channel))),
        Column("department", _("担当の部署"), lambda _row, cells: cells.department),
        Column("closed", _("終わった日"), lambda row, _cells: row.closed_at and local_date(row.closed_at)),
    ]


USUAL = ("number", "status", "title", "applicant", "place", "due", "assignee", "amount", "money")
"""The columns of who has not chosen any."""


def offered_columns(offer: Offer | None) -> list[Column]:
    """Every column that there is, with the answers of a procedure behind the others."""
    answers = questions_for_columns(offer.definition) if offer else {}
    return [*_fixed(), *(_answer(name, question.label_in("ja")) for name, question in answers.items())]


def _answer(name: str, label: str) -> Column:
    return Column(f"{ANSWER}{name}", label, lambda _row, cells: cells.answers.get(name))


def chosen_of(offered: Sequence[Column], keys: Sequence[str] | None) -> list[Column]:
    """The offered columns of these keys, in the order in which they are offered; the number, which leads to the case, is always the first."""
    chosen = {"number", *(USUAL if keys is None else keys)}
    return [column for column in offered if column.key in chosen]


def questions_of(columns: Sequence[Column]) -> list[str]:
    """The questions whose answers are among these columns."""
    return [column.key.removeprefix(ANSWER) for column in columns if column.key.startswith(ANSWER)]


EMPTY = CaseCells("", "", None, None, None, None, None, {})
"""Of a case that went between two statements."""


def texts_of(row: CaseRow, cells: Mapping[int, CaseCells], columns: Sequence[Column]) -> list[str | int | date | None]:
    """The cells of a line, as they are."""
    beside = cells.get(row.id, EMPTY)
    return [column.cell(row, beside) for column in columns]

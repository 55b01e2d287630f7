"""What the table of cases holds beside the lines of the list, the columns that somebody chose, and every line for a file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forms import Definition
from forms.fields import FieldType
from portal.cases.answers import open_answers
from portal.cases.case_list import CaseRow, case_order, case_rows
from portal.cases.case_list_conditions import conditions, parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.case_orders import fee_amount
from portal.cases.desk_models import CaseColumns
from portal.cases.models import Case
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.identity import department_title
from portal.payments import money_state
from portal.procedures import definition_of

MOST_ROWS = 20_000
"""Lines of a file: what somebody can still read, and a request can answer."""
MOST_COLUMNS = 40
_AT_ONCE = 1000
_NO_TABLE = frozenset({"group", "statement", "file", "photo", "signature", "bank_account"})
"""Questions whose answers are no cell: rows, pictures, and accounts, which nobody needs to see side by side."""


@dataclass(frozen=True)
class CaseCells:
    """What the columns of a case beside its line say; answers in words by question. What this person does not see is None or missing."""

    department: str
    channel: str
    answer_by: date | None
    starts_on: date | None
    ends_on: date | None
    amount: int | None
    money: str | None
    answers: Mapping[str, str]


def questions_for_columns(definition: Definition) -> dict[str, FieldType]:
    """The questions whose answers can be columns, in the order of the form."""
    return {
        field_id: field
        for field_id, field in definition.fields.items()
        if field.is_question and not field.is_place and not field.sensitive and field.type not in _NO_TABLE
    }


def chosen_columns(session: Session, staff_id: int, procedure_key: str) -> list[str] | None:
    """The columns that somebody chose for a procedure, or for all; None where they chose none."""
    row = (CaseColumns.staff_id == staff_id, CaseColumns.procedure_key == procedure_key)
    return session.scalar(select(CaseColumns.columns).where(*row))


def choose_columns(session: Session, staff_id: int, procedure_key: str, columns: Sequence[str]) -> None:
    """Keep somebody's choice; an empty one has no table. Raises Invalid for none, and for more than `MOST_COLUMNS`."""
    if not columns:
        raise Invalid("列を1つ以上選んでください。")
    if len(columns) > MOST_COLUMNS:
        raise Invalid(f"列は{MOST_COLUMNS}までにしてください。")
    row = insert(CaseColumns).values(staff_id=staff_id, procedure_key=procedure_key, columns=list(columns))
    key = ["staff_id", "procedure_key"]
    session.execute(row.on_conflict_do_update(index_elements=key, set_={"columns": list(columns)}))


def cells_of(
    session: Session,
    rows: Sequence[CaseRow],
    query: CaseListQuery,
    questions: Collection[str],
    with_money: frozenset[int],
) -> dict[int, CaseCells]:
    """The cells of these lines by case, in one statement; `questions` are those whose answers are columns, `with_money` the departments
    whose money this person sees. Definitions are kept in the process.
    """
    statement = _cells(bool(questions)).where(Case.id.in_([row.id for row in rows]))
    cells: dict[int, CaseCells] = {}
    for kept in session.execute(statement):
        readable = kept.department_id in query.readable
        placed = readable or kept.department_id in query.with_places
        paid = readable or kept.department_id in with_money
        answers = _in_words(session, kept, questions) if readable and questions else {}
        cells[kept.id] = CaseCells(
            department=(kept.department or {}).get("ja", ""),
            channel=kept.channel,
            answer_by=kept.answer_by,
            starts_on=kept.starts_on if placed else None,
            ends_on=kept.ends_on if placed else None,
            amount=kept.amount if paid else None,
            money=kept.money if paid else None,
            answers=answers,
        )
    return cells


def every_row(session: Session, query: CaseListQuery) -> Iterator[list[CaseRow]]:
    """Every line of a list in its order, so many at once. Raises Invalid for more than `MOST_ROWS`."""
    shape = query.shape()
    ids = select(Case.id).where(*conditions(shape)).order_by(*case_order(shape)).limit(MOST_ROWS + 1)
    every = list(session.scalars(ids, parameters(query)))
    if len(every) > MOST_ROWS:
        raise Invalid(f"一度に書き出せるのは{MOST_ROWS:,}件までです。条件で絞ってください。")
    for first in range(0, len(every), _AT_ONCE):
        yield case_rows(session, every[first : first + _AT_ONCE], query)


def _cells(with_answers: bool) -> Select[Any]:
    has_fee = func.jsonb_array_length(Case.fee.op("->")(literal_column("'lines'"))) > literal_column("0")
    return select(
        Case.id,
        Case.department_id,
        department_title(Case.department_id).label("department"),
        Case.channel,
        Case.answer_by,
        Case.starts_on,
        Case.ends_on,
        case((has_fee, fee_amount())).label("amount"),
        money_state(Case.id).label("money"),
        Case.version_id,
        (Case.answers if with_answers else literal_column("NULL")).label("answers"),
    )


def _in_words(session: Session, kept: Any, questions: Collection[str]) -> dict[str, str]:
    fields = definition_of(session, kept.version_id).fields
    stored = {name: kept.answers[name] for name in questions if name in kept.answers and name in fields}
    opened = open_answers(city_of(session), stored)
    return {name: fields[name].show(value, "ja") for name, value in opened.items() if value is not None}

"""A list of cases as conditions on `case_file` with named parameters, so that a statement can be cached, and the values of these.

The same filter is answered on `case_place` by `case_filter` for the tiles of the map.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Float,
    Text,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from common.status import OPEN_STATUSES
from portal.cases.case_filter import (
    answer_conditions,
    due_conditions,
    ground_conditions,
    is_open_place,
    matters_of,
    period_conditions,
)
from portal.cases.case_list_query import CaseListQuery
from portal.cases.case_orders import ORDERS, mark_parameters
from portal.cases.models import Case, CasePlace
from portal.cases.search_index import parse_search
from portal.core.sealed import SearchTerms

_NUMBER_END: ColumnElement[str] = literal_column("ltrim(split_part(case_file.number, '-', 3), '0')", Text)
"""The last part of a receipt number as people say it, 16 for 立-1128-00016; by `ix_case_file_number_end`."""


def parameters(query: CaseListQuery) -> dict[str, object]:
    """The value of every bind parameter that `conditions` may name."""
    search = parse_search(query.text)
    return {
        **query.filter.parameters(),
        "text": search.text,
        "text_end": f"{search.text[:-1]}.",
        "number_day": search.number_day,
        "number_end": search.number_end,
        "number_tail": search.number_tail,
        "terms": list(search.terms),
        "line_terms": search.line_terms,
        "phone_end": [search.phone_end],
        "mail": [search.mail],
        "figure": [search.figure],
        "line_figure": [f"={search.figure}"],
        "readable": sorted(query.readable),
        **dict(zip(("west", "south", "east", "north"), query.bbox or (), strict=False)),
        **mark_parameters(query.after),
    }


def conditions(shape: CaseListQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of every query of that shape, but for the mark of its page."""
    return _filter_conditions(shape) + _matches_text(shape.text) + _matches_visible_text(shape) + _in_area(shape)


def after_mark(shape: CaseListQuery) -> ColumnElement[bool]:
    """Further down the list than the mark."""
    return ORDERS[shape.order].after()


def is_open() -> ColumnElement[bool]:
    """Not closed: the words that the partial indexes of open cases are made with."""
    return Case.closed_at.is_(None)


def in_departments() -> ColumnElement[bool]:
    """Of the departments that this person may see."""
    return Case.department_id == any_(bindparam("departments", type_=ARRAY(BigInteger)))


def _filter_conditions(shape: CaseListQuery) -> list[ColumnElement[bool]]:
    case_filter = shape.filter
    parts = [in_departments()]
    if any(case_filter.due) or (case_filter.statuses and case_filter.statuses <= set(OPEN_STATUSES)):
        parts.append(is_open())
    if case_filter.statuses and case_filter.statuses != set(OPEN_STATUSES):
        parts.append(Case.status == any_(bindparam("statuses", type_=ARRAY(Text))))
    if case_filter.procedures:
        parts.append(Case.procedure_key == any_(bindparam("procedures", type_=ARRAY(Text))))
    if case_filter.unassigned:
        parts.append(Case.assignee_id.is_(None))
    elif case_filter.assignee_id is not None:
        parts.append(Case.assignee_id == bindparam("assignee_id", type_=BigInteger))
    if case_filter.colleague_id is not None:
        parts.append(Case.assignee_id == bindparam("colleague_id", type_=BigInteger))
    if case_filter.late:
        parts.append(and_(is_open(), Case.due_on < bindparam("today", type_=Date)))
    parts += [*answer_conditions(case_filter), *matters_of(case_filter, Case.id)]
    return parts + due_conditions(case_filter, Case) + period_conditions(case_filter, Case)


def _in_area(shape: CaseListQuery) -> list[ColumnElement[bool]]:
    """A place of the case lies where the filter looks and in the map's view; of open cases by the small index of their places."""
    within = [*ground_conditions(shape.filter), *_in_box(shape)]
    if not within:
        return []
    if shape.only_open:
        within.append(is_open_place())
    return [Case.id.in_(select(CasePlace.case_id).where(*within))]


def _matches_text(kind: str) -> list[ColumnElement[bool]]:
    """Every term, by the GIN index. Figures may be the end of a receipt number or of a telephone number, or stand in the place or the
    name, which are sealed: the index has every run of digits of theirs as a term. What reads like the beginning of a receipt number
    (立-1128) may be a shortened address as well.
    """
    if kind == "number":
        return [Case.number == _TEXT]
    if kind == "beginning":
        return [_first(_number_beginning(), _terms("terms"))]
    if kind == "terms":
        return [_terms("terms")]
    if kind == "figures":
        return [_first(_number_end(), _terms("phone_end"), _terms("figure"))]
    if kind == "mailbox":
        return [_first(_terms("terms"), _terms("mail"))]
    return []


def _first(*ways: ColumnElement[bool]) -> ColumnElement[bool]:
    """One of several ways of finding a case, looked up before anything else, in their indexes: the planner takes what is seldom for
    frequent, and would read a whole city's list in its order, with the terms of each case, to find some.
    """
    matching = select(Case.id).where(or_(*ways)).correlate(None)
    return Case.id == any_(func.array(matching.scalar_subquery(), type_=ARRAY(BigInteger)))


def _matches_visible_text(shape: CaseListQuery) -> list[ColumnElement[bool]]:
    """Where somebody does not read the answers, words must stand in what they see: number, procedure and name, not the address."""
    if not shape.limited or shape.text not in {"terms", "beginning", "mailbox", "figures"}:
        return []
    if shape.text == "figures":
        seen = or_(_number_end(), _terms("line_figure"))
    else:
        seen = or_(_number_beginning(), _terms("line_terms")) if shape.text == "beginning" else _terms("line_terms")
    return [or_(Case.department_id == any_(bindparam("readable", type_=ARRAY(BigInteger))), seen)]


_TEXT = bindparam("text", type_=Text)


def _terms(parameter: str) -> ColumnElement[bool]:
    return Case.search_bigrams.contains(bindparam(parameter, type_=SearchTerms()))


def _number_end() -> ColumnElement[bool]:
    """The last part of a receipt number, whatever its leading zeros; with the part before it, where that was typed."""
    day = bindparam("number_day", type_=Text)
    end: ColumnElement[bool] = _NUMBER_END.op("=")(func.ltrim(bindparam("number_end", type_=Text), "0"))
    of_day = or_(day == "", func.split_part(Case.number, "-", 2) == day)
    return or_(and_(end, of_day), _number_tail())


def _number_tail() -> ColumnElement[bool]:
    """Receipt numbers with these last digits, three or more as people say them on the telephone, by `ix_case_file_number_tail`: from `193`
    up to `193:`, because `:` follows the digits.
    """
    backwards: ColumnElement[str] = literal_column("reverse(case_file.number)", Text)
    tail = bindparam("number_tail", type_=Text)
    return and_(backwards.op("~>=~")(tail), backwards.op("~<~")(func.concat(tail, literal_column("':'"))))


def _number_beginning() -> ColumnElement[bool]:
    """Receipt numbers that begin like that, by `ix_case_file_number_begin`: from `立-1128-` up to `立-1128.`, because `.` follows `-`.

    LIKE with a parameter would not use the index.
    """
    number = Case.number
    return and_(number.op("~>=~")(_TEXT), number.op("~<~")(bindparam("text_end", type_=Text)))


def _in_box(shape: CaseListQuery) -> list[ColumnElement[bool]]:
    if not shape.bbox:
        return []
    sides = (bindparam(side, type_=Float) for side in ("west", "south", "east", "north"))
    box = func.ST_MakeEnvelope(*sides, literal_column("4326"))
    return [CasePlace.geom.intersects(box)]

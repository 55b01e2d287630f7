"""The desk's filter on `case_file`, in two halves: conditions with named parameters, so that a statement can be kept, and their values.

The same filter is answered on `case_place` by `cases.case_filter` for the tiles of the map.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Text,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from common.status import OPEN_STATUSES
from portal.cases.case_filter import area_conditions, is_open_place, period_conditions
from portal.cases.models import NUMBER_END, Case, CasePlace
from portal.cases.search_index import parse_search
from portal.core.sealed import SearchTerms
from portal.desk.listing import Listing


def filter_shape(wanted: Listing) -> Listing:
    """A view with the same conditions and none of the values: the key under which its statement is cached."""
    marks = {"due": date.min, "new": datetime.min.replace(tzinfo=UTC)}
    return replace(
        wanted,
        filter=wanted.filter.shape(),
        view="",
        words=parse_search(wanted.words).kind,
        bbox=(0.0, 0.0, 0.0, 0.0) if wanted.bbox else None,
        after=(marks[wanted.order], 0) if wanted.after else None,
        query="",
        readable=frozenset(),
        with_places=frozenset(),
    )


def parameters(wanted: Listing) -> dict[str, object]:
    """The value of every bind parameter that `conditions` may name."""
    meant = parse_search(wanted.words)
    return {
        **wanted.filter.parameters(),
        "words": meant.text,
        "beyond_words": f"{meant.text[:-1]}.",
        "number_day": meant.number_day,
        "number_end": meant.number_end,
        "terms": list(meant.terms),
        "line_terms": meant.line_terms,
        "phone_end": [meant.phone_end],
        "mail": [meant.mail],
        "figure": [meant.figure],
        "line_figure": [f"={meant.figure}"],
        "readable": sorted(wanted.readable),
        **dict(zip(("west", "south", "east", "north"), wanted.bbox or (), strict=False)),
        **dict(zip(("after", "after_id"), wanted.after or (), strict=False)),
    }


def conditions(shape: Listing) -> list[ColumnElement[bool]]:
    """The conditions of every view of that shape, but for the mark of its page."""
    return _of_filter(shape) + _by_words(shape.words) + _by_what_is_seen(shape) + _somewhere(shape)


def after_mark(shape: Listing) -> ColumnElement[bool]:
    """Further down the list than the mark."""
    after_id = bindparam("after_id", type_=BigInteger)
    if shape.order == "due":
        return tuple_(Case.due_on, Case.id) > tuple_(bindparam("after", type_=Date), after_id)
    after = bindparam("after", type_=DateTime(timezone=True))
    return tuple_(Case.submitted_at, Case.id) < tuple_(after, after_id)


def is_open() -> ColumnElement[bool]:
    """Not closed: the words that the partial indexes of open cases are made with."""
    return Case.closed_at.is_(None)


def in_departments() -> ColumnElement[bool]:
    """Of the departments that this person may see."""
    return Case.department_id == any_(bindparam("departments", type_=ARRAY(BigInteger)))


def _of_filter(shape: Listing) -> list[ColumnElement[bool]]:
    wanted = shape.filter
    found = [in_departments()]
    if wanted.statuses and wanted.statuses <= set(OPEN_STATUSES):
        found.append(is_open())
    if wanted.statuses and wanted.statuses != set(OPEN_STATUSES):
        found.append(Case.status == any_(bindparam("statuses", type_=ARRAY(Text))))
    if wanted.procedures:
        found.append(Case.procedure_key == any_(bindparam("procedures", type_=ARRAY(Text))))
    if wanted.unassigned:
        found.append(Case.assignee_id.is_(None))
    elif wanted.assignee_id is not None:
        found.append(Case.assignee_id == bindparam("assignee_id", type_=BigInteger))
    if wanted.late:
        found.append(and_(is_open(), Case.due_on < bindparam("today", type_=Date)))
    return found + period_conditions(wanted, Case)


def _somewhere(shape: Listing) -> list[ColumnElement[bool]]:
    """A place of the case lies in the drawn area and in the map's view; of open cases by the small index of their places."""
    asked = [*area_conditions(shape.filter), *_in_box(shape)]
    if not asked:
        return []
    if shape.only_open:
        asked.append(is_open_place())
    return [Case.id.in_(select(CasePlace.case_id).where(*asked))]


def _by_words(kind: str) -> list[ColumnElement[bool]]:
    """Every term, by the GIN index. Figures may be the end of a receipt number or of a telephone number, or stand in the place or the
    name, which are sealed: the index has every run of digits of theirs as a term. What reads like the beginning of a receipt number
    (立-1128) may be a shortened address as well.
    """
    if kind == "number":
        return [Case.number == _WORDS]
    if kind == "beginning":
        return [or_(_number_beginning(), _terms("terms"))]
    if kind == "terms":
        return [_terms("terms")]
    if kind == "figures":
        return [or_(_number_end(), _terms("phone_end"), _terms("figure"))]
    if kind == "mailbox":
        return [or_(_terms("terms"), _terms("mail"))]
    return []


def _by_what_is_seen(shape: Listing) -> list[ColumnElement[bool]]:
    """Where somebody does not read the answers, words must stand in what they see: number, procedure and name, not the address."""
    if not shape.limited or shape.words not in {"terms", "beginning", "mailbox", "figures"}:
        return []
    if shape.words == "figures":
        seen = or_(_number_end(), _terms("line_figure"))
    else:
        seen = or_(_number_beginning(), _terms("line_terms")) if shape.words == "beginning" else _terms("line_terms")
    return [or_(Case.department_id == any_(bindparam("readable", type_=ARRAY(BigInteger))), seen)]


_WORDS = bindparam("words", type_=Text)


def _terms(parameter: str) -> ColumnElement[bool]:
    return Case.search_bigrams.contains(bindparam(parameter, type_=SearchTerms()))


def _number_end() -> ColumnElement[bool]:
    """The last part of a receipt number, whatever its leading zeros; with the part before it, where that was typed."""
    day = bindparam("number_day", type_=Text)
    end: ColumnElement[bool] = NUMBER_END.op("=")(func.ltrim(bindparam("number_end", type_=Text), "0"))
    return and_(end, or_(day == "", func.split_part(Case.number, "-", 2) == day))


def _number_beginning() -> ColumnElement[bool]:
    """Receipt numbers that begin like that, by `ix_case_file_number_begin`: from `立-1128-` up to `立-1128.`, because `.` follows `-`.

    LIKE with a parameter would not use the index.
    """
    number = Case.number
    return and_(number.op("~>=~")(_WORDS), number.op("~<~")(bindparam("beyond_words", type_=Text)))


def _in_box(shape: Listing) -> list[ColumnElement[bool]]:
    if not shape.bbox:
        return []
    sides = (bindparam(side, type_=Float) for side in ("west", "south", "east", "north"))
    box = func.ST_MakeEnvelope(*sides, literal_column("4326"))
    return [CasePlace.geom.intersects(box)]

"""Counted cells of tiles from kept counts (`count_models`): a few hundred rows however many cases there are."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Subquery,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from common.status import OPEN_STATUSES
from geo import CELL_LEVEL
from geo.clusters import GRID_LEVELS, position_in_tile
from geo.hexagons import FINE_LEVELS, ranges
from geo.tiles import constant
from portal.cases.case_counting import BEGINNING, LEVELS
from portal.cases.case_filter import CaseFilter, is_open_place
from portal.cases.count_models import CaseCountState, CasePlaceChange, CasePlaceCount
from portal.cases.models import CasePlace

MAX_ZOOM = LEVELS[-1] - GRID_LEVELS
"""The last zoom whose cells are kept."""
_AS_OF = func.coalesce(select(CaseCountState.late_as_of).scalar_subquery(), literal(BEGINNING, Date))
_TODAY = bindparam("today", type_=Date)


def counted_rows(shape: CaseFilter, zoom: int) -> Subquery:
    """Rows for `geo.clusters.clusters_of`, with the subset `late`, for tiles of a zoom up to `MAX_ZOOM` under a filter that is `counted`.

    Counts, the changes that are not in them, and, between midnight and the round that counts them, what has become late since; then
    alone the places themselves are read. Plan: a range of pk_case_place_count and one of ix_case_place_change_cell.
    """
    level = max(zoom + GRID_LEVELS, LEVELS[0])
    grid = zoom + GRID_LEVELS
    count, change, place = CasePlaceCount, CasePlaceChange, CasePlace
    kept = _rows(
        count, shape, level, grid, n=count.n, late=count.late, single=count.case_ids, x=count.x, y=count.y
    ).where(
        count.level == constant(level),
        count.procedure_key == any_(_procedures(shape)),
    )
    changed = _rows(
        change,
        shape,
        CELL_LEVEL,
        grid,
        n=change.n,
        late=case((change.status.in_(OPEN_STATUSES) & (change.due_on < _AS_OF), change.n), else_=constant(0)),
        single=change.n * change.case_id,
        x=change.n * func.map_compact(change.cell, 0),
        y=change.n * func.map_compact(change.cell, 1),
    )
    nothing = constant(0)
    # As of an earlier day, as a clock may have it, they are taken off.
    since = _rows(
        place,
        shape,
        CELL_LEVEL,
        grid,
        n=nothing,
        late=case((_AS_OF < _TODAY, constant(1)), else_=constant(-1)),
        single=nothing,
        x=nothing,
        y=nothing,
    ).where(
        is_open_place(),
        place.due_on >= func.least(_AS_OF, _TODAY),
        place.due_on < func.greatest(_AS_OF, _TODAY),
        cast(_AS_OF != _TODAY, Boolean),
    )
    if shape.procedures:
        changed, since = (
            rows.where(model.procedure_key == any_(_procedures(shape)))
            for rows, model in ((changed, change), (since, place))
        )
    rows = union_all(kept, changed, since).subquery("steps")
    return select(
        rows.c.cell,
        rows.c.category,
        rows.c.n,
        rows.c.late,
        rows.c.single,
        *(position_in_tile(rows, axis, zoom).label(axis) for axis in ("x", "y")),
    ).subquery("rows")


def number_in_tile(shape: CaseFilter, zoom: int) -> ScalarSelect[int]:
    """How many places have their point in the tile, for zooms of `LEVELS` under a filter that is `counted`.

    Plan: a range of pk_case_place_count, a row for each department and status, and one of ix_case_place_change_cell.
    """
    count, change = CasePlaceCount, CasePlaceChange
    kept = _rows(count, shape, zoom, zoom, n=count.n).where(
        count.level == constant(zoom), count.procedure_key == any_(_procedures(shape))
    )
    changed = _rows(change, shape, CELL_LEVEL, zoom, n=change.n)
    if shape.procedures:
        changed = changed.where(change.procedure_key == any_(_procedures(shape)))
    rows = union_all(kept, changed).subquery("steps")
    return select(func.coalesce(func.sum(rows.c.n), constant(0))).scalar_subquery()


def counted_spots(shape: CaseFilter, zoom: int) -> Select[Any] | None:
    """The same places for `geo.hexagons.hexagon_statement`; None at a zoom whose spots are not kept. Plan: the same indexes."""
    level = zoom + FINE_LEVELS
    if level not in LEVELS:
        return None
    count, change = CasePlaceCount, CasePlaceChange
    kept = _spots(count, shape, level, level).where(
        count.level == constant(level), count.procedure_key == any_(_procedures(shape))
    )
    changed = _spots(change, shape, CELL_LEVEL, level)
    if shape.procedures:
        changed = changed.where(change.procedure_key == any_(_procedures(shape)))
    rows = union_all(kept, changed).subquery("steps")
    return select(rows.c.spot, func.sum(rows.c.n).label("n")).group_by(rows.c.spot)


def _spots(model: Any, shape: CaseFilter, level: int, spot_level: int) -> Select[Any]:
    within = ranges()
    shift = constant(2 * (CELL_LEVEL - level))
    spot = model.cell.bitwise_rshift(constant(2 * (level - spot_level))).label("spot")
    first, after = (cast(end, BigInteger).bitwise_rshift(shift) for end in (within.c.first, within.c.after))
    inside = and_(model.cell >= first, model.cell < after)
    return select(spot, model.n.label("n")).select_from(model).join(within, inside).where(*_passing(model, shape))


def _passing(model: Any, shape: CaseFilter) -> list[ColumnElement[bool]]:
    """Departments and statuses of the filter, as no condition of the index: it would read the range of cells once for each of both."""
    department_id, status = model.department_id.op("+")(constant(0)), model.status.concat(literal_column("''"))
    conditions = [department_id == any_(bindparam("departments", type_=ARRAY(BigInteger)))]
    return [*conditions, status == any_(bindparam("statuses", type_=ARRAY(Text)))] if shape.statuses else conditions


def _rows(model: Any, shape: CaseFilter, level: int, grid: int, **sums: SQLColumnExpression[Any]) -> Select[Any]:
    """Rows of a model whose cells are of that level, inside the tile; places summed up as columns and rows at `CELL_LEVEL`."""
    shift = 2 * (CELL_LEVEL - level)
    first, after = (
        bindparam(name, type_=BigInteger).bitwise_rshift(constant(shift)) for name in ("first_cell", "after_cell")
    )
    return select(
        model.cell.bitwise_rshift(constant(2 * (level - grid))).label("cell"),
        model.status.label("category"),
        *(cast(value, BigInteger).label(name) for name, value in sums.items()),
    ).where(model.cell >= first, model.cell < after, *_passing(model, shape))


def _procedures(shape: CaseFilter) -> ColumnElement[Any]:
    """The procedures asked for; without any, the rows that count them all."""
    return bindparam("procedures", type_=ARRAY(Text)) if shape.procedures else literal([""], ARRAY(Text))

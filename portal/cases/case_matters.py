"""What the desk's list is filtered by besides the words of a case itself: where its money stands, whether an answer is late, by which way it
came, and whether its ground is another case's too. One meaning for the list (`Case`) and the map (`CasePlace`).
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    SQLColumnExpression,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB
from sqlalchemy.orm import aliased

from common.status import OPEN_STATUSES
from portal.cases.models import Case, CasePlace
from portal.payments import has_money

ConflictRules = str
"""What places must keep clear of, as JSON: see `conflict_rules`."""


def matter_conditions(
    case_id: SQLColumnExpression[Any],
    today: date,
    *,
    money: Collection[str],
    answer_late: bool,
    channels: Collection[str],
    conflicts: ConflictRules | None,
    open_only: bool,
) -> list[ColumnElement[bool]]:
    """The conditions on the case whose id a column holds.

    Plans: what waits for money or an answer, or came by staff, is little: `ix_charge_unsettled`, `ix_refund_unsettled`,
    `ix_case_file_answer_by`, `ix_case_file_channel`; who has paid is asked case by case on `ix_charge_case_id`. A conflict is looked for
    place by place on `ix_case_place_geom`, of the cases that pass everything else.
    """
    conditions = [has_money(case_id, money)] if money else []
    own: list[ColumnElement[bool]] = []
    if answer_late:
        own.append(Case.answer_by < bindparam("today", today, Date))
    if channels:
        own.append(Case.channel == any_(bindparam("channels", sorted(channels), ARRAY(Text))))
    if own:
        conditions += own if case_id is Case.id else [case_id.in_(select(Case.id).where(*own))]
    if conflicts is not None:
        conditions.append(_conflicting(case_id, conflicts, open_only=open_only))
    return conditions


def _conflicting(
    case_id: SQLColumnExpression[Any], conflicts: ConflictRules, *, open_only: bool
) -> ColumnElement[bool]:
    """`open_only`: the list has no other cases, whose places are then not looked at."""
    place, other = aliased(CasePlace), aliased(CasePlace)
    columns = [column("asks", Text), column("slot", Text), column("other", Text), column("states", JSONB)]
    rules = func.jsonb_to_recordset(cast(bindparam("conflict_rules", conflicts, Text), JSONB))
    rule = rules.table_valued(*columns, column("always", Text)).render_derived(name="rule", with_types=True)
    areas = and_(*(func.ST_Dimension(each.geom) == literal_column("2") for each in (place, other)))
    touch = func.ST_Touches(place.geom, other.geom)
    overlap = (
        select(place.id)
        .join(rule, and_(rule.c.asks == place.procedure_key, rule.c.slot == _slot(place)))
        .join(other, and_(other.procedure_key == rule.c.other, other.geom.ST_Intersects(place.geom)))
        .where(
            place.case_id == case_id,
            *([is_open(place)] if open_only else []),
            other.case_id != place.case_id,
            rule.c.states.op("?")(other.state),
            or_(rule.c.always == literal_column("'true'"), _days(place).overlaps(_days(other))),
            ~and_(areas, touch),  # two areas side by side share an edge, which harms nobody
        )
    )
    return overlap.exists()


def is_open(place: Any) -> ColumnElement[bool]:
    """Whether the case of a place is open. Literals, not parameters: only then does the planner use `ix_case_place_open_geom`."""
    status: ColumnElement[bool] = place.status.in_([literal_column(f"'{status}'") for status in OPEN_STATUSES])
    return status


def _slot(place: Any) -> ColumnElement[str]:
    """The path of a place without the numbers of rows."""
    return func.regexp_replace(place.field, literal_column(r"'\.\d+'"), literal_column("''"), literal_column("'g'"))


def _days(place: Any) -> ColumnElement[Any]:
    return func.daterange(place.starts_on, place.ends_on, literal_column("'[]'"), type_=DATERANGE())

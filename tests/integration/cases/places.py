"""Places of cases without the cases, for tests of what is read from their table alone."""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, MetaData, Table, func, insert, text

from portal.cases.count_models import CaseCountState, CaseDayChange, CaseDayCount, CasePlaceChange, CasePlaceCount
from portal.cases.models import CasePlace

_DEFAULTS = {
    "field": "area",
    "procedure_key": "road-occupancy",
    "department_id": 1,
    "status": "new",
    "state": "submitted",
    "due_on": date(2026, 12, 10),
    "submitted_at": datetime(2026, 11, 20, 1, tzinfo=UTC),
}


def table_of_places() -> Table:
    """The table as its model defines it, but for the reference to the cases."""
    table = CasePlace.metadata.tables["case_place"].to_metadata(MetaData())
    table.constraints -= {key for key in table.constraints if isinstance(key, ForeignKeyConstraint)}
    return table


def create_places(connection: Connection) -> None:
    """The table, with the counts of its rows and the triggers that note what changes in it."""
    from portal.core.migrate import MIGRATIONS

    table_of_places().create(connection)
    for model in (CasePlaceCount, CasePlaceChange, CaseDayCount, CaseDayChange, CaseCountState):
        model.metadata.tables[model.__tablename__].create(connection)
    sql = MIGRATIONS / "city" / "sql" / "case_place_changes.sql"
    connection.exec_driver_sql(sql.read_text(encoding="utf-8"))


def add_place(connection: Connection, case_id: int, geometry: dict[str, Any], **values: object) -> int:
    """A place of a case."""
    geom = func.ST_SetSRID(func.ST_GeomFromGeoJSON(json.dumps(geometry)), 4326)
    row = _DEFAULTS | {"case_id": case_id, "geom": geom} | values
    return int(connection.execute(insert(CasePlace).values(row).returning(CasePlace.id)).scalar_one())


def add_many(connection: Connection, number: int) -> None:
    """Points spread over the city: a tenth is new, a tenth under review, the rest decided."""
    names = ", ".join(_DEFAULTS.keys() - {"status"})
    values = ", ".join(f":{name}" for name in _DEFAULTS.keys() - {"status"})
    connection.execute(
        text(
            f"INSERT INTO case_place (case_id, status, geom, {names})"
            " SELECT n, (ARRAY['new', 'review', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'no', 'no'])[1 + n % 10],"
            " ST_SetSRID(ST_Point(139.36 + 0.1 * (n::bigint * 7919 % 10007) / 10007.0,"
            f" 35.66 + 0.1 * (n::bigint * 104729 % 10009) / 10009.0), 4326), {values}"
            " FROM generate_series(100001, 100000 + :number) n"
        ),
        {"number": number} | _DEFAULTS,
    )
    connection.exec_driver_sql("ANALYZE case_place")

"""Five hundred cases together: chosen, read once more, begun, and put on a desk by the worker, beside the same statements bare."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import text

from tests.bench.bare import run_bare, script_of
from tests.bench.client import Load
from tests.bench.ground import CITY
from tests.bench.statements import Statement, recorded

CASES = 500
_FIRST = 7_000_000
"""Numbers of bulks begin above all other values, so that recorded statements show which they are."""
_RECORDED = 20
"""Cases of the bulk whose statements are run bare: each case has the same ones."""
HEAD = f"{'together':<48}{'SQL':>5} |{'ms':>9}{'bare ms':>9}{'ratio':>7}"


def lines() -> Iterator[str]:
    """A line for each step, and one for what a case of it takes the worker."""
    from portal.cases import bulk, bulk_runs
    from portal.core.database import city_session, owner_engine, schema_of
    from portal.identity import read_staff

    with owner_engine().begin() as connection:
        sequence = f"{schema_of(CITY)}.bulk_action"
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:it, 'id'), :n)"), {"it": sequence, "n": _FIRST})
    with city_session(CITY) as session:
        staff_id = session.scalars(text("SELECT id FROM staff WHERE email LIKE 'tanaka@%'")).one()
        staff = read_staff(session, staff_id)
        cases = session.scalars(
            text(
                "SELECT id FROM case_file WHERE closed_at IS NULL AND assignee_id IS DISTINCT FROM :me"
                " ORDER BY due_on, id LIMIT :n"
            ),
            {"me": staff_id, "n": CASES + _RECORDED},
        ).all()
    assert staff is not None
    proposal = bulk.Proposal("assign", assignee=staff_id)

    def chosen(session: Any, which: list[int]) -> int:
        return bulk.choose_ticked(session, which, staff).id

    def looked_at(session: Any, bulk_id: int) -> None:
        bulk.outlook(session, bulk.bulk_of(session, bulk_id, staff), proposal, staff)

    most, few = list(cases[:CASES]), list(cases[CASES:])
    bulk_id, sent, took = _step(lambda session: chosen(session, most))
    yield _line(f"Bulk: {CASES} cases chosen", sent, took, _bare(sent, {bulk_id: ":bulk_action0_id"}))
    _nothing, sent, took = _step(lambda session: looked_at(session, bulk_id))
    yield _line(f"Bulk: what would be done with {CASES}", sent, took, _bare(sent))
    _nothing, sent, took = _step(lambda session: bulk.start(session, bulk_id, proposal, staff))
    yield _line(f"Bulk: {CASES} begun", sent, took, _bare(sent))

    begun = time.perf_counter()
    bulk_runs.run(CITY, bulk_id)
    took = (time.perf_counter() - begun) * 1000
    with city_session(CITY) as session:
        done = bulk.outcomes(session, bulk_id)
        assert done["done"] == CASES, done
        sample = chosen(session, few)
        bulk.start(session, sample, proposal, staff)
    with recorded() as sent:
        bulk_runs.run(CITY, sample)
    bare = _bare(sent) / _RECORDED
    yield _line(f"Bulk: {CASES} put on a desk, each", sent, took / CASES, bare, _RECORDED)


def _step(act: Callable[[Any], Any]) -> tuple[Any, list[Statement], float]:
    """Do something in a transaction of its own: what came of it, its statements, and how many milliseconds it took."""
    from portal.core.database import city_session

    with recorded() as sent:
        begun = time.perf_counter()
        with city_session(CITY) as session:
            result = act(session)
        took = (time.perf_counter() - begun) * 1000
    return result, sent, took


def _bare(sent: list[Statement], varied: dict[Any, str] | None = None) -> float:
    """Milliseconds of the statements alone, as one script."""
    return run_bare([script_of(sent, 0, varied or {})], Load(1, 1, 1), first=0, limited=True).quantile(0.5)


def _line(name: str, sent: list[Statement], took: float, bare: float, of: int = 1) -> str:
    return f"{name:<48}{len(sent) / of:>5.3g} |{took:>9.1f}{bare:>9.1f}{took / bare:>7.1f}"

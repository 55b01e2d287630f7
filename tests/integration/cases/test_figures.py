"""Figures are what a count of the cases says, whether the days were counted already or not, and follow a case to its new department."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.cases import drafts, figure_counting, figures
from portal.cases.events import of_case
from portal.cases.figure_models import CaseArrivalCount, DraftEndCount, FigureState
from portal.cases.figures import Figures
from portal.cases.models import Case, Draft
from portal.core.clock import TOKYO, frozen, now, today
from portal.core.events import SYSTEM, record
from portal.identity.models import Department
from tests.kit.answers import damage
from tests.kit.city import bare_case, begin

KEY = "road-damage"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), TOKYO)


@pytest.fixture
def session(city_db: Session) -> Iterator[Session]:
    """A city with one procedure and no case."""
    from tests.kit.catalogue import shipped_source
    from tests.kit.city import furnish

    furnish(city_db, {KEY: shipped_source(KEY)})
    yield city_db


def case(
    session: Session, number: int, *, ago: int, channel: str = "online", took: int | None = None, due: int = 7
) -> Case:
    made = bare_case(session, KEY, f"立-0101-{number:05}")
    made.submitted_at = noon(today() - timedelta(days=ago))
    made.due_on = today() - timedelta(days=ago - due)
    if took is not None:
        made.closed_at, made.status, made.state = noon(today() - timedelta(days=ago - took)), "ok", "ok"
    record(session, of_case(made.id), "case.submitted", SYSTEM, version=1, channel=channel)
    session.flush()
    return made


def which(session: Session, *departments: int, **changes: Any) -> Figures:
    shown = frozenset(departments or session.scalars(select(Department.id)).all())
    begin, end = today() - timedelta(days=29), today()
    return replace(Figures(shown, "", begin, end, "day", figures.counted_until(session)), **changes)


def fill(session: Session) -> None:
    case(session, 1, ago=0)
    case(session, 2, ago=0, channel="counter")
    case(session, 3, ago=5, took=5)
    case(session, 4, ago=20, took=12)
    case(session, 5, ago=20, channel="opened", took=2)
    case(session, 6, ago=20)
    case(session, 7, ago=400, took=3)


def seen(session: Session) -> tuple[Any, ...]:
    question = which(session)
    arrived, closed = figures.read_arrivals(session, question), figures.read_closings(session, question)
    return arrived, closed, figures.overdue_now(session, question)


def test_what_was_counted_and_what_came_since_are_the_whole(session: Session) -> None:
    fill(session)
    live = seen(session)
    assert live[0].total == (6, 5)
    assert live[0].by_time[today()] == (2, 1)
    assert live[0].by_procedure == {KEY: (6, 5)}
    assert live[1].by_days == {5: (1, 0), 12: (1, 1), 2: (1, 0)}
    assert live[1].median == 5
    assert sum(live[2].values()) == 1
    figure_counting.count(session)
    assert session.scalar(select(FigureState.counted_until)) == today()
    assert session.scalars(select(CaseArrivalCount.day).where(CaseArrivalCount.day >= today())).all() == []
    assert seen(session) == live


def test_time_is_told_apart_by_weeks_and_months(session: Session) -> None:
    fill(session)
    figure_counting.count(session)
    for step in ("week", "month"):
        arrived = figures.read_arrivals(session, which(session, step=step))
        assert arrived.total == (6, 5)
        assert all(day.weekday() == 0 if step == "week" else day.day == 1 for day in arrived.by_time)


def test_only_the_departments_that_are_asked_for_count(session: Session) -> None:
    made = case(session, 1, ago=3)
    other = session.scalars(
        select(Department.id).where(Department.id != made.department_id).order_by(Department.id)
    ).first()
    assert other is not None
    figure_counting.count(session)
    assert figures.read_arrivals(session, which(session, other)).total == (0, 0)
    made.department_id = other
    session.flush()
    assert figures.read_arrivals(session, which(session, other)).total == (0, 0), (
        "days that are over are as of the morning"
    )
    session.execute(update(FigureState).values(counted_until=today() - timedelta(days=1)))
    figure_counting.count(session)
    assert figures.read_arrivals(session, which(session, other)).total == (1, 1)


def test_a_day_is_counted_once(session: Session) -> None:
    case(session, 1, ago=3)
    figure_counting.count(session)
    session.execute(delete(CaseArrivalCount))
    figure_counting.count(session)
    assert session.scalars(select(CaseArrivalCount.n)).all() == []


def test_what_is_late_is_remembered_day_by_day(session: Session) -> None:
    case(session, 1, ago=20)
    figure_counting.count(session)
    case(session, 2, ago=20)
    with frozen(now() + timedelta(days=1)):
        figure_counting.count(session)
        assert list(figures.overdue_before(session, which(session)).values()) == [1, 2]


def test_the_year_before_is_counted(session: Session) -> None:
    fill(session)
    figure_counting.count(session)
    year = which(session, begin=today() - timedelta(days=430), end=today() - timedelta(days=370))
    assert figures.count_arrivals(session, year) == 1


def ends(session: Session) -> dict[tuple[str, str], int]:
    return {
        (step, field): n
        for step, field, n in session.execute(select(DraftEndCount.step_id, DraftEndCount.field_id, DraftEndCount.n))
    }


def test_drafts_that_end_count_where_they_stood(session: Session) -> None:
    first = begin(session, KEY, {})
    definition = figure_counting.definition_of(session, first.version_id)
    page, question = (
        definition.steps[0].id,
        figure_counting.where_it_stood(definition, Draft(done_steps=[], answers={}))[1],
    )
    for number in range(3):
        draft = begin(session, KEY, {})
        draft.done_steps, draft.saved_at = [], draft.created_at + timedelta(minutes=number)
        if number == 2:
            draft.expires_at = now() - timedelta(minutes=1)
            session.flush()
            drafts.purge_expired(session)
        else:
            drafts.discard(session, draft)
    assert ends(session) == {(page, question): 2}, "one was opened and never written into"


def test_a_draft_that_was_filled_in_stood_at_the_last_page(session: Session) -> None:
    draft = begin(session, KEY, damage("tachikawa", "穴"))
    draft.saved_at = draft.created_at + timedelta(minutes=1)
    drafts.discard(session, draft)
    assert ends(session) == {("", ""): 1}


def test_sent_drafts_ended_well(session: Session) -> None:
    draft = begin(session, KEY, damage("tachikawa", "穴"))
    draft.case_id, draft.saved_at = 1, draft.created_at + timedelta(minutes=1)
    draft.expires_at = now() - timedelta(minutes=1)
    session.flush()
    drafts.purge_expired(session)
    assert ends(session) == {}


def test_no_figure_reads_the_whole_table_of_cases(session: Session) -> None:
    figure_counting.count(session)
    which_days = which(session)
    session.execute(
        insert(CaseArrivalCount),
        [
            {"day": today() - timedelta(days=n), "procedure_key": KEY, "department_id": 1, "channel": "online", "n": 1}
            for n in range(1, 3000)
        ],
    )
    session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
    sent: list[tuple[str, Any]] = []
    from sqlalchemy import event

    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        sent.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    figures.read_arrivals(session, which_days)
    figures.read_closings(session, which_days)
    figures.overdue_now(session, which_days)
    event.remove(connection, "before_cursor_execute", note)
    assert len(sent) == 3
    for statement, parameters in sent:
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters).scalars())
        assert "Seq Scan on case_file" not in plan, plan
        assert "Seq Scan on case_arrival_count" not in plan, plan

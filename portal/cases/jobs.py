"""Background work on cases: what has run out is cleared away each night, search terms follow their rules."""

from datetime import timedelta

from portal.cases import correction_drafts, decisions, drafts, leftovers, reindexing
from portal.core import limits
from portal.core.database import city_session
from portal.core.jobs import RETRY, app
from portal.core.tenancy import cities

_OVERDUE = timedelta(seconds=30)


@app.task(name=decisions.JOB, retry=RETRY)
def carry_out_decision(*, city: str, decision_id: int) -> None:
    """Carry out a decision whose time has come; safe to repeat."""
    with city_session(city) as session:
        decisions.carry_out(session, decision_id)


@app.periodic(cron="* * * * *")
@app.task(name="cases.carry_out_overdue", queueing_lock="cases.carry_out_overdue")
def carry_out_overdue(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Carry out decisions whose own job was lost, each in a transaction of its own."""
    for city in cities():
        with city_session(city.key) as session:
            overdue = decisions.due(session, overdue=_OVERDUE)
        for decision_id in overdue:
            with city_session(city.key) as session:
                decisions.carry_out(session, decision_id)


@app.periodic(cron="17 3 * * *")
@app.task(name="cases.clear_away")
def clear_away(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Forget drafts whose time has passed, files that were left over and counters of limits long gone, city by city."""
    for city in cities():
        with city_session(city.key) as session:
            drafts.forget_expired(session)
            correction_drafts.forget_needless(session)
            leftovers.forget_leftovers(session)
            limits.forget_old(session)


@app.periodic(cron="*/5 * * * *")
@app.task(name="cases.reindex", queueing_lock="cases.reindex")
def reindex(timestamp: int) -> None:  # noqa: ARG001
    """Write the search terms of older cases again, city by city, a transaction for each batch; without any it is one look at an index."""
    for city in cities():
        reindex_city(city.key)


def reindex_city(key: str) -> int:
    """Write the search terms of all stale cases of a city again; how many."""
    done = 0
    while True:
        with city_session(key) as session:
            batch = reindexing.reindex(session)
        done += batch
        if batch < reindexing.BATCH:
            return done

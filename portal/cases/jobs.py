"""Background work on cases: what has run out is cleared away each night."""

from portal.cases import drafts
from portal.core import limits
from portal.core.database import city_session
from portal.core.jobs import app
from portal.core.tenancy import cities


@app.periodic(cron="17 3 * * *")
@app.task(name="cases.clear_away")
def clear_away(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Forget drafts whose time has passed and counters of limits long gone, city by city."""
    for city in cities():
        with city_session(city.key) as session:
            drafts.forget_expired(session)
            limits.forget_old(session)
